"""Names that documentation speaks of and that don't exist: the nearest one that does."""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.places import nearest
from selfheal.fix.documentation.page import PAGES, Page, pages, root_of
from selfheal.fix.import_name import modules_of
from selfheal.fix.syntax.damage import decoded

ROLES = (
    "ref", "doc", "term", "func", "meth", "class", "mod", "attr", "exc", "data", "obj", "const", "py:func",
    "py:meth", "py:class", "py:mod", "py:attr", "py:exc", "py:data", "py:obj", "math", "code", "command", "file",
    "kbd", "option", "envvar", "program", "guilabel", "menuselection", "numref", "download", "pep", "rfc", "sub",
    "sup", "literal", "abbr", "dfn", "eq", "any", "keyword", "token", "samp",
)  # fmt: skip
DIRECTIVES = (
    "note", "warning", "tip", "hint", "important", "caution", "danger", "error", "attention", "admonition",
    "seealso", "versionadded", "versionchanged", "versionremoved", "deprecated", "toctree", "code-block",
    "literalinclude", "include", "image", "figure", "table", "list-table", "csv-table", "contents", "rubric",
    "math", "glossary", "only", "index", "autoclass", "autofunction", "automodule", "automethod", "autoattribute",
    "autodata", "autoexception", "autosummary", "currentmodule", "module", "function", "class", "method",
    "attribute", "data", "exception", "raw", "replace", "container", "epigraph", "topic", "sidebar",
    "parsed-literal", "highlight", "productionlist", "centered", "hlist", "doctest", "testcode", "testoutput",
    "testsetup", "todo", "code",
)  # fmt: skip
LEXERS = (
    "python", "python3", "pycon", "console", "bash", "shell", "sh", "text", "none", "json", "yaml", "toml", "ini",
    "c", "cpp", "java", "javascript", "js", "typescript", "ts", "html", "css", "xml", "sql", "rst", "markdown",
    "diff", "go", "rust", "ruby", "php", "make", "docker", "dockerfile", "powershell", "batch", "http", "pytb",
    "ipython", "ipython3", "default", "cfg", "jinja", "kotlin", "swift",
)  # fmt: skip
_LABEL = re.compile(r"^\s*\.\. _`?([^:`]+)`?:\s*$")
_TARGET = re.compile(r"^\s*\.\. _`?([^:`]+)`?:")
_SUBSTITUTION = re.compile(r"^\s*\.\. \|([^|]+)\| ")


