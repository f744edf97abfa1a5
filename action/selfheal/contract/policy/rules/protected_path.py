"""CI files, owners, hooks and other paths that no patch may touch."""

import re
from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.paths import matching_glob

# A Dockerfile is no member: a broken image build is a failure that a patch may mend.
PROTECTED = (
    ".github",
    ".gitlab",
    ".gitlab-ci.yml",
    ".gitlab-ci/",
    ".circleci",
    ".buildkite",
    ".travis.yml",
    ".drone.yml",
    ".woodpecker*",
    ".cirrus.yml",
    ".semaphore",
    ".appveyor.yml",
    "appveyor.yml",
    ".azure-pipelines",
    "azure-pipelines*.yml",
    "azure-pipelines*.yaml",
    "bitbucket-pipelines.yml",
    "Jenkinsfile*",
    "cloudbuild.yaml",
    "buildspec*.yml",
    ".teamcity",
    ".forgejo",
    ".gitea",
    "action.yml",
    "action.yaml",
    "CODEOWNERS",
    ".git",
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    ".git-blame-ignore-revs",
    ".gitconfig",
    ".husky",
    ".githooks",
    "lefthook*.yml",
    ".lefthook*.yml",
    "dependabot.yml",
    "renovate.json*",
    ".renovaterc*",
    "codecov.yml",
    ".codecov.yml",
    "sonar-project.properties",
    ".selfheal*",
    "selfheal.toml",
    "selfheal.yml",
    "selfheal.yaml",
    ".env",
    ".env.*",
    ".netrc",
    ".npmrc",
    ".pypirc",
    "pip.conf",
)
_DRIVE = re.compile(r"[A-Za-z]:")


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    globs = (*PROTECTED, *settings.protected_paths)
    for change in changed(change_set):
        if not is_plain_path(change.path):
            message = f"{change.path!r} is no plain path inside the repository: name files as git does"
        elif (glob := matching_glob(change.path, globs)) is not None:
            message = f"{change.path} is protected by {glob!r}: a person must change it"
        else:
            continue
        yield Violation(rule=RULE.id, path=change.path, line=None, message=message)


def is_plain_path(path: str) -> bool:
    """True for a relative path with forward slashes that can't leave the repository or enter `.git`."""
    parts = path.split("/")
    if "\0" in path or "\\" in path or _DRIVE.match(path):
        return False
    return not any(part in {"", ".", ".."} or part.casefold().rstrip(" .") in {".git", "git~1"} for part in parts)


RULE = Rule(
    id="protected-path",
    reason="what decides how code is built, checked and reviewed is not the patch's to change",
    check=_check,
)
