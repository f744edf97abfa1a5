"""Values that may be null, are promises, or have the wrong literal type."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.typescript.script import Script

_PATH = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|\?\.)[A-Za-z_$][\w$]*)*")
_ASSIGN = re.compile(r"Type '(?P<got>[^']+)' is not assignable to type '(?P<want>[^']+)'")
_ARGUMENT = re.compile(r"Argument of type '(?P<got>[^']+)' is not assignable to parameter of type '(?P<want>[^']+)'")
_LITERAL = re.compile(r"(?P<text>(['\"])(?:[^'\"\\\n]|\\.)*\2|-?\d+(?:\.\d+)?|true\b|false\b)")
_CAUTION = "where the value is missing something else happens than before"
_STATEMENT = re.compile(r"(?:return|const|let|var|throw|await|if|for|[\w$.]+\s*(?:=|\(|\+=))")


def guard(script: Script) -> Iterator[Mend]:
    """Throw before the statement where the value is missing, or go on without it."""
    told = re.match(r"'([^']+)' is possibly", script.failure.message)
    found = _PATH.match(script.text, script.at)
    name = told.group(1) if told is not None else found.group().rpartition(".")[0] if found is not None else ""
    if not name or not script.text.startswith(name, script.at):
        return
    end = script.at + len(name)
    after = script.text[end:]
    line = script.line()
    indent = line[: len(line) - len(line.lstrip())]
    ends_before = _ends_statement(script)
    if ends_before and _STATEMENT.match(line.strip()) and "=>" not in line and not after.startswith("("):
        absent = "=== null" if "'null'" in script.failure.message else "=== undefined"
        if "null' or 'undefined" in script.failure.message:
            absent = "== null"
        unit = "\t" if "\n\t" in script.text else "  "
        lines = (f"if ({name} {absent}) {{", f'{unit}throw new Error("{name} is missing");', "}")
        text = "".join(f"{indent}{one}{script.newline}" for one in lines)
        at = script.line_start()
        yield Mend((Splice(script.path, at, at, text),), f"{name} may be missing here", caution=_CAUTION)
    if after.startswith((".", "[", "(")):
        dots = "?" if after.startswith(".") else "?."
        splice = Splice(script.path, end, end, dots)
        yield Mend((splice,), f"{name} may be missing here", caution=_CAUTION)


def await_promise(script: Script) -> Iterator[Mend]:
    """Await the promise, where the compiler says that this was forgotten."""
    if "'await'" not in script.message and "Promise<" not in script.message:
        return
    holder = re.search(r"([\w$]+)\.$", script.text[script.line_start() : script.at])
    if holder is not None:
        yield from _at_binding(script, holder.group(1))
        return
    found = re.compile(r"[\w$.]+(?:\([^()\n]*\))?").match(script.text, script.at)
    if found is None or found.group().startswith("await"):
        return
    call = found.group()
    if script.line().strip().startswith(("const ", "let ", "return ")) and "=" in script.line():
        value = re.search(r"=\s*([\w$.]+\([^\n]*?\))\s*;?$", script.line())
        if value is not None:
            at = script.line_start() + value.start(1)
            yield Mend((Splice(script.path, at, at, "await "),), "the promise is awaited", caution="it is awaited now")
    if re.fullmatch(r"[\w$]+", call):
        # Where it got the promise: there one `await` mends every use of it.
        yield from _at_binding(script, call)
    is_target = script.text[found.end() :].startswith(".")
    text = f"(await {call})" if is_target else f"await {call}"
    yield Mend((script.replace(call, text),), "the promise is awaited", caution="it is awaited now")


def _at_binding(script: Script, name: str) -> Iterator[Mend]:
    """Await where the variable got its promise."""
    bindings = list(re.finditer(rf"\b(?:const|let|var)\s+{re.escape(name)}\s*=\s*(?!await\b)", script.text))
    earlier = [one for one in bindings if one.end() <= script.at]
    if earlier:
        at = earlier[-1].end()
        splice = Splice(script.path, at, at, "await ")
        yield Mend((splice,), f"{name} is the promise's value, not the promise", caution="it is awaited now")


def compare_strictly(script: Script) -> Iterator[Mend]:
    """`==` as `===`: what was only alike, as null and undefined are, is no longer equal."""
    sign = next((one for one in ("==", "!=") if script.text.startswith(one, script.at)), None)
    if sign is None or script.text.startswith(f"{sign}=", script.at):
        return
    caution = "values of two types, and null and undefined, are no longer equal here"
    if re.match(r"(?:==|!=)\s*(?:null|undefined)\b", script.text[script.at :]):
        caution += "; the comparison may have been meant for both of these"
    yield Mend((script.replace(sign, f"{sign}="),), "the rule asks for equality of one type", caution=caution)


def convert_literal(script: Script) -> Iterator[Mend]:
    """Write a literal in the wanted form, or widen the annotation that it contradicts."""
    found = _ASSIGN.search(script.failure.message) or _ARGUMENT.search(script.failure.message)
    if found is None:
        return
    want = found["want"]
    value = _LITERAL.match(script.text, script.at)
    base = script.at
    if value is None and (equals := re.search(r"=\s*(?=[^=>\s])", script.text[script.at : script.at + 300])):
        base = script.at + equals.end()
        value = _LITERAL.match(script.text, base)
    if (named := re.compile(r"[\w$]+\s*:\s*").match(script.text, script.at)) is not None and value is None:
        base = named.end()
        value = _LITERAL.match(script.text, base)
    got = found["got"].strip('"')
    note = re.match(r"[\w$]+\s*:\s*([\w$<>\[\]| ]+?)\s*=", script.text[script.at : script.at + 200])
    if note is not None and note.group(1) == want and got in ("string", "number", "boolean"):
        start = script.at + note.start(1)
        yield Mend((Splice(script.path, start, start + len(want), got),), f"the value is a {got}")
    if value is None:
        return
    text = value["text"]
    inner = text[1:-1] if text[:1] in "'\"" else text
    options = {
        "number": inner if re.fullmatch(r"-?\d+(?:\.\d+)?", inner) and text != inner else None,
        "string": f'"{text}"' if text == inner else None,
        "boolean": inner if inner in ("true", "false") and text != inner else None,
    }
    allowed = re.findall(r"\"([^\"]*)\"", want) if inner != text else []
    for near in get_close_matches(inner, [one for one in allowed if one != inner], n=1, cutoff=0.6):
        splice = Splice(script.path, base, base + len(text), f"{text[0]}{near}{text[0]}")
        yield Mend((splice,), f"{inner} is none of the allowed values, {near} is", caution="another value is used now")
    if (new := options.get(want)) is not None:
        splice = Splice(script.path, base, base + len(text), new)
        yield Mend((splice,), f"a {want} is wanted here", caution="the value has another type than before")


def _ends_statement(script: Script) -> bool:
    """Tell whether the line before ends a statement, so that another can stand between."""
    before = script.text[: script.line_start()].rstrip()
    return not before or before[-1] in ";{}" or before.splitlines()[-1].lstrip().startswith(("//", "*"))