def label(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`:ref:` to a label."""
    known = [found[1] for other in pages(tree, *PAGES) for code in other.lines if (found := _LABEL.match(code))]
    yield from _replaced(page, match[1], known)


def document(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`:doc:` and `toctree` entries: named from the page's own folder, or from the root with a slash."""
    wrong = match[1]
    yield from _replaced(page, wrong, _documents(tree, page, is_absolute=wrong.startswith("/")), reach=60)


def role(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`:fnuc:`."""
    yield from _replaced(page, match[1], ROLES)


def directive(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`.. codeblock::`."""
    yield from _replaced(page, match[1], DIRECTIVES)


def lexer(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`.. code-block:: pyhton`."""
    yield from _replaced(page, match[1], LEXERS, reach=3)


def symbol(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """A reference to a function, class or module of the repository."""
    known = sorted(_symbols(tree))
    yield from _replaced(page, match[1], known)
    short = [name.rpartition(".")[2] for name in known]
    if "." not in match[1]:
        yield from _replaced(page, match[1], short)


def documented(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`.. autofunction:: shop.core.sel`: the name that autodoc can't import, as any page writes it."""
    wrong = f"{match[2]}.{match[1]}" if match[2] else match[1]
    text = "\n".join(page.lines)
    if wrong not in text:
        return
    known = _symbols(tree)
    if wrong not in known:
        yield from _replaced(page, wrong, sorted(known), reach=len(page.lines))


def citation(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`[name]_` with its `.. [name]` on the same page."""
    shape = re.compile(r"^\s*\.\. \[([\w-]+)\] ")
    yield from _replaced(page, match[1], [found[1] for code in page.lines if (found := shape.match(code))])


def target(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`name_` with its `.. _name:` on the same page: the side that nothing else agrees with is the wrong one."""
    lines = {found[1]: number for number, code in enumerate(page.lines, 1) if (found := _TARGET.match(code))}
    right = nearest(match[1], [name for name in lines if name != match[1]])
    if right is None:
        return
    used = re.compile(rf"(?<![\w]){re.escape(right)}`?_(?!\w)")
    if not any(used.search(code) for code in page.lines):
        code = page.code(lines[right])
        yield page.with_lines(lines[right], lines[right], code.replace(right, match[1], 1))
    shape = re.compile(rf"(?<![\w.-]){re.escape(match[1])}(?=`?_(?!\w))", re.IGNORECASE)
    for line in range(max(page.line - 2, 1), len(page.lines) + 1):
        if (found := shape.search(page.code(line))) is not None:
            code = page.code(line)
            yield page.with_lines(line, line, code[: found.start()] + right + code[found.end() :])
            return


def substitution(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`|name|`."""
    known = [found[1] for code in page.lines if (found := _SUBSTITUTION.match(code))]
    yield from _replaced(page, match[1], known)


def file(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """An image, a download or an included file: the nearest in the tree, named as the page names it."""
    wrong = PurePosixPath(match[1])
    folder = str(PurePosixPath(page.path).parent)
    alike = [path for path in tree.paths() if PurePosixPath(path).suffix == wrong.suffix and path != page.path]
    known = [os.path.relpath(path, folder) for path in alike]
    written = next((part for part in _written(page) if str(wrong).endswith(part.lstrip("./")) and part), str(wrong))
    same = [path for path in known if PurePosixPath(path).name == wrong.name]
    if len(same) == 1:
        known = same
        yield from _put(page, written, same[0], reach=3)
        return
    yield from _replaced(page, written, known, reach=3)


def duplicate_label(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """A label that stands twice: the later one goes, for references lead to one place only."""
    for line in (page.line, page.line - 1, page.line - 2, *range(len(page.lines), 0, -1)):
        found = _LABEL.match(page.code(line))
        if found is not None and found[1].lower() == match[1].lower():
            last = line + 1 if not page.code(line + 1).strip() else line
            yield page.with_lines(line, last)
            return


def _written(page: Page) -> Iterator[str]:
    for line in range(max(page.line - 2, 1), page.line + 4):
        yield from re.findall(r"(?:::|<|`)\s*([\w./-]+\.\w+)", page.code(line))


def _replaced(page: Page, wrong: str, known: Iterable[str], *, reach: int = 12) -> Iterator[Page]:
    names = [name for name in dict.fromkeys(known) if name != wrong]
    right = nearest(wrong, names)
    if right is not None:
        yield from _put(page, wrong, right, reach=reach)


def _put(page: Page, wrong: str, right: str, *, reach: int) -> Iterator[Page]:
    shape = re.compile(rf"(?<![\w.-]){re.escape(wrong)}(?![\w-])")
    first = page.line or 1
    for line in (*range(first, min(first + reach, len(page.lines)) + 1), first - 1, first - 2):
        if (found := shape.search(page.code(line))) is not None:
            code = page.code(line)
            yield page.with_lines(line, line, code[: found.start()] + right + code[found.end() :])
            return


def _documents(tree: TreeView, page: Page, *, is_absolute: bool) -> list[str]:
    root = root_of(tree, page.path)
    folder = str(PurePosixPath(page.path).parent)
    found = []
    for path in tree.paths():
        if path.startswith(root) and path.endswith((".rst", ".md")) and path != page.path:
            stem = str(PurePosixPath(path).with_suffix(""))
            found.append(f"/{stem.removeprefix(root)}" if is_absolute else os.path.relpath(stem, folder))
    return found


def _symbols(tree: TreeView) -> set[str]:
    found = modules_of(tree)
    for path in tree.paths():
        if not path.endswith(".py") or (text := decoded(tree.read(path))) is None:
            continue
        module = str(PurePosixPath(path).with_suffix("")).removeprefix("src/").replace("/", ".")
        module = module.removesuffix(".__init__")
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(f"{module}.{node.name}")
            if isinstance(node, ast.ClassDef):
                inner = (child for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))
                found |= {f"{module}.{node.name}.{child.name}" for child in inner}
    return found
