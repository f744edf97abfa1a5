"""What a failing run of Node, Go or Cargo says of packages: pure reading of the output."""

import re
from dataclasses import dataclass

from selfheal.contract.packages import Tool

_PACKAGE = r"(?:@[\w.~-]+/)?[A-Za-z0-9_][\w.~-]*"
_FRAME = re.compile(rf"node_modules/(?:\.pnpm/[^/\s]+/node_modules/)?({_PACKAGE})(?=[/'\":\s)])")
_NO_MODULE = (
    re.compile(rf"Cannot find (?:module|package) '({_PACKAGE}(?:/[\w./-]+)?)'(?! or its corresponding type decl)"),
    re.compile(rf"Failed to (?:resolve|load) (?:import|url) \"?({_PACKAGE}(?:/[\w./-]+)?)\"?(?: from| \(resolved)"),
    re.compile(rf"Cannot find module '({_PACKAGE}(?:/[\w./-]+)?)' or its corresponding type declarations"),
    re.compile(rf"TS7016: Could not find a declaration file for module '({_PACKAGE})'"),
)
_WANTED_TYPES = re.compile(r"npm i --save-dev (@types/[\w.-]+)")
_WHERE = re.compile(r"(?:from|imported from|Require stack:\s*-?|in) ['\"]?([^\s'\"]+\.[cm]?[jt]sx?)")
_CRATE = re.compile(
    r"(?:use of (?:undeclared|unresolved|unlinked) (?:crate or module|module or unlinked crate|crate)|unresolved import"
    r"|can't find crate for|cannot find macro|maybe a missing crate) `(\w+)`"
)
_GATED = re.compile(r"the item is gated behind the `([\w-]+)` feature")
_GATED_CRATE = re.compile(r"(?:could not find `\w+` in|no `\w+` in) `([\w]+)(?:::\w+)*`|unresolved import `(\w+)::")
_NODE_OWN = frozenset(
    {
        *("assert", "buffer", "child_process", "cluster", "console", "crypto", "dns", "events", "fs", "http", "http2"),
        *("https", "module", "net", "os", "path", "perf_hooks", "process", "punycode", "querystring", "readline"),
        *(
            "stream",
            "string_decoder",
            "test",
            "timers",
            "tls",
            "tty",
            "url",
            "util",
            "v8",
            "vm",
            "worker_threads",
            "zlib",
        ),
    }
)
_ERROR = re.compile(
    r"^\W*((?:[A-Z]\w*)?Error(?: \[\w+\])?: .{1,280}|error(?:\[E\d+\])?: .{1,280}|npm (?:error|ERR!) .{1,200})$",
    re.MULTILINE,
)
_INTERFACE = re.compile(
    r"ERR_REQUIRE_ESM|ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_UNSUPPORTED_DIR_IMPORT|does not provide an export named"
    r"|is not a (?:function|constructor)|Named export '[^']+' not found|Cannot use import statement outside a module"
    r"|Unexpected token 'export'|is not defined by \"exports\"|Cannot destructure|has been removed|no longer supported"
)
_RUNNERS = frozenset(
    {
        *(
            "jest",
            "jest-runner",
            "jest-circus",
            "jest-runtime",
            "jest-cli",
            "vitest",
            "mocha",
            "vite-node",
            "tsx",
            "ts-node",
        ),
        *("typescript", "chai", "expect", "jest-resolve", "@jest/core", "@vitest/runner", "vite", "tinypool"),
    }
)


@dataclass(frozen=True, slots=True)
class ToolEvidence:
    """`missing` are packages that nothing provides, `features` (crate, feature) pairs; `packages` frames of a trace."""

    missing: tuple[str, ...]
    features: tuple[tuple[str, str], ...]
    packages: tuple[str, ...]
    importer: str
    message: str

    @property
    def is_about_packages(self) -> bool:
        """True where a package may be the cause."""
        return bool(self.missing or self.features or self.packages)


def read_tool_evidence(tool: Tool, output: str) -> ToolEvidence:
    """Read what went wrong."""
    message = m[1] if (m := _ERROR.search(output)) is not None else ""
    if tool == "cargo":
        crates = [n for n in _CRATE.findall(output) if n not in ("crate", "self", "super", "std", "core", "alloc")]
        gated = _GATED.findall(output)
        owners = [one or other for one, other in _GATED_CRATE.findall(output)]
        features = tuple((owner, feature) for feature in dict.fromkeys(gated) for owner in dict.fromkeys(owners))
        return ToolEvidence(tuple(dict.fromkeys(crates)), features, (), "", message)
    if tool == "go":
        return ToolEvidence((), (), (), "", message)
    wanted = list(_WANTED_TYPES.findall(output))
    found = [package_of(name) for kind in _NO_MODULE for name in kind.findall(output)]
    missing = [name for name in (*wanted, *found) if name.partition("/")[0] not in _NODE_OWN and name[:1] != "."]
    importer = m[1] if (m := _WHERE.search(output)) is not None else ""
    frames = list(dict.fromkeys(_FRAME.findall(output)))
    runners = [name for name in frames if name in _RUNNERS]
    packages = (*(name for name in frames if name not in _RUNNERS), *runners)
    return ToolEvidence(tuple(dict.fromkeys(missing)), (), packages, importer, message)


def may_be_of_tool(tool: Tool, output: str) -> bool:
    """Tell whether it is worth an environment to ask: something is missing, or a package was called in a wrong way."""
    told = read_tool_evidence(tool, output)
    if told.missing or told.features:
        return True
    return bool(told.packages) and _INTERFACE.search(output) is not None


def package_of(module: str) -> str:
    """The package that a module's name begins with."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]
