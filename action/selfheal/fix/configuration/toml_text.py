"""TOML that does not parse: quotes, brackets, equals signs, commas, what stands twice."""

import re
import tomllib
from collections.abc import Iterator

from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair

_KEY = r"[\w.-]+|\"[^\"]*\"|'[^']*'"
_PAIR = re.compile(rf"^(\s*(?:{_KEY}))(\s*)(=?)(\s*)(.*)$")
_BARE = re.compile(r"^(\s*)([\w./~^<>=!*@,:+ -]+?)(\s*(?:#.*)?)$")
_WORDS = {"True": "true", "False": "false", "TRUE": "true", "FALSE": "false", "yes": "true", "no": "false"}
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})
_HEADER = re.compile(r"^\s*\[\[?\s*[\w.\"'-]+\s*\]?\]?\s*(?:#.*)?$")


def repairs(broken: Broken) -> Iterator[Repair]:
    """Mend the faulty line, the one above it, and what was opened above and not closed."""
    for line in dict.fromkeys((broken.fault.line, broken.before(broken.fault.line))):
        far = 0.0 if line == broken.fault.line else 0.2
        yield from _header(broken, line, far)
        yield from _pair(broken, line, far)
        yield from _quotes(broken, line, far)
        yield from _small(broken, line, far)
    yield from _arrays(broken)
    yield from _twice(broken)


