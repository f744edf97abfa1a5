"""What the failure of a goal of Maven's means, by the plugin that it belongs to."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Stage

# Whoever reads outages judges these.
_OUTAGE = re.compile(
    r"Could not transfer (?:artifact|metadata)|Connect(?:ion)? (?:to \S{1,200} )?(?:refused|timed out"
    r"|reset)|Unknown host|Name or service not"
    r"|status(?: code)?: (?:401|403|407|429|5\d\d)|Network is unreachable|Temporary failure in name"
    r"|PKIX path|Remote host terminated"
    r"|OutOfMemoryError|Java heap space|GC overhead limit|No space left on device"
)
_ARTIFACT = re.compile(
    r"(?:Could not find artifact|Failure to find|Could not find) ([\w.-]{1,200}):([\w.-]{1,200}):"
    r"|([\w.-]{1,200}):([\w.-]{1,200}):[\w.:-]{1,200} was not found in "
)


@dataclass(frozen=True, slots=True)
class GoalVerdict:
    """Category and rank of a failed goal."""

    category: Category
    stage: Stage
    reason: str


_FORMATTERS = ("spotless", "formatter", "fmt-maven", "git-code-format")
_LINTERS = (
    "checkstyle",
    "pmd",
    "spotbugs",
    "findbugs",
    "animal-sniffer",
    "license",
    "rat-",
    "detekt",
    "ktlint",
    "sortpom",
    "dependency-check",
)
_TESTERS = ("surefire", "failsafe", "jacoco", "cobertura", "cucumber")
_BUILDERS = (
    "maven-compiler",
    "kotlin-maven",
    "scala-maven",
    "javadoc",
    "maven-jar",
    "maven-war",
    "maven-shade",
    "resources",
)
_BY_PLUGIN = (
    (("maven-enforcer-plugin",), GoalVerdict(Category.LINT, Stage.LINT, "a rule of the enforcer does not hold")),
    (_FORMATTERS, GoalVerdict(Category.FORMAT, Stage.FORMAT, "a formatter would rewrite a file")),
    (_LINTERS, GoalVerdict(Category.LINT, Stage.ENDING, "a linter's goal failed")),
    (_TESTERS, GoalVerdict(Category.TEST, Stage.ENDING, "the goal that runs the tests failed")),
    (_BUILDERS, GoalVerdict(Category.BUILD, Stage.ENDING, "a goal of the build failed")),
)
_OTHER = GoalVerdict(Category.UNKNOWN, Stage.ENDING, "a goal failed; what it printed tells why")


def is_outage(text: str) -> bool:
    """True where the network, a repository or the machine is to blame, so that this parser claims nothing."""
    return _OUTAGE.search(text) is not None


def missing_artifact(text: str) -> str | None:
    """`group:artifact` of the first artifact that was not found."""
    match = _ARTIFACT.search(text)
    return f"{match.group(1) or match.group(3)}:{match.group(2) or match.group(4)}" if match is not None else None


def judge_goal(plugin: str, goal: str, message: str) -> GoalVerdict:
    """Judge by the plugin's name and its words."""
    if "No tests matching pattern" in message or "No tests were executed" in message:
        return GoalVerdict(Category.CONFIG, Stage.COLLECTION, "no test has the name that the command asks for")
    if "release version" in message or "invalid target release" in message or "invalid flag" in message:
        return GoalVerdict(Category.CONFIG, Stage.BUILD, "the JDK does not know the release that the POM asks for")
    if plugin.startswith("maven-dependency") and goal.startswith("analyze"):
        return GoalVerdict(Category.LINT, Stage.LINT, "declared and used dependencies differ")
    return next((verdict for names, verdict in _BY_PLUGIN if any(name in plugin for name in names)), _OTHER)
