"""Programs, browsers, libraries and rights to files that the machine does not give the job."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight, missing


def _tool(
    needle: str, pattern: str, advice: str = "Install it in the job before this step, or put it on PATH."
) -> Sign:
    return missing("no-tool", needle, "a program is not installed", advice, pattern)


def _browser(needle: str, advice: str) -> Sign:
    return missing("no-browser", needle, "the browser is not installed", advice, "", Weight.CERTAIN)


def _library(needle: str, pattern: str, advice: str = "Install the library's package in the job.") -> Sign:
    return missing("no-library", needle, "a system library is missing", advice, pattern)


_TOOLS = (
    _tool("executable file not found in $PATH", r".{0,300}exec: \"([^\"]{1,200})\": executable file not found"),
    _tool(" ENOENT", r".{0,60}Error: spawn (\S{1,200}) ENOENT"),
    _tool("syscall spawn ", r"npm (?:error|ERR!) syscall spawn (\S{1,200})$"),
    _tool('Cannot run program "', r".{0,300}Cannot run program \"([^\"]{1,200})\".{0,80}error=2"),
    _tool("Unable to locate executable file: ", r".{0,60}Unable to locate executable file: (\S{1,200})\. "),
    _tool("Is `protoc` installed?", r"()"),
    _tool("Could not find `protoc` installation", r"()"),
    _tool("pg_config executable not found", r".{0,40}(pg_config) executable not found"),
    _tool("error: linker `", r"error: linker `([^`]{1,200})` not found"),
    _tool("failed to find tool ", r".{0,200}failed to find tool \"?([^\s\"]{1,100})"),
    _tool("The JAVA_HOME environment variable is not defined correctly", r"()", "Set up a JDK in the job."),
    _tool("JAVA_HOME is not set and no 'java' command", r"()", "Set up a JDK in the job."),
    _tool("cannot exec 'cc1plus'", r"()"),
    _browser(
        "browserType.launch: Executable doesn't exist", "Run `npx playwright install --with-deps` before the tests."
    ),
    _browser(
        "Could not find Chrome (ver. ", "Install the browser in the job (`npx puppeteer browsers install chrome`)."
    ),
    _browser(
        "Host system is missing dependencies to run browsers", "Run `npx playwright install-deps` before the tests."
    ),
    _browser("Cypress executable not found at", "Run `npx cypress install` before the tests."),
    Sign(
        "no-browser",
        "DevToolsActivePort file doesn't exist",
        Category.INFRA,
        "the browser does not start",
        "Run the browser headless and without its sandbox, and give the job enough shared memory.",
        Weight.CAUSE,
    ),
    missing(
        "no-browser",
        "This version of ChromeDriver only supports",
        "the browser and its driver don't fit",
        "Install the driver of the browser's version.",
    ),
    Sign(
        "no-version",
        "satisfies version spec",
        Category.CONFIG,
        "the runner has no such version",
        "Ask for a version that exists for this runner.",
        Weight.CAUSE,
        r".{0,40}Could not find .{0,100}satisfie[sd] version spec",
    ),
    Sign(
        "no-version",
        "was not found in the local cache",
        Category.CONFIG,
        "the runner has no such version",
        "Ask for a version that exists for this runner.",
        Weight.CAUSE,
        r".{0,20}The version '([^']{1,60})' with architecture '[^']{1,20}' was not found",
    ),
    Sign(
        "no-version",
        "Unable to find Node version",
        Category.CONFIG,
        "the runner has no such version of Node",
        "Ask for a version that exists for this runner.",
        Weight.CAUSE,
        r".{0,20}Unable to find Node version '([^']{1,60})'",
    ),
    Sign(
        "no-version",
        "GOTOOLCHAIN=local",
        Category.CONFIG,
        "go.mod asks for a newer Go than the runner's",
        "Set up the version of Go that go.mod asks for.",
        Weight.CAUSE,
        r"go: .{0,200}requires go >= ([\d.]{1,12}) \(running go",
    ),
)

_LIBRARIES = (
    _library(
        "error while loading shared libraries: ", r".{0,300}error while loading shared libraries: ([^\s:]{1,200})"
    ),
    _library(
        "' not found (required by ",
        r".{0,300}version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]{1,12})' not found",
        "Run on an image with a newer system, or build on one as old as the runner's.",
    ),
    _library(
        "cannot open shared object file",
        r"(?!.{0,200}loading shared libraries)(?:.{0,300}\s|)([^\s:'\"]{1,200}): cannot open shared object file",
    ),
    _library("Library not loaded: ", r"dyld(?:\[\d{1,9}\])?: Library not loaded: (\S{1,200})"),
    _library("The system library `", r".{0,60}The system library `([^`]{1,100})` required by crate"),
    _library("pkg-config command could not be found", r"()", "Install pkg-config in the job."),
    _library(
        "fatal error: Python.h: No such file",
        r".{0,300}(Python\.h)",
        "Install Python's headers (python3-dev) in the job.",
    ),
)

_DIRECTORY = r"((?:/etc|/usr|/var|/opt|/root|/sys|/proc|/run|/srv|/lib)(?:/[^\s'’\":]{0,200})?)"
_RIGHTS_OF_FILES = (
    missing(
        "permission",
        "EACCES: permission denied",
        "no permission for a system path",
        "Give the job access, or use a folder of its own.",
        rf".{{0,300}}EACCES: permission denied, \w{{1,20}} '{_DIRECTORY}'",
    ),
    missing(
        "permission",
        "permission denied",
        "no permission for a system path",
        "Give the job access, or use a folder of its own.",
        rf".{{0,300}}\b(?:open|mkdir|unlink|remove|rename|chmod|symlink|write) {_DIRECTORY}: permission denied",
    ),
    missing(
        "permission",
        "AccessDeniedException: ",
        "no permission for a system path",
        "Give the job access, or use a folder of its own.",
        rf".{{0,300}}AccessDeniedException: {_DIRECTORY}",
    ),
    missing(
        "permission",
        "Permission denied",
        "no permission for a system path",
        "Give the job access, or use a folder of its own.",
        r"(?:cp|mv|rm|ln|mkdir|touch|install|tee|chmod|chown|rmdir|tar|bash|sh|E): "
        rf".{{0,200}}[‘'\" ]{_DIRECTORY}.{{0,60}}Permission denied",
    ),
    missing(
        "permission",
        "denied while trying to connect to the Docker daemon",
        "no permission for the docker socket",
        "Add the job's user to the docker group.",
    ),
    missing(
        "permission",
        "requested operation requires superuser privilege",
        "the step needs root",
        "Run the command with sudo.",
    ),
    missing(
        "permission",
        "are you root?",
        "the step needs root",
        "Run the command with sudo.",
        r"E: (?:Unable to|Could not) (?:acquire|lock|open) .{0,200}are you root\?",
    ),
    missing("permission", "listen EACCES: permission denied", "no permission for a port", "Use a port above 1023."),
    missing(
        "permission",
        ": Read-only file system",
        "the file system is read-only",
        "Write to a folder of the job's own.",
        r".{0,300}: Read-only file system$",
    ),
)

ENVIRONMENT_SIGNS: tuple[Sign, ...] = (*_TOOLS, *_LIBRARIES, *_RIGHTS_OF_FILES)
