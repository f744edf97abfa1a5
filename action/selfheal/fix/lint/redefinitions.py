"""Definitions that a later one replaces: the one that nobody can see goes."""

import ast
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Definition, ImportNode, Source
from selfheal.fix.lint.statements import block_of, delete
from selfheal.fix.lint.unused_imports import remove_aliases, statement_at

_LINE = re.compile(r"(?:from line|imported line|defined line|line) (\d{1,7})")


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    source, finding = spot.source, spot.finding
    again = statement_at(source, finding.line)
    if again is not None:
        return _import_again(source, again, finding.name)
    earlier_line = _LINE.search(finding.message)
    if earlier_line is None:
        return ()
    later = next((n for n in source.nodes(ast.stmt) if _is_definition_at(n, finding.line)), None)
    name = getattr(later, "name", "")
    first = int(earlier_line.group(1))
    imported = statement_at(source, first)
    if imported is not None and later is not None:
        gone = [a for a in imported.names if (a.asname or a.name.partition(".")[0]) == name]
        if not gone or _is_read_between(source, name, imported.end_lineno or 0, finding.line):
            return ()
        splices = remove_aliases(source, imported, gone)
        return (Rewrite(splices, f"the import of {name} was replaced by the definition below before it was used"),)
    earlier = next((n for n in source.nodes(ast.stmt) if _is_definition_at(n, first)), None)
    if later is None or earlier is None or getattr(earlier, "name", None) != name:
        return ()
    if later not in block_of(source, earlier) or _is_read_between(source, name, earlier.end_lineno or 0, later.lineno):
        return ()
    same = ast.dump(later) == ast.dump(earlier)
    gone_one = later if same else earlier
    doubt = "" if same else ", but one of the two may have been meant to have another name"
    which = (
        "is there twice" if same else "was replaced by the later definition of the same name before anything used it"
    )
    return (Rewrite((delete(source, gone_one),), f"{name} {which}{doubt}", is_sure=same),)


def _import_again(source: Source, again: ImportNode, name: str) -> tuple[Rewrite, ...]:
    """The second import of the same thing in one scope, or one that the file's top already has."""
    twice = []
    for alias in again.names:
        bound = alias.asname or alias.name
        if name and bound.rpartition(".")[2] != name.rpartition(".")[2] and alias.name != name:
            continue
        for earlier in source.imports():
            is_before = earlier.lineno < again.lineno or (earlier is again)
            seen = [a for a in earlier.names if ast.dump(a) == ast.dump(alias) and a is not alias]
            if earlier is again:
                seen = [a for a in seen if again.names.index(a) < again.names.index(alias)]
            same_module = getattr(earlier, "module", None) == getattr(again, "module", None)
            if is_before and seen and same_module and type(earlier) is type(again) and _is_seen(source, earlier, again):
                twice.append(alias)
                break
    if not twice:
        return ()
    return (Rewrite(remove_aliases(source, again, twice), f"{name or 'the module'} is already imported"),)


def _is_seen(source: Source, earlier: ast.stmt, again: ast.stmt) -> bool:
    """The earlier import surely ran: it stands at the top of the module or of the same function."""
    holder = source.parent(earlier)
    return holder is source.tree or holder is source.parent(again)


def _is_definition_at(node: ast.stmt, line: int) -> bool:
    if not isinstance(node, Definition):
        return False
    return line in (node.lineno, *(decorator.lineno for decorator in node.decorator_list))


def _is_read_between(source: Source, name: str, first: int, last: int) -> bool:
    return any(use.id == name and first < use.lineno < last for use in source.nodes(ast.Name))


RULES: tuple[Rule, ...] = (rule("F811 E0102 W0404", _repair),)
