"""Find the narrowest command that shows the failure: the failing tests alone."""

from selfheal.contract.diagnosis import Diagnosis
from selfheal.shell import find_invocations, flags_of, is_single

_MOST_TESTS = 20

_TAKES_VALUE = frozenset(
    [
        "-k",
        "-m",
        "-p",
        "-c",
        "-o",
        "-W",
        "-n",
        "--numprocesses",
        "--dist",
        "--rootdir",
        "--confcutdir",
        "--ignore",
        "--ignore-glob",
        "--deselect",
        "--maxfail",
        "--durations",
        "--durations-min",
        "--junitxml",
        "--junit-xml",
        "--cov-report",
        "--cov-config",
        "--cov-context",
        "--cov-fail-under",
        "--timeout",
        "--timeout-method",
        "--log-level",
        "--log-cli-level",
        "--log-file",
        "--override-ini",
        "--import-mode",
        "--tb",
        "--basetemp",
        "--color",
        "--capture",
        "--show-capture",
        "--verbosity",
        "--config-file",
        "--pythonwarnings",
        "--reruns",
        "--count",
        "--randomly-seed",
    ]
)
_NOT_FOR_A_PART = frozenset(
    [
        "-n",
        "--numprocesses",
        "--dist",
        "--maxfail",
        "-x",
        "--exitfirst",
        "--lf",
        "--last-failed",
        "--ff",
        "--failed-first",
        "--sw",
        "--stepwise",
        "--junitxml",
        "--junit-xml",
        "--durations",
        "--durations-min",
        "--cov",
        "--cov-report",
        "--cov-config",
        "--cov-context",
        "--cov-fail-under",
        "--cov-branch",
        "--cov-append",
        "--no-cov-on-fail",
        "--deselect",
        "-k",
        "-m",
    ]
)


def narrow(command: str, diagnosis: Diagnosis) -> str | None:
    """Make the command that runs only the failing tests, or None where that can't be known for sure.

    Only for a single simple pytest call. Test ids come from a log and are hostile: they are quoted, and one that
    looks like an option is not used.
    """
    if not is_single(command):
        return None
    calls = find_invocations(command, "pytest")
    if len(calls) != 1:
        return None
    ids = dict.fromkeys(f.test_id for f in diagnosis.failures if f.tool == "pytest" and f.test_id)
    if not ids or len(ids) > _MOST_TESTS or not all(_is_safe(test_id) for test_id in ids):
        return None
    return calls[0].with_arguments(*options_for_a_part(calls[0].arguments), *ids)


def _is_safe(test_id: str) -> bool:
    return "::" in test_id and test_id[0] not in "-@" and test_id.isprintable() and len(test_id) < 500


def options_for_a_part(arguments: tuple[str, ...]) -> list[str]:
    """The options of a pytest call that keep their meaning when only some of its tests run; no paths and names."""
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            continue
        if flags := flags_of(argument):
            kept += [f"-{flags.replace('x', '')}"] if flags.strip("x") else []
            continue
        name, sign, _ = argument.partition("=")
        if not argument.startswith("--") and len(argument) > 2:
            name, sign = argument[:2], "joined"
        value = next(rest, None) if name in _TAKES_VALUE and not sign else None
        if name in _NOT_FOR_A_PART:
            continue
        kept += [argument] if value is None else [argument, value]
    return kept
