"""Names, properties and paths that do not exist: what the compiler means, or what the repository has."""

import posixpath
import re
from collections.abc import Iterator
from difflib import get_close_matches

from selfheal.fix.types.mend import Mend, Splice
from selfheal.fix.types.typescript.script import ENDINGS, Script, imports, relative

_MEANT = re.compile(r"Did you mean(?: to write| to access the property| the instance member)? '\"?([\w$.#-]+)\"?'\?")
_MISSING_MODULE = re.compile(r"Cannot find module '(\.[^']*)'")
_MEMBER = re.compile(r"'([\w$]+)' does not exist (?:on|in) type '(?:typeof )?([\w$]+)")
_EXPORT = (
    r"^export\s+(?:declare\s+)?(?:abstract\s+|async\s+)?(?:const|let|function\*?|class|interface|type|enum)\s+{}\b"
)


def take_what_is_meant(script: Script) -> Iterator[Mend]:
    """Write the name that the compiler proposes."""
    found = _MEANT.search(script.message)
    word = script.word()
    if found is None:
        return
    meant = found.group(1)
    quoted = re.match(r"(['\"`])([^'\"`\n]*)\1", script.text[script.at :])
    if quoted is not None and re.search(r"'\"[^']*\"'\?", found.group()):
        splice = script.replace(quoted.group(), f"{quoted.group(1)}{meant}{quoted.group(1)}")
        yield Mend((splice,), f"{quoted.group(2)} is spelt {meant}")
    elif word and meant.startswith("this."):
        yield Mend((script.replace(word, meant),), f"{word} is a member: {meant}")
    elif word and any(one.start("what") <= script.at < one.end("what") for one in imports(script.text)):
        uses = re.finditer(rf"(?<![\w$.'\"]){re.escape(word)}(?![\w$'\"])", script.text)
        splices = tuple(Splice(script.path, one.start(), one.end(), meant) for one in uses)
        yield Mend(splices, f"the module exports {meant}, not {word}")
    elif word and word != meant:
        yield Mend((script.replace(word, meant),), f"{word} does not exist, {meant} does")


def nearest_member(script: Script) -> Iterator[Mend]:
    """Write the nearest member of the repository's class or interface."""
    found = _MEMBER.search(script.message)
    if found is None or script.word() != found.group(1):
        return
    members: list[str] = []
    for path in script.tree.paths():
        if path.endswith(ENDINGS) and "node_modules/" not in path:
            text = (script.tree.read(path) or b"").decode(errors="replace")
            for block in re.finditer(rf"\b(?:interface|class|type)\s+{re.escape(found.group(2))}\b[^{{]*\{{", text):
                members += re.findall(
                    r"^\s+(?:readonly |public |private |async |static )*([\w$]+)\s*[?!]?\s*[:(]",
                    text[block.end() : block.end() + 4000].partition("\n}")[0],
                    re.MULTILINE,
                )
    for near in get_close_matches(found.group(1), sorted(set(members)), n=2, cutoff=0.6):
        yield Mend((script.replace(found.group(1), near),), f"{found.group(2)} has {near}, not {found.group(1)}")


def import_name(script: Script) -> Iterator[Mend]:
    """Import a name that a file of the repository exports."""
    name = script.word()
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", name):
        return
    pattern = re.compile(_EXPORT.format(re.escape(name)), re.MULTILINE)
    for path in script.tree.paths():
        if not path.endswith(ENDINGS) or path == script.path or path.endswith((".test.ts", ".spec.ts")):
            continue
        raw = script.tree.read(path) or b""
        if name.encode() not in raw or pattern.search(raw.decode(errors="replace")) is None:
            continue
        present = list(imports(script.text))
        quote = present[-1]["quote"] if present else '"'
        module = relative(script.path, path)
        ending = (
            ".js" if any(one["module"].startswith(".") and one["module"].endswith(".js") for one in present) else ""
        )
        same = next((one for one in present if one["module"] == module + ending and one["what"].endswith("}")), None)
        if same is not None:
            inside = same["what"].rstrip("} \n")
            at = same.start("what") + len(inside)
            splice = Splice(script.path, at, at, f" {name}" if inside.endswith(",") else f", {name}")
            yield Mend((splice,), f"{name} comes from {path}")
            continue
        at = present[-1].end() if present else 0
        line = f"import {{ {name} }} from {quote}{module}{ending}{quote};{script.newline}"
        yield Mend((Splice(script.path, at, at, line),), f"{name} comes from {path}")


def correct_path(script: Script) -> Iterator[Mend]:
    """Write the relative path of the file that is there: moved, or spelt otherwise."""
    found = _MISSING_MODULE.search(script.message)
    if found is None:
        return
    wrong = found.group(1)
    at = script.text.find(wrong, script.line_start())
    if at < 0:
        return
    ending = next((one for one in (".js", ".mjs", ".ts") if wrong.endswith(one)), "")
    files = [path for path in script.tree.paths() if path.endswith(ENDINGS) and "node_modules/" not in path]
    paths = {relative(script.path, path): path for path in files if path != script.path}
    stem = wrong.removesuffix(ending)
    name = posixpath.basename(stem)
    moved = [path for path in paths if posixpath.basename(path) == name]
    near = get_close_matches(stem, sorted(paths), n=2, cutoff=0.6)
    for right in dict.fromkeys([*(moved if len(moved) == 1 else []), *near, *moved]):
        splice = Splice(script.path, at, at + len(wrong), right + ending)
        yield Mend((splice,), f"{wrong} is not there, {right + ending} is")
