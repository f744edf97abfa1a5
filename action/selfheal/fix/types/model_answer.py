"""Put what a model wrote into the file: the marked lines, with the imports that they need."""

import ast
import re
import textwrap

from selfheal.contract.patch import FileEdit
from selfheal.fix.python_source import Unusable, replace_function
from selfheal.fix.types.importing import bound_at_top, import_splices
from selfheal.fix.types.mend import Import, Splice, spliced
from selfheal.fix.types.region import Region
from selfheal.fix.types.rendering import home_of
from selfheal.fix.types.source import Source

_SILENCING = re.compile(r"\bAny\b|\bcast\(|#\s*(?:type|pyright|mypy)\s*:|\bno_type_check\b|\bNOQA\b", re.IGNORECASE)
_MARKS = re.compile(r"^[ \t]*# (?:>>>|<<<).*\n?", re.MULTILINE)


def put_in(source: Source, region: Region, answer: str) -> FileEdit | Unusable:
    """Make the edit; an answer that looks away from the error instead of mending it is refused."""
    code = textwrap.dedent(_MARKS.sub("", answer)).strip("\n")
    old = source.text[source.start_of(region.first) : source.start_of(region.last + 1)]
    if len(_SILENCING.findall(code)) > len(_SILENCING.findall(old)):
        return Unusable("the answer silences the checker")
    if not code.strip():
        return Unusable("the answer is empty")
    if region.function is not None or (not region.lacking and _whole(source, region, code)):
        return _function(source, region, code)
    body, imports = _split(code)
    if region.lacking:
        return _methods(source, region, body, imports)
    if re.search(r"^(?:async def|def|class) ", body, re.MULTILINE) and not re.search(r"\b(?:def|class) ", old):
        return Unusable("the answer defines more than the marked lines")
    indent = old[: len(old) - len(old.lstrip(" \t"))]
    text = textwrap.indent(body, indent).replace("\n", source.newline) + source.newline
    splice = Splice(source.path, source.start_of(region.first), source.start_of(region.last + 1), text)
    if text.strip() == old.strip():
        return Unusable("the answer is the same code as before")
    names = set(re.findall(r"[A-Za-z_]\w*", text)) - bound_at_top(source)
    known = [Import(source.path, module, name) for name in sorted(names) if (module := home_of(name)) is not None]
    wanted = [*known, *(Import(source.path, module, name) for module, name in imports)]
    return _edit(source, spliced(source.text, [splice, *import_splices(source, wanted)]))


def _methods(source: Source, region: Region, body: str, imports: list[tuple[str, str]]) -> FileEdit | Unusable:
    """Put the methods that were lacking at the end of their class; what else the model wrote is left out."""
    try:
        parsed = ast.parse(body).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Unusable(f"the answer is not valid Python: {error}")
    nodes = [node for one in parsed for node in (one.body if isinstance(one, ast.ClassDef) else [one])]
    lines = body.splitlines()
    holder = next(
        node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef) and node.end_lineno == region.last
    )
    indent = source.indent(holder.body[0])
    text = ""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in region.lacking:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            kept = [line for line in lines[first - 1 : node.end_lineno] if "abstractmethod" not in line]
            text += "\n" + textwrap.indent(textwrap.dedent("\n".join(kept)), indent) + "\n"
    if not text:
        return Unusable(f"the answer holds none of {', '.join(region.lacking)}")
    at = source.start_of(region.first)
    start = "" if source.text[:at].endswith(("\n", "\r")) else source.newline
    splice = Splice(source.path, at, at, start + text.replace("\n", source.newline))
    wanted = [Import(source.path, module, name) for module, name in imports]
    return _edit(source, spliced(source.text, [splice, *import_splices(source, wanted)]))


def _whole(source: Source, region: Region, code: str) -> bool:
    """Tell whether the answer is the whole function around the marked lines, though only those were asked for."""
    function = source.innermost_function(region.first)
    if function is None or f"def {function.name}(" not in code:
        return False
    return len(code.splitlines()) > region.last - region.first + 2


def _function(source: Source, region: Region, code: str) -> FileEdit | Unusable:
    function = source.innermost_function(region.first)
    if function is None or function.end_lineno is None:
        return Unusable("there is no function around the place")
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    done = replace_function(
        source.text, name=function.name, first_line=first, last_line=function.end_lineno, answer=code
    )
    return done if isinstance(done, Unusable) else _edit(source, done.text)


def _split(code: str) -> tuple[str, list[tuple[str, str]]]:
    """Take the imports off the head of an answer."""
    lines, imports = code.splitlines(), []
    while lines and (not lines[0].strip() or lines[0].startswith(("import ", "from "))):
        line = lines.pop(0)
        try:
            parsed = ast.parse(line).body
        except SyntaxError:
            continue
        for node in parsed:
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imports += [(node.module, alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                imports += [(alias.name, "") for alias in node.names]
    return ("\n".join(lines), imports) if lines else (code, [])


def _edit(source: Source, text: str) -> FileEdit | Unusable:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Unusable(f"the file would not parse: {error}")
    return FileEdit(path=source.path, content=source.encode(text))