def _header(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    bare, gap, comment = code.partition(" #")
    name = re.match(r"^\s*([\[({]*)\s*([\w.\"'-]+)\s*([\])}:]*)\s*$", bare)
    if name is None or not (name[1] or name[3]) or "=" in bare:
        return
    what = f"line {line}: the brackets of a table's name"
    for left, right in (("[", "]"), ("[[", "]]")):
        is_double = len(name[1]) > 1 or len(name[3]) > 1
        cost = (0.7 if is_double == (left == "[[") else 1.1) + far
        new = f"{left}{name[2]}{right}{gap}{comment}"
        if new != code:
            yield broken.replace_line(line, new, cost=cost, what=what)


def _pair(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    swapped = re.match(rf"^(\s*(?:{_KEY}))\s*(:=|==|=>|:|=)\s*(.*)$", code)
    if swapped is not None and swapped[2] != "=":
        new = f"{swapped[1]} = {swapped[3]}"
        yield broken.replace_line(line, new, cost=0.8 + far, what=f"line {line}: TOML parts key and value by `=`")
        for quoted in _quoted(swapped[3]):
            new = f"{swapped[1]} = {quoted}"
            yield broken.replace_line(line, new, cost=1.1 + far, what=f"line {line}: `=` and a quoted value")
    pair = _PAIR.match(code)
    if pair is None:
        return
    if not pair[3] and pair[2] and pair[5]:
        new = f"{pair[1]} = {pair[5]}"
        yield broken.replace_line(line, new, cost=0.9 + far, what=f"line {line}: add the missing `=`")
    if pair[3]:
        key = pair[1].strip()
        if (right := _WORDS.get(pair[5].strip())) is not None:
            new = f"{pair[1]}{pair[2]}={pair[4]}{right}"
            yield broken.replace_line(line, new, cost=0.7 + far, what=f"line {line}: `{key}` is {right}")
        for quoted in _quoted(pair[5]):
            new = f"{pair[1]}{pair[2]}={pair[4]}{quoted}"
            yield broken.replace_line(line, new, cost=1.0 + far, what=f"line {line}: quote the value of `{key}`")
    elif re.match(r"^\s*[\w.-]+( [\w.-]+)+\s*=", code):
        name, _, value = code.partition("=")
        new = f"{'-'.join(name.split())} ={value}"
        yield broken.replace_line(line, new, cost=1.2 + far, what=f"line {line}: a key holds no blank")


def _quoted(value: str) -> Iterator[str]:
    bare = _BARE.match(value)
    if bare is not None and bare[2].strip():
        yield f'"{bare[2]}"{bare[3]}'
    items = re.match(r"^\[(.*)\](\s*(?:#.*)?)$", value)
    if items is not None:
        parts = [part.strip() for part in items[1].split(",") if part.strip()]
        quoted = [part if part[:1] in "\"'[{" or _is_value(part) else f'"{part}"' for part in parts]
        yield f"[{', '.join(quoted)}]{items[2]}"


def _is_value(text: str) -> bool:
    return re.fullmatch(r"true|false|[+-]?\d[\d_.e+-]*", text) is not None


def _quotes(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code, start = broken.code(line)[:4_000], broken.start(line)
    for quote in ('"', "'"):
        if code.count(quote) % 2 == 0:
            continue
        what = f"line {line}: add the missing quote"
        for match in re.finditer(r"(?<=[^\s\[,={])(?=\s*(?:[,\]}]|$|#))", code):
            if code[match.start() - 1] == quote and code.count(quote, 0, match.start()) % 2 == 0:
                continue
            is_open = code.count(quote, 0, match.start()) % 2 == 1
            new = start + match.start()
            yield broken.splice(new, new, quote, cost=(0.9 if is_open else 1.5) + far, what=what)
            other = "'" if quote == '"' else '"'
            if is_open and code[match.start() - 1] == other:
                yield broken.splice(
                    new - 1, new, quote, cost=0.7 + far, what=f"line {line}: the quotes of a pair are alike"
                )
        for match in re.finditer(r"(?<=[=\[,{])\s*(?=[\w./<>=~^*-])", code):
            new = start + match.end()
            yield broken.splice(new, new, quote, cost=1.1 + far, what=what)
        for match in re.finditer(rf"(?:^|(?<=[,\s]))(?=[^\s,{quote}\[\]]+{quote})", code):
            new = start + match.start()
            yield broken.splice(new, new, quote, cost=1.2 + far, what=what)
        for match in re.finditer(quote, code):
            at = start + match.start()
            yield broken.splice(at, at + 1, "", cost=2.2 + far, what=f"line {line}: one quote is too many")


def _small(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    if (plain := code.translate(_CURLY)) != code:
        yield broken.replace_line(line, plain, cost=0.6 + far, what=f"line {line}: plain quotes")
    if "\\" in code and (match := re.search(r"\"([^\"]*\\[^\"]*)\"", code)) is not None:
        literal = code[: match.start()] + f"'{match[1]}'" + code[match.end() :]
        if "'" not in match[1]:
            yield broken.replace_line(
                line, literal, cost=0.9 + far, what=f"line {line}: the backslash is meant as itself"
            )
    for pattern, new, cost, what in (
        (r"(?<=[\w\"'\]])\s+(?=[\"'])", ", ", 1.0, "add the missing comma"),
        (r"([\"'])([\"'])(?=[^,\]\s])", r"\1, \2", 1.0, "add the missing comma"),
        (r";(?=\s*[\"'\]]|\s*$)", ",", 0.9, "a comma parts the entries"),
        (r",\s*,", ",", 0.8, "one comma is too many"),
        (r"[,;]\s*$", "", 0.9, "nothing follows the value"),
        (r"\s//.*$", "", 2.5, "a comment begins with `#`"),
        (r"//", "#", 1.5, "a comment begins with `#`"),
        (r"^\s*;", "#", 1.0, "a comment begins with `#`"),
        (r"\](?=\s*(?:#.*)?$)", "", 1.1, "one bracket is too many"),
        (r"\((.*)\)\s*$", r"[\1]", 1.0, "an array stands in square brackets"),
        (r"(?<=[\w\"'])\s*:\s*(?=[\"'\w\[{])", " = ", 1.1, "TOML parts key and value by `=`"),
        (r"(?<=\w)=\s*$", '= ""', 3.0, "no value"),
    ):
        for match in re.finditer(pattern, code[:4_000]):
            changed = code[: match.start()] + match.expand(new) + code[match.end() :]
            yield broken.replace_line(line, changed, cost=cost + far, what=f"line {line}: {what}")


def _arrays(broken: Broken) -> Iterator[Repair]:
    """An array or inline table that is not closed, or whose lines lack a comma."""
    last = broken.fault.line
    for line in range(last, max(last - 200, 0), -1):
        code = broken.code(line)
        if line < last and _HEADER.match(code) and "=" not in code:
            break
        if re.match(r"^\s*([\"'][^\"']*[\"']|\{.*\}|[\w.+-]+)\s*(#.*)?$", code) and not code.rstrip().endswith(","):
            body = re.match(r"^(\s*(?:[\"'][^\"']*[\"']|\{.*\}|[\w.+-]+))(.*)$", code)
            if body is not None:
                new = f"{body[1]},{body[2]}"
                yield broken.replace_line(line, new, cost=1.0, what=f"line {line}: add the missing comma")
        for opener, closer in (("[", "]"), ("{", "}")):
            if "=" in code and _balance(code, opener, closer) > 0:
                yield from _closing(broken, line, closer)
        if "=" in code and _balance(code, "[", "]") < 0:
            new = re.sub(r"=\s*", "= [", code, count=1)
            yield broken.replace_line(line, new, cost=1.0, what=f"line {line}: add the missing `[`")
    above = broken.before(last)
    if re.match(r"^\s*[\w.-]+\s*=\s*$", broken.code(above)):
        new = f"{broken.code(above).rstrip()} ["
        yield broken.replace_line(above, new, cost=0.8, what=f"line {above}: add the missing `[`")
    if re.match(r"^\s*[\w.-]+\s*=\s*$", broken.code(last)):
        new = f"{broken.code(last).rstrip()} ["
        yield broken.replace_line(last, new, cost=0.8, what=f"line {last}: add the missing `[`")


def _closing(broken: Broken, line: int, closer: str) -> Iterator[Repair]:
    code = broken.code(line)
    body, _, comment = code.partition(" #")
    what = f"add the missing `{closer}`"
    end = broken.start(line) + len(body.rstrip())
    if not body.rstrip().endswith(("[", "{")):
        yield broken.splice(end, end, closer, cost=0.9, what=f"line {line}: {what}")
    at = line + 1
    while at <= len(broken.lines):
        inner = broken.code(at)
        if _HEADER.match(inner) or re.match(r"^[\w.-]+\s*=", inner) or not inner.strip():
            break
        at += 1
    if at > line + 1:
        last = broken.start(at - 1) + len(broken.code(at - 1))
        yield broken.splice(last, last, broken.newline + closer, cost=0.8, what=f"{what} after line {at - 1}")
    del comment


def _balance(code: str, opener: str, closer: str) -> int:
    plain = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", code)
    return plain.count(opener) - plain.count(closer)


def _twice(broken: Broken) -> Iterator[Repair]:
    """A key or a table that stands twice: the second goes where it says the same, else a person chooses."""
    message, line = broken.fault.message, broken.fault.line
    if "overwrite" in message or "duplicate" in message.lower():
        line = line if broken.code(line).strip() else broken.before(line)
        pair = _PAIR.match(broken.code(line))
        first = _earlier(broken, line, pair[1].strip()) if pair is not None and pair[3] else 0
        if first:
            is_same = broken.code(first).split() == broken.code(line).split()
            what = f"`{broken.code(line).split('=')[0].strip()}` stands twice, in lines {first} and {line}"
            yield broken.replace_line(line, None, cost=0.8, what=what, needs_human=not is_same)
            yield broken.replace_line(first, None, cost=1.0, what=what, needs_human=not is_same)
    if "declare" in message:
        yield from _merged_tables(broken, line)


def _earlier(broken: Broken, line: int, key: str) -> int:
    for at in range(line - 1, 0, -1):
        code = broken.code(at)
        if _HEADER.match(code) and "=" not in code:
            return 0
        if re.match(rf"^\s*{re.escape(key)}\s*=", code) and _is_whole(code):
            return at
    return 0


def _is_whole(code: str) -> bool:
    try:
        tomllib.loads(code.strip())
    except ValueError:
        return False
    return True


def _merged_tables(broken: Broken, line: int) -> Iterator[Repair]:
    name = broken.code(line).split("#")[0].strip()
    first = next((at for at in range(1, line) if broken.code(at).split("#")[0].strip() == name), 0)
    if not first:
        return
    end = next((at for at in range(first + 1, line) if _is_header(broken.code(at))), line)
    stop = next(
        (at for at in range(line + 1, len(broken.lines) + 1) if _is_header(broken.code(at))), len(broken.lines) + 1
    )
    body = list(broken.lines[line : stop - 1])
    while body and not body[-1].strip():
        body.pop()
    if body and not body[-1].endswith("\n"):
        body[-1] += broken.newline
    place = broken.before(end) if end <= line else end
    lines = [*broken.lines[:place], *body, *broken.lines[place : line - 1], *broken.lines[stop - 1 :]]
    yield Repair("".join(lines), 0.9, f"the table {name} stands twice: one table holds both parts")


def _is_header(code: str) -> bool:
    return _HEADER.match(code) is not None and "=" not in code and code.strip().startswith("[")
