"""One diagnostic of gcc or clang: where, how bad, what, and by which option."""

import re
from dataclasses import dataclass

_KIND = r"(fatal error|error|internal compiler error|warning|note|remark)"
_UNIX = re.compile(
    r"((?:[A-Za-z]:)?[^:\s(][^:]{0,500}?)(?::| \+)(\d{1,7}):(?:(\d{1,7}):)?(?:((?:\{[\d:,-]{1,80}\}){1,8}):)? "
    rf"{_KIND}: (.*)$"
)
_MSVC = re.compile(
    rf"((?:[A-Za-z]:)?[^:\s(][^:(]{{0,500}})\((\d{{1,7}})(?:,(\d{{1,7}}))?\) ?: {_KIND}(?: (C\d{{4}}))?: (.*)$"
)
_SUFFIX = re.compile(
    r"\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|h\+\+|inl|inc|ipp|ixx|cppm|tpp|tcc|def|cu|cuh|m|mm|s|sx|y|yy|l|ll|ino|pyx|re|xs)$",
    re.IGNORECASE,
)
_OPTION = re.compile(r"(.{1,4000}?) {1,2}\[([-\w+.=/,]{2,200})\]$")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`option` is what stands in brackets at the end, as printed. `is_clang` where the layout is clang's alone."""

    file: str
    line: int
    column: int | None
    kind: str
    message: str
    option: str = ""
    code: str = ""
    is_clang: bool = False

    @property
    def is_error(self) -> bool:
        """True for what ends a compilation."""
        return self.kind.endswith("error")

    @property
    def companion(self) -> str:
        """The tool that the line itself tells; empty where gcc and clang write alike."""
        check = self.option.partition(",")[0]
        if self.code:
            return "cl"
        if check == "-Wclang-format-violations":
            return "clang-format"
        if not check or check.startswith("-"):
            return ""
        return "clang-tidy" if "-" in check else "cppcheck"


def read_diagnostic(line: str) -> Diagnostic | None:
    """Read a line in any of the layouts, if it is one about a C-like file or a header without suffix."""
    match = _UNIX.match(line)
    if match is not None:
        file, number, column, ranges, kind, text = match.groups()
        code, is_clang = "", bool(ranges) or f" +{number}:" in line
    else:
        match = _MSVC.match(line)
        if match is None:
            return None
        file, number, column, kind, code, text = match.groups()
        is_clang = code is None
    if _SUFFIX.search(file) is None and not (kind == "note" or "/include/" in file or file.startswith("/usr/")):
        return None
    message, option = text, ""
    if text.endswith("]") and (found := _OPTION.match(text)) is not None:
        message, option = found.groups()
    return Diagnostic(
        file=file,
        line=int(number),
        column=int(column) if column else None,
        kind=kind,
        message=message,
        option=option,
        code=code or "",
        is_clang=is_clang,
    )
