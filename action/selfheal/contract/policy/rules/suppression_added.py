"""Telling a checker to look away is not a fix."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import Addition, Occurrence, added, changed
from selfheal.contract.policy.reading.lines import (
    Family,
    code_only,
    comment_pieces,
    decode,
    family,
    matches,
)

_WORDS = re.compile(
    r"""(?:^|[#/*;!-]|\s(?=pylint))[ \t]{0,20}(?P<marker>
      (?:(?:ruff|flake8)[ \t]*:[ \t]*)?\bnoqa\b
    | \btype[ \t]*:[ \t]*ignore\b
    | \bpyright[ \t]*:[ \t]*(?:ignore|basic|report\w+[ \t]*=[ \t]*(?:false|none))\b
    | \bmypy[ \t]*:[ \t]*(?!strict|disallow|warn|check|enable|no-implicit)[\w-]+
    | \bty[ \t]*:[ \t]*ignore\b
    | \bpyre-(?:ignore|fixme|unsafe)\b(?:-all-errors)?
    | \bpylint[ \t]*:[ \t]*(?:disable(?:-next|-msg)?|skip-file)\b
    | \bfmt[ \t]*:[ \t]*(?:off|skip)\b
    | \byapf[ \t]*:[ \t]*disable\b
    | \bisort[ \t]*:[ \t]*(?:skip(?:_file)?|off|dont-add-import\w*)\b
    | \bruff[ \t]*:[ \t]*(?:ignore|disable|isort[ \t]*:[ \t]*skip\w*)\b
    | \bpragma[ \t]*:[ \t]*no[ \t]*(?:cover|branch|mutate)\b
    | \bnosec\b | \bnosemgrep\b | \bNOSONAR\b | \bnoinspection\b
    | \bcodespell[ \t]*:[ \t]*ignore\b
    | \beslint-disable(?:-next-line|-line)?\b | \beslint[ \t]+[\w@/-]+[ \t]*:[ \t]*(?:0|off|["']off["'])
    | @ts-(?:ignore|nocheck|expect-error)\b
    | \b(?:prettier|biome|oxlint|deno-lint|deno-fmt|stylelint|dprint)-(?:ignore|disable)(?:-\w+)*\b
    | \btslint[ \t]*:[ \t]*disable\b | \bjshint[ \t]+ignore\b
    | \b(?:istanbul|c8|v8)[ \t]+ignore\b
    | \bnolint(?:lint)?\b(?:nextline|begin)? | \bNOLINT(?:NEXTLINE|BEGIN)?\b | \blint[ \t]*:[ \t]*(?:file-)?ignore\b
    | \bclang-format[ \t]+off\b | \bcppcheck-suppress\b
    | \brubocop[ \t]*:[ \t]*(?:disable|todo)\b | :nocov:
    | \bshellcheck[ \t]+disable\b | \byamllint[ \t]+disable\b | \bhadolint[ \t]+ignore\b | \bchecksum-ignore\b
    | @phpstan-ignore(?:-\w+)* | \bphpcs[ \t]*:[ \t]*(?:ignore|disable)\b | @psalm-suppress\b | @codeCoverageIgnore\w*
    | \bswiftlint[ \t]*:[ \t]*disable\b | \bktlint-disable\b | \bCHECKSTYLE[ \t]*:[ \t]*OFF\b
    | @formatter[ \t]*:[ \t]*off\b
    | \bcredo[ \t]*:[ \t]*disable\b | \bscalastyle[ \t]*:[ \t]*off\b
    )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_FLAKE8_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_CODE_LIST = re.compile(r"[ \t]*(?:[:=\[(][ \t]*)?([\w@/.-]+(?:[ \t]{0,8},[ \t]{0,8}[\w@/.-]+)*)")
_LONGEST_LIST = 400
"""Codes are read this far, so that a line of a megabyte costs no more than it must."""
_SPACED = (
    "eslint",
    "rubocop",
    "nosec",
    "stylelint",
    "biome",
    "swiftlint",
    "lint:",
    "@phpstan",
    "@psalm",
    "deno",
    "nosonar",
)
_CODE_PATTERNS = (
    ("cast to any", re.compile(r"\bas\s{1,20}any\b|<any>|\bas\s{1,20}unknown\s{1,20}as\b")),
    ("#[allow]", re.compile(r"#!?\[\s{0,20}(?:allow|expect)\s{0,20}\(|#!?\[\s{0,20}rustfmt::skip")),
    (
        "@SuppressWarnings",
        re.compile(r"@(?:file:)?Suppress(?:Warnings|FBWarnings|Lint)?\b|\[(?:assembly:\s?)?SuppressMessage"),
    ),
    (
        "#pragma",
        re.compile(r"#\s{0,20}pragma\s{1,20}(?:warning\s{1,20}disable|(?:GCC|clang)\s{1,20}diagnostic\s{1,20}ignored)"),
    ),
)
_ANY = frozenset({"Any", "typing.Any", "typing_extensions.Any"})
_CASTS = frozenset({"cast", "typing.cast", "typing_extensions.cast"})
_NO_CHECK = frozenset({"no_type_check", "typing.no_type_check", "typing.no_type_check_decorator"})


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    if settings.allow_suppressions:
        return
    freed = _freed_blankets(change_set)
    narrowed: set[tuple[str, str, int]] = set()
    for addition in added(change_set, _find):
        marker, _, code = addition.key.partition(" ")
        place = (marker, addition.path, addition.line)
        if code and place not in narrowed and freed[marker] > 0:
            freed[marker] -= 1  # a blanket suppression that now names its codes is stricter than before
            narrowed.add(place)
        if place not in narrowed:
            yield _violation(addition)


def _freed_blankets(change_set: ChangeSet) -> Counter[str]:
    """Suppressions without a code that the patch removes, by marker."""
    balance: Counter[str] = Counter()
    for change in changed(change_set):
        for sign, content in ((1, change.before), (-1, change.after)):
            for found in _find(change.path, content or b""):
                balance[found.key] += sign
    return Counter({key: count for key, count in balance.items() if " " not in key and count > 0})


def _find(path: str, content: bytes) -> Iterator[Occurrence]:
    if python.is_python(path):
        for comment in python.comments(content):
            yield from _in_comment(comment.text, comment.line)
        yield from _in_tree(content)
        return
    text = decode(content)
    style = family(path, text)
    if style is None:
        return
    for piece in comment_pieces(text, style):
        yield from _in_comment(piece.text, piece.line)
    if style is Family.SLASHES:
        for name, line in matches(code_only(text, style), _CODE_PATTERNS):
            yield Occurrence(name.replace(" ", "-"), line)


def _in_comment(text: str, line: int) -> Iterator[Occurrence]:
    at, position = line, 0
    for match in _WORDS.finditer(text):
        marker = re.sub(r"\s", "", match["marker"]).lower()
        at += text.count("\n", position, match.start("marker"))
        position = match.start("marker")
        codes = _codes(marker, text[match.end() : match.end() + _LONGEST_LIST].partition("\n")[0])
        if not codes:
            yield Occurrence(marker, at)
        for code in codes:
            yield Occurrence(f"{marker} {code}", at)


def _codes(marker: str, rest: str) -> list[str]:
    """The codes that a suppression names; none makes it a blanket one."""
    opener = rest.lstrip()[:1]
    if opener not in tuple(":=[(") and not (marker.startswith(_SPACED) and opener):
        return []
    if marker.endswith("noqa"):
        return _FLAKE8_CODE.findall(rest.partition("#")[0])
    match = _CODE_LIST.match(rest)
    return re.split(r"[,\s]+", match[1]) if match else []


def _in_tree(content: bytes) -> Iterator[Occurrence]:
    tree = python.parse(content)
    if tree is None:
        return
    names = python.aliases(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[target, _, *_]) if python.dotted(node.func, names) in _CASTS:
                if python.dotted(target, names) in _ANY or (isinstance(target, ast.Constant) and target.value in _ANY):
                    yield Occurrence("cast(Any)", node.lineno)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for decorator in node.decorator_list:
                    if python.dotted(decorator, names) in _NO_CHECK:
                        yield Occurrence("@no_type_check", decorator.lineno)


def _violation(addition: Addition) -> Violation:
    message = (
        f"{addition.path}:{addition.line} adds the suppression `{addition.key}`: mend what the checker found,"
        " or set policy.allow_suppressions"
    )
    return Violation(rule=RULE.id, path=addition.path, line=addition.line, message=message)


RULE = Rule(id="suppression-added", reason="a finding that is silenced is still there", check=_check)
