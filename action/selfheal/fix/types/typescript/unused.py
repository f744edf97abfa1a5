"""What is declared and never read, and directives that expect an error where there is none."""

import re
from collections.abc import Iterator

from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.typescript.script import Script, imports

_NAME = re.compile(r"'([\w$]+)' is (?:declared but|defined but|assigned a value but)")
_CALL = re.compile(r"(?:const|let|var)\s+[\w$]+(?:\s*:[^=]+)?\s*=\s*(?=(?:await\s+|new\s+)?[\w$.]+\(.*\);?$)")
_PURE = re.compile(
    r"^(?:const|let|var)\s+[\w$]+(?:\s*:[^=]+)?\s*=\s*(?:[\d.]+|true|false|null|undefined|'[^']*'|\"[^\"]*\"|\[\]|\{\}|[\w$.]+);?$"
)


def drop_unused(script: Script) -> Iterator[Mend]:
    """Take an unused name out of its import, or a variable that holds a plain value out of the file."""
    found = _NAME.search(script.message)
    for one in imports(script.text):
        if one.start() <= script.at < one.end():
            splice = _from_import(script, one, found.group(1) if found is not None else None)
            if splice is not None:
                yield Mend((splice,), f"{found.group(1) if found else 'the import'} is never used")
            return
    line = script.line().strip()
    if found is not None and _PURE.match(line):
        start = script.line_start()
        end = script.text.find("\n", script.at) + 1 or len(script.text)
        yield Mend((Splice(script.path, start, end, ""),), f"{found.group(1)} is never used")
        return
    if found is not None and (binding := _CALL.match(line)) is not None:
        start = script.line_start() + script.line().index(line)
        why = f"{found.group(1)} is never used; what is called still is"
        yield Mend((Splice(script.path, start, start + binding.end(), ""),), why)
        return
    name = found.group(1) if found is not None else "_"
    is_parameter = re.search(rf"[(,]\s*{re.escape(name)}\s*[:,)=?]", script.line()) is not None
    if is_parameter and not name.startswith("_") and script.word() == name:
        yield Mend((script.replace(name, f"_{name}"),), f"{name} is a parameter that is not used")


def drop_directive(script: Script) -> Iterator[Mend]:
    """Remove a directive that expects an error which is not there."""
    if "@ts-expect-error" not in script.line():
        return
    start = script.line_start()
    is_alone = script.line().strip().startswith(("//", "/*")) and script.line().strip().count("@ts-expect-error") == 1
    if is_alone:
        end = script.text.find("\n", script.at) + 1 or len(script.text)
        yield Mend((Splice(script.path, start, end, ""),), "there is no error to expect any more")


def _from_import(script: Script, statement: re.Match[str], name: str | None) -> Splice | None:
    what = statement["what"]
    default, _, named = what.partition("{")
    members = [one.strip() for one in named.rstrip("} \r\n").split(",") if one.strip()]
    if name is None:
        return Splice(script.path, statement.start(), statement.end(), "")
    kept = [one for one in members if one.split(" as ")[-1].removeprefix("type ").strip() != name]
    kept_default = "" if default.strip().rstrip(",").split(" as ")[-1].strip() == name else default.strip().rstrip(",")
    if not kept and not kept_default:
        return Splice(script.path, statement.start(), statement.end(), "")
    if len(kept) == len(members) and kept_default == default.strip().rstrip(","):
        return None
    if (len(kept) == len(members) - 1 and kept_default and kept) or (not kept_default and kept and not default.strip()):
        return _member(script, statement, name)
    braces = f"{{ {', '.join(kept)} }}" if kept else ""
    text = ", ".join(one for one in (kept_default, braces) if one)
    return Splice(script.path, statement.start("what"), statement.end("what"), text)


def _member(script: Script, statement: re.Match[str], name: str) -> Splice | None:
    """Cut one member, with its comma, out of the braces; the rest keeps its layout."""
    start = statement.start("what")
    found = re.search(rf"(?:type\s+)?(?:[\w$]+\s+as\s+)?\b{re.escape(name)}\b\s*,\s*", statement["what"])
    if found is None:
        found = re.search(rf",\s*(?:type\s+)?(?:[\w$]+\s+as\s+)?\b{re.escape(name)}\b", statement["what"])
    return Splice(script.path, start + found.start(), start + found.end(), "") if found is not None else None
