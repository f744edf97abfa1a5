"""What a text below Gradle's `* What went wrong` means."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Stage
from selfheal.logs.parsers.jvm.maven_verdicts import is_outage

_MISSING = re.compile(
    r"Could not find ([\w.-]{1,200}:[\w.-]{1,200}):?[\w.+-]{0,60}\."
    r"|Could not find any version that matches ([\w.-]{1,200}:[\w.-]{1,200})"
)
_NETWORK = re.compile(
    r"Could not (?:GET|HEAD|PUT|get resource)|Read timed out|No such host|Connect(?:ion)? (?:timed out|refused|reset)"
    r"|Received status code (?:401|403|429|5\d\d)"
)
_DAEMON = (
    "daemon disappeared unexpectedly",
    "Java heap space",
    "Unable to start the daemon process",
    "Metaspace",
    "Gradle build daemon has been stopped",
)
_UNRESOLVED = re.compile(
    r"Plugin \[id: '[^']{1,200}'.{0,200}\] was not found|Could not resolve all (?:files|dependencies|artifacts)"
)
_SCRIPT = re.compile(
    r"Could not compile (?:build|settings|initialization) file|startup failed:|Script compilation errors?:"
)
_USAGE = re.compile(
    r"(?:Task|Project) '[^']{1,300}' (?:not found|is ambiguous)|Cannot locate tasks|Problem configuring task"
    r"|Unknown command-line option|Task with path|Directory '.{1,500}' does not contain a Gradle build"
)
_JDK = re.compile(
    r"Unsupported class file major version|requires at least JVM runtime version|[Ii]nvalid source release"
    r"|does not provide the required capabilities|No matching toolchains|Could not target platform"
)
_FORMAT = re.compile(r"spotless|format violations|ktlint|The following files had format")
_LINT = re.compile(r"[Cc]heckstyle|PMD|SpotBugs|detekt|[Ll]int found")


@dataclass(frozen=True, slots=True)
class GradleVerdict:
    """Category and rank, and whether a task's own output says more."""

    category: Category
    stage: Stage
    reason: str
    code: str = ""
    advice: str = ""
    is_echo: bool = False


def judge_gradle(text: str, *, has_place: bool) -> GradleVerdict | None:
    """Judge the whole text; None where an outage or the machine is to blame."""
    if is_outage(text) or _NETWORK.search(text) is not None or any(sign in text for sign in _DAEMON):
        return None
    if (missing := _MISSING.search(text)) is not None:
        return GradleVerdict(
            Category.DEPENDENCY,
            Stage.BUILD,
            "no repository of artifacts has what the build file asks for",
            missing.group(1) or missing.group(2),
            "Correct the coordinates or the version in the build file, or add the repository that has it.",
        )
    if _UNRESOLVED.search(text) is not None:
        return GradleVerdict(Category.DEPENDENCY, Stage.BUILD, "a plugin or a dependency can't be resolved")
    if _SCRIPT.search(text) is not None:
        if "nresolved reference" in text or "unable to resolve class" in text:
            return GradleVerdict(Category.BUILD, Stage.BUILD, "the build file names what does not exist")
        return GradleVerdict(Category.SYNTAX, Stage.SYNTAX, "Gradle can't compile the build file")
    if _USAGE.match(text) is not None:
        return GradleVerdict(Category.CONFIG, Stage.BUILD, "Gradle was called for something that is not there")
    if "No tests found for given includes" in text:
        return GradleVerdict(Category.CONFIG, Stage.COLLECTION, "no test has the name that the command asks for")
    if _JDK.search(text) is not None:
        return GradleVerdict(Category.CONFIG, Stage.BUILD, "the JDK and the build file do not fit together")
    if has_place or text.startswith(("A problem occurred evaluating", "A problem occurred configuring")):
        return GradleVerdict(Category.BUILD, Stage.BUILD, "the build file fails while Gradle evaluates it")
    if text.startswith("Execution failed for task"):
        return _task(text)
    return GradleVerdict(Category.BUILD, Stage.ENDING, "Gradle gave up", is_echo=True)


def _task(text: str) -> GradleVerdict:
    """What failed inside a task tells its own output; this is the echo."""
    reason = "a task failed; what it printed tells why"
    if "There were failing tests" in text or "test JVM" in text or "There were failures executing tests" in text:
        return GradleVerdict(Category.TEST, Stage.ENDING, reason, is_echo=True)
    if "Compilation failed" in text or "Compilation error" in text:
        return GradleVerdict(Category.BUILD, Stage.ENDING, reason, is_echo=True)
    if _FORMAT.search(text) is not None:
        return GradleVerdict(Category.FORMAT, Stage.FORMAT, "a formatter would rewrite a file")
    if _LINT.search(text) is not None:
        return GradleVerdict(Category.LINT, Stage.ENDING, reason, is_echo=True)
    return GradleVerdict(Category.UNKNOWN, Stage.ENDING, reason)
