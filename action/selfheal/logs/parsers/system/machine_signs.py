"""A machine that is out of space, memory or files."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight

_DISK = "Free disk space on the runner, or take a bigger one."
_MEMORY = "Give the job more memory, or run fewer workers at once."
_HEAP = "Give the program a bigger heap, or the job more memory; if it comes again, look for what grows without end."
_FILES = "Raise the limit of open files (ulimit -n) or run fewer workers at once."


def _disk(needle: str, pattern: str = "", summary: str = "no space left on the disk", advice: str = _DISK) -> Sign:
    return Sign("ENOSPC", needle, Category.INFRA, summary, advice, Weight.MACHINE, pattern)


def _memory(needle: str, pattern: str = "", *, advice: str = _MEMORY, code: str = "ENOMEM") -> Sign:
    return Sign(code, needle, Category.INFRA, "no memory left", advice, Weight.MACHINE, pattern)


def _killed(needle: str, pattern: str = "") -> Sign:
    summary = "a process was killed, most often for want of memory"
    return Sign("killed", needle, Category.INFRA, summary, _MEMORY, Weight.MACHINE, pattern)


def _files(needle: str, pattern: str = "") -> Sign:
    return Sign("EMFILE", needle, Category.INFRA, "too many open files", _FILES, Weight.GAVE_UP, pattern)


MACHINE_SIGNS: tuple[Sign, ...] = (
    _disk("No space left on device", r"(?!.{0,400}(?:[Ee]xpected|\bwant\b|assert))"),
    _disk("no space left on device", r"(?!.{0,400}(?:[Ee]xpected|\bwant\b|assert))"),
    _disk("Disk quota exceeded"),
    _disk("There is not enough space on the disk"),
    _disk(
        "System limit for number of file watchers reached",
        summary="no file watchers left",
        advice="Raise fs.inotify.max_user_watches on the runner, or don't watch files in CI.",
    ),
    Sign(
        "ENOSPC",
        "You are running out of disk space",
        Category.INFRA,
        "the runner is running out of disk space",
        _DISK,
        Weight.MENTION,
    ),
    _memory("annot allocate memory", r"(?!.{0,400}(?:[Ee]xpected|\bwant\b|assert))"),
    _memory("virtual memory exhausted"),
    _memory("JavaScript heap out of memory", advice=_HEAP, code="heap"),
    _memory("java.lang.OutOfMemoryError", advice=_HEAP, code="heap"),
    _memory("[ERROR] Java heap space", advice=_HEAP, code="heap"),
    _memory("There is insufficient memory for the Java Runtime"),
    _memory("runtime: out of memory: cannot allocate"),
    _memory("fatal error: out of memory"),
    _memory("fatal error: runtime: out of memory"),
    _memory("fatal error: runtime: cannot allocate memory"),
    _memory("out of memory allocating ", r".{0,200}out of memory allocating \d{1,20} bytes"),
    _memory("LLVM ERROR: out of memory"),
    _memory("memory allocation of ", r".{0,40}memory allocation of \d{1,30} bytes failed"),
    _memory("Resource temporarily unavailable", r".{0,200}fork: (?:retry: )?(?:Resource|.{0,40}: Resource)"),
    _killed("Killed signal terminated program", r".{0,200}Killed signal terminated program (\S{1,60})"),
    _killed("fatal error: Killed"),
    _killed("(signal: 9, SIGKILL: kill)", r".{0,8000}\(signal: 9, SIGKILL"),
    _killed("terminated with signal 9 [Killed]", r".{0,200}?(\S{1,60}) terminated with signal 9"),
    _killed("signal: killed", r"(?:.{0,300}: )?signal: killed$"),
    _killed("was terminated by another process: signal=SIGKILL"),
    _killed("Gradle build daemon disappeared unexpectedly"),
    _killed("finished with non-zero exit value 137"),
    _killed("did not complete successfully: exit code: 137"),
    _killed("OOMKilled"),
    _killed("Command was killed with SIGKILL"),
    _files("EMFILE: too many open files"),
    _files("ENFILE: file table overflow"),
    _files("Too many open files (os error 24)"),
    _files("too many open files in system"),
    _files("accept4: too many open files"),
)
