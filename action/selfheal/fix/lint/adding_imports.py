"""Where a new import goes."""

import ast

from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import docstring
from selfheal.fix.python_tree import module_asked


def add_import(source: Source, line: str) -> Splice:
    """Put an import at the file's top: beside imports of its kind in their order, else after the docstring.

    `line` is the whole statement. `from __future__` stays first; what stands below an `if` is no place.
    """
    imports = [n for n in source.tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    leading = []
    for node in source.tree.body[1 if docstring(source.tree) else 0 :]:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        leading.append(node)
    imports = leading or imports[:0]
    plain = [n for n in imports if not _is_future(n)]
    wanted = _key(line)
    same = [n for n in plain if _group(n) == wanted[0]]
    later = next((n for n in same if _key(source.text(n)) > wanted), None)
    if later is not None:
        return source.insert(source.line_start(later.lineno), line + source.newline)
    if same:
        return _after(source, same[-1], line)
    earlier = [n for n in plain if _group(n) < wanted[0]]
    if earlier:
        return _after(source, earlier[-1], source.newline + line)
    if plain:
        return source.insert(source.line_start(plain[0].lineno), line + source.newline * 2)
    if imports:
        return _after(source, imports[-1], source.newline + line)
    return _at_top(source, line)


def _after(source: Source, node: ast.stmt, line: str) -> Splice:
    at = source.line_start((node.end_lineno or node.lineno) + 1)
    lead = "" if source.raw[:at].endswith((b"\n", b"\r")) else source.newline
    return source.insert(at, f"{lead}{line}{source.newline}")


def _at_top(source: Source, line: str) -> Splice:
    documented = docstring(source.tree)
    if documented is not None:
        return _after(source, documented, source.newline + line)
    number = 1
    while number <= len(source.lines) and source.line(number).lstrip().startswith("#"):
        number += 1
    is_definition = source.line(number).startswith(("def ", "class ", "async def ", "@"))
    after = source.newline * (2 if is_definition else 1) if source.line(number).strip() else ""
    return source.insert(source.line_start(number), line + source.newline + after)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _group(node: ast.stmt) -> int:
    return group(module_asked(node))


def group(module: str) -> int:
    """0 for the standard library, 1 for what is installed, 2 for the package itself."""
    import sys

    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _key(line: str) -> tuple[int, bool, str]:
    """Sort like isort's default: plain imports before `from` ones, then by module."""
    words = line.split()
    module = words[1] if len(words) > 1 else ""
    return group(module), words[:1] == ["from"], module.lower()
