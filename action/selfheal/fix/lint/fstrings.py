"""Texts with values in them: the way the file's linters want them said."""

import ast
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source

_PERCENT = re.compile(r"%(?:(%)|([-#0 +]*)(\d*)(?:\.(\d+))?([sdrfgxXeoic]))")
_SHOWN = "the values stand where they are shown"
_FIELD = re.compile(r"\{([^{}!:]*)(![rsa])?(:[^{}]*)?\}")
_PIECE = re.compile(r"""(?is)(?<!\w)([a-z]{0,2})(\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")
_PIECES = re.compile(rf"(?:{_PIECE.pattern.removeprefix('(?is)')}\s*)+", re.IGNORECASE | re.DOTALL)


def _no_placeholder(spot: Spot) -> tuple[Rewrite, ...]:
    """`f"text"` as `"text"`."""
    source = spot.source
    text = source.covering(spot.finding.line, spot.finding.column, ast.JoinedStr)
    if text is None or any(isinstance(value, ast.FormattedValue) for value in text.values):
        return ()
    words = source.text(text)
    if not _PIECES.fullmatch(words):
        return ()
    new = _PIECE.sub(_plain, words)
    return (Rewrite((source.replace(text, new),), "the text has no value in it, so it is no f-string"),)


def _plain(piece: re.Match[str]) -> str:
    """One of the texts that stand side by side: the brackets of those alone that were f-strings were doubled."""
    prefix, words = piece.groups()
    if "f" not in prefix.lower():
        return piece[0]
    return re.sub("(?i)f", "", prefix) + words.replace("{{", "{").replace("}}", "}")


def _to_fstring(spot: Spot) -> tuple[Rewrite, ...]:
    """`"%s" % a` and `"{}".format(a)` as `f"{a}"`."""
    source = spot.source
    at = source.place(spot.finding.line, spot.finding.column)
    near = [
        n for n in source.nodes(ast.BinOp) if isinstance(n.op, ast.Mod) and source.span(n)[0] <= at < source.span(n)[1]
    ]
    for node in (*near, *source.nodes(ast.BinOp, line=spot.finding.line)):
        match node:
            case ast.BinOp(left=ast.Constant(value=str()) as template, op=ast.Mod(), right=values):
                new = _percent(source, template, values)
            case _:
                continue
        if new is not None:
            is_sure = _means_the_same(source.text(template), values)
            doubt = "" if is_sure else "; a tuple alone, or a number shown as a whole one, is now shown as it is"
            return (Rewrite((source.replace(node, new),), f"{_SHOWN}{doubt}", is_sure=is_sure),)
    for call in source.nodes(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()) as template, attr="format")):
                if call.lineno <= spot.finding.line <= (call.end_lineno or 0):
                    new = _format(source, template, call)
                    if new is not None:
                        # Values that are worked out as they are shown may be so in another order now.
                        calls = sum(isinstance(n, ast.Call | ast.Await) for n in ast.walk(call)) - 1
                        return (Rewrite((source.replace(call, new),), _SHOWN, is_sure=calls < 2),)
            case _:
                continue
    return ()


def _means_the_same(template: str, values: ast.expr) -> bool:
    """Tell whether `%` shows the values as an f-string does: one alone may be a tuple, `%d` cuts fractions off."""
    kinds = {match[5] for match in _PERCENT.finditer(template)} - {None}
    return isinstance(values, ast.Tuple | ast.Constant | ast.JoinedStr) and kinds <= set("srfge")


def _percent(source: Source, template: ast.Constant, values: ast.expr) -> str | None:
    words = source.text(template)
    if not re.fullmatch(r"""(?:"[^"\n\\{}]*"|'[^'\n\\{}]*')""", words):
        return None
    if isinstance(values, ast.Dict) or "%(" in words:
        return None
    is_many = isinstance(values, ast.Tuple)
    listed = values.elts if isinstance(values, ast.Tuple) else [values]
    if not is_many and not isinstance(
        values, ast.Constant | ast.JoinedStr | ast.Call | ast.Name | ast.Attribute | ast.Subscript
    ):
        return None
    texts = [source.text(value) for value in listed]
    fields = [m for m in _PERCENT.finditer(words) if m.group(1) is None]
    if len(fields) != len(texts) or any(_clashes(words, t) for t in texts):
        return None
    remaining = iter(texts)
    failed = False

    def shown(match: re.Match[str]) -> str:
        nonlocal failed
        if match.group(1):
            return "%"
        flags, width, precision, kind = match.group(2), match.group(3), match.group(4), match.group(5)
        value = next(remaining)
        if flags or (kind in "sr" and (width or precision)) or kind in "ic":
            failed = True
        shape = f"{width}{'.' + precision if precision else ''}{kind}" if kind not in "sr" else ""
        return "{" + value + ("!r" if kind == "r" else "") + (f":{shape}" if shape not in ("", "d") else "") + "}"

    out = _PERCENT.sub(shown, words)
    return None if failed or ("%" in out.replace("%%", "") and "%%" not in words) else f"f{out}"


def _clashes(words: str, value: str) -> bool:
    return words[0] in value or "\\" in value or "\n" in value or "{" in value or "#" in value


def _format(source: Source, template: ast.Constant, call: ast.Call) -> str | None:
    words = source.text(template)
    if not re.fullmatch(r"""r?(?:"[^"\n]*"|'[^'\n]*')""", words) or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    named = {k.arg: source.text(k.value) for k in call.keywords if k.arg}
    if len(named) != len(call.keywords):
        return None
    texts = [source.text(arg) for arg in call.args]
    if any(_clashes(words.lstrip("r"), t) for t in (*texts, *named.values())) or "{{" in words or "}}" in words:
        return None
    used: list[str] = []
    failed = False

    def shown(match: re.Match[str]) -> str:
        nonlocal failed
        head = re.match(r"(\w*)(.*)", match.group(1))
        key, rest = (head.group(1), head.group(2)) if head else ("", "")
        index = int(key) if key.isdigit() else len(used)
        value = named.get(key) if key and not key.isdigit() else (texts[index] if index < len(texts) else None)
        failed = failed or value is None or bool(re.search(r"\[", rest)) or "{" in (match.group(3) or "")
        used.append(value or "")
        return "{" + (value or "") + rest + (match.group(2) or "") + (match.group(3) or "") + "}"

    out = _FIELD.sub(shown, words)
    calls = {value for value in [*texts, *named.values()] if "(" in value}
    if failed or set(used) != {*texts, *named.values()} or any(used.count(value) > 1 for value in calls):
        return None
    return f"f{out}"


RULES: tuple[Rule, ...] = (
    rule("F541 W1309", _no_placeholder),
    rule("C0209 UP031 UP032 UP030", _to_fstring),
)
