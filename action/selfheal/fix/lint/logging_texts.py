"""Messages of the log: the text and its values go to the logger apart."""

import ast
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source

_FIELD = re.compile(r"\{([^{}!:]*)(![rsa])?(:[^{}]*)?\}")
_OTHER_LOGGERS = frozenset({"loguru", "structlog", "eliot"})
"""Libraries whose loggers put no values into a text with percent signs."""
_LOGGERS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"})


def _lazy_logging(spot: Spot) -> tuple[Rewrite, ...]:
    """`log.info(f"a {b}")` as `log.info("a %s", b)`: the text is only made where it is wanted."""
    source = spot.source
    calls = [n for n in source.nodes(ast.Call) if _is_logging(n) and _holds(n, spot.finding.line)]
    call = calls[0] if calls else None
    if call is None or not call.args:
        return ()
    index = 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else 0
    if len(call.args) != index + 1:
        return ()
    message = call.args[index]
    match message:
        case ast.JoinedStr():
            made = _from_fstring(source, message)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()) as template, attr="format")):
            made = _from_format(source, template, message)
        case ast.BinOp(left=ast.Constant(value=str()) as template, op=ast.Mod(), right=values):
            listed = values.elts if isinstance(values, ast.Tuple) else [values]
            made = (source.text(template), [source.text(value) for value in listed])
            if not isinstance(values, ast.Tuple) and isinstance(values, ast.Name | ast.Dict):
                made = made if str(template.value).count("%") == 1 else None
        case ast.BinOp(op=ast.Add()):
            made = _from_sum(source, message)
        case _:
            made = None
    if made is None:
        return ()
    modules = _modules(source)
    if modules & _OTHER_LOGGERS:
        return ()
    new = ", ".join([made[0], *made[1]])
    is_sure = "logging" in modules
    doubt = "" if is_sure else "; where the logger is not the standard library's, it may not put values in"
    why = f"the message is put together only where it is written{doubt}"
    return (Rewrite((source.replace(message, new),), why, is_sure=is_sure),)


def _modules(source: Source) -> frozenset[str]:
    """The packages that a file imports, or imports from."""
    named = {alias.name.partition(".")[0] for node in source.nodes(ast.Import) for alias in node.names}
    return frozenset(named | {(node.module or "").partition(".")[0] for node in source.nodes(ast.ImportFrom)})


def _from_sum(source: Source, message: ast.BinOp) -> tuple[str, list[str]] | None:
    """`"a " + str(b)` as `"a %s", b`; one plain text at the start is all that is taken apart."""
    parts: list[ast.expr] = []
    node: ast.expr = message
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts.insert(0, node.right)
        node = node.left
    parts.insert(0, node)
    out, values = "", []
    for part in parts:
        words = source.text(part)
        match part:
            case ast.Constant(value=str()) if re.fullmatch(r"""'[^'"\n\\]*'|"[^'"\n\\]*\"""", words):
                out += words[1:-1].replace("%", "%%")
            case ast.Call(func=ast.Name(id="str"), args=[value], keywords=[]):
                out += "%s"
                values.append(source.text(value))
            case ast.Constant() | ast.JoinedStr():
                return None
            case _:
                out += "%s"
                values.append(words)
    return (f'"{out}"', values) if values else None


def _is_logging(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _LOGGERS


def _holds(call: ast.Call, line: int) -> bool:
    return call.lineno <= line <= (call.end_lineno or call.lineno)


def _from_fstring(source: Source, text: ast.JoinedStr) -> tuple[str, list[str]] | None:
    """The pieces are read from the words: a text over several lines or parts is left alone."""
    words = source.text(text)
    match = re.match(r"""(?i)(f|rf|fr)(\"\"\"|'''|"|')(.*)\2$""", words, re.DOTALL)
    if match is None or match.group(2) in match.group(3) or "\n" in words:
        return None
    out, values = "", []
    body = match.group(3)
    position = 0
    while position < len(body):
        if body.startswith(("{{", "}}"), position):
            out += body[position]
            position += 2
        elif body[position] == "{":
            end = _closing(body, position)
            field = _split_field(body[position + 1 : end]) if end > 0 else None
            if field is None:
                return None
            values.append(field[0])
            out += field[1]
            position = end + 1
        else:
            out += "%%" if body[position] == "%" else body[position]
            position += 1
    prefix = match.group(1).replace("f", "").replace("F", "")
    out = out if values else out.replace("%%", "%")
    return f"{prefix}{match.group(2)}{out}{match.group(2)}", values


def _closing(body: str, start: int) -> int:
    depth = 0
    for index in range(start, len(body)):
        depth += body[index] in "{[("
        depth -= body[index] in "}])"
        if depth == 0:
            return index
    return -1


def _split_field(field: str) -> tuple[str, str] | None:
    """A value and the placeholder that shows it in the same way."""
    if field.rstrip().endswith("=") or "\\" in field:
        return None
    shape = ""
    match = re.match(r"(?s)(.*?)(![rsa])?(?::([^:()\[\]'\"{}]*))?$", field)
    value, mark = field, None
    if match is not None and _is_expression(match.group(1)):
        value, mark, shape = match.group(1), match.group(2), match.group(3) or ""
    if not _is_expression(value):
        return None
    if mark == "!a" or (mark and shape):
        return None
    if mark == "!r":
        return value.strip(), "%r"
    if not shape:
        return value.strip(), "%s"
    if re.fullmatch(r"(?:\d+)?(?:\.\d+)?[dfgxXe]|\.\d+[fge]|0?\d+[dxX]", shape):
        return value.strip(), f"%{shape}"
    return None


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return bool(text.strip())


def _from_format(source: Source, template: ast.Constant, call: ast.expr) -> tuple[str, list[str]] | None:
    if not isinstance(call, ast.Call):
        return None
    words = source.text(template)
    named = {k.arg: source.text(k.value) for k in call.keywords if k.arg}
    values: list[str] = []
    if "{{" in words or "}}" in words or len(named) != len(call.keywords):
        return None
    failed = False

    def shown(match: re.Match[str]) -> str:
        nonlocal failed
        key, mark, shape = match.group(1), match.group(2), match.group(3)
        index = int(key) if key.isdigit() else len(values)
        value = named.get(key) if key and not key.isdigit() else None
        if value is None and index < len(call.args) and (not key or key.isdigit()):
            value = source.text(call.args[index])
        shape_text = (shape or ":")[1:]
        field = _split_field(f"{value}{mark or ''}{':' + shape_text if shape_text else ''}") if value else None
        failed = failed or field is None
        values.append(field[0] if field else "")
        return field[1] if field else ""

    out = _FIELD.sub(shown, words.replace("%", "%%"))
    return None if failed else (out, values)


RULES: tuple[Rule, ...] = (rule("W1201 W1202 W1203 G001 G002 G003 G004", _lazy_logging),)
