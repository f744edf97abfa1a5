"""An attribute, keyword, key or name that is spelt wrong: the nearest of what exists takes its place."""

import ast
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from selfheal.fix.types.existing import (
    attributes_named,
    class_members,
    keywords_used,
    module_names,
    parameters_of,
    standard_parameters,
    typed_dict_keys,
    visible_names,
)
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice, replacing
from selfheal.fix.types.project import called_name

_ATTRIBUTE = (
    r'Item "(?P<owner>[^"]+)" of "[^"]*" has no attribute "(?P<name>\w+)"',
    r'(?P<module>Module)(?: "[\w.]*")? has no attribute "(?P<name>\w+)"',
    r'(?:^|")(?P<owner>[^"]*)"? has no attribute "(?P<name>\w+)"',
    r'Cannot access attribute "(?P<name>\w+)" for class "(?P<owner>[^"]+)"',
    r'"(?P<name>\w+)" is not a known attribute of module "(?P<owner>[\w.]+)"',
    r'"(?P<name>\w+)" is unknown import symbol',
    r'Module "?(?P<owner>[\w.]*)"? has no attribute "(?P<name>\w+)"',
)
_KEYWORD = (
    r'Unexpected keyword argument "(?P<name>\w+)" for "?(?P<owner>\w+)"?',
    r'No parameter named "(?P<name>\w+)"',
    r'No overloads for "(?P<owner>\w+)" match the provided arguments',
    r'No overload variant of "(?P<owner>\w+)"(?: of "\w+")? matches argument types?',
)
_KEY = (
    r'TypedDict "(?P<owner>[\w.]+)" has no key "(?P<name>[^"]+)"',
    r'Extra key "(?P<name>[^"]+)" for TypedDict "(?P<owner>[\w.]+)"',
    r'"(?P<name>[^"]+)" is (?:not a defined key|an undefined item) in (?:type )?"(?P<owner>[\w.]+)"',
)
_NAME = (r'Name "(?P<name>\w+)" is not defined', r'^"(?P<name>\w+)" is not defined')
_DOTTED = r'Name "(?P<owner>[\w.]+)\.(?P<name>\w+)" is not defined'
_HINT = re.compile(r"(?:maybe|[Dd]id you mean) ((?:\"[^\"]+\"(?:, or | or |, )?)+)\?")
_CLOSER = 0.75
"""For names that something else has: nobody knows what the owner has."""
_CLOSE = 0.6
"""Low: the checker tells whether it was the right one."""


def correct_attribute(finding: Finding) -> Iterator[Mend]:
    """Put the nearest attribute in the place of one that does not exist."""
    found = finding.search(*_ATTRIBUTE)
    if found is None:
        return
    wrong = found["name"]
    owner = found.groupdict().get("owner") or ""
    source = finding.source
    for statement in finding.nodes(ast.ImportFrom):
        for alias in statement.names:
            if alias.name == wrong:
                for right in _nearest(finding, wrong, module_names(finding.project, statement.module or "")):
                    start = source.span(alias)[0]
                    text = right if alias.asname else f"{right} as {wrong}"
                    uses = () if alias.asname else _uses(finding, wrong, right)
                    splice = Splice(source.path, start, start + len(wrong), right if uses or alias.asname else text)
                    yield Mend((splice, *uses), f"{statement.module} has {right}, not {wrong}")
    for node in finding.nodes(ast.Attribute):
        if node.attr != wrong:
            continue
        is_module = "module" in finding.message.lower()
        known = class_members(finding.project, owner) if owner and not is_module else frozenset[str]()
        known = known or module_names(finding.project, _module_of(finding, node))
        near = _nearest(finding, wrong, known)
        for right in near or get_close_matches(wrong, attributes_named(finding.project, wrong), n=2, cutoff=_CLOSER):
            end = source.span(node)[1]
            splice = Splice(source.path, end - len(wrong), end, right)
            yield Mend((splice,), f"{owner or 'it'} has {right}, not {wrong}")


def correct_keyword(finding: Finding) -> Iterator[Mend]:
    """Put the nearest parameter's name in the place of a keyword that does not exist."""
    found = finding.search(*_KEYWORD)
    if found is None:
        return
    told = found.groupdict().get("name")
    for call in finding.nodes(ast.Call):
        name = called_name(call)
        standard = standard_parameters(finding.source, name) if name else ()
        known = (*parameters_of(finding.project, name), *standard) if name else ()
        for keyword in call.keywords:
            wrong = keyword.arg
            # Of overloads nobody tells which keyword none of them has.
            is_it = wrong == told if told else name == found["owner"] and bool(standard) and wrong not in standard
            if wrong is None or not is_it:
                continue
            given = {one.arg for one in call.keywords}
            start = finding.source.span(keyword)[0]
            near = _nearest(finding, wrong, [one for one in known if one not in given])
            for right in near or get_close_matches(wrong, keywords_used(finding.project) - given, n=2, cutoff=_CLOSER):
                splice = Splice(finding.source.path, start, start + len(wrong), right)
                yield Mend((splice,), f"{name}() takes {right}, not {wrong}")


def correct_key(finding: Finding) -> Iterator[Mend]:
    """Put the nearest key of a TypedDict in the place of one that it does not have."""
    found = finding.search(*_KEY)
    if found is None:
        return
    wrong = found["name"]
    for node in sorted(finding.nodes(ast.Constant), key=lambda one: one.lineno):
        if node.value != wrong:
            continue
        for right in _nearest(finding, wrong, typed_dict_keys(finding.project, found["owner"])):
            text = finding.source.segment(node).replace(wrong, right)
            yield Mend((replacing(finding.source, node, text),), f"{found['owner']} has the key {right}, not {wrong}")


def correct_name(finding: Finding) -> Iterator[Mend]:
    """Put the nearest name that is visible there in the place of one that is not defined."""
    found = finding.search(*_NAME)
    if found is None:
        return
    wrong = found["name"]
    nodes = [node for node in finding.nodes(ast.Name) if node.id == wrong and isinstance(node.ctx, ast.Load)]
    for right in _nearest(finding, wrong, visible_names(finding.source, nodes[0]) if nodes else ()):
        splices = tuple(replacing(finding.source, node, right) for node in nodes)
        yield Mend(splices, f"{wrong} is not defined, {right} is")


def correct_dotted(finding: Finding) -> Iterator[Mend]:
    """Put the nearest name of a module in the place of one that it does not have: `collections.abc.Iterbale`."""
    found = finding.search(_DOTTED)
    for node in finding.nodes(ast.Attribute) if found is not None else ():
        if found is not None and node.attr == found["name"]:
            for right in _nearest(finding, node.attr, module_names(finding.project, found["owner"])):
                end = finding.source.span(node)[1]
                splice = Splice(finding.source.path, end - len(node.attr), end, right)
                yield Mend((splice,), f"{found['owner']} has {right}, not {node.attr}")


def _nearest(finding: Finding, wrong: str, known: Iterable[str]) -> list[str]:
    """Give what the checker proposes, then what is spelt alike."""
    hint = _HINT.search(finding.message)
    told = re.findall(r'"([^"]+)"', hint.group(1)) if hint else []
    close = get_close_matches(wrong, sorted({one for one in known if one != wrong}), n=3, cutoff=_CLOSE)
    return [one for one in dict.fromkeys([*told, *close]) if not one.startswith("__") or wrong.startswith("_")]


def _uses(finding: Finding, wrong: str, right: str) -> tuple[Splice, ...]:
    """Rename what uses an imported name, where nothing else in the file has the right one."""
    names = [node for node in ast.walk(finding.source.tree) if isinstance(node, ast.Name)]
    if any(node.id == right for node in names):
        return ()
    return tuple(replacing(finding.source, node, right) for node in names if node.id == wrong)


def _module_of(finding: Finding, node: ast.Attribute) -> str:
    """Name the module that an attribute is taken from, by the file's imports."""
    text = finding.source.segment(node.value)
    for one in ast.walk(finding.source.tree):
        if isinstance(one, ast.Import):
            for alias in one.names:
                if (alias.asname or alias.name) == text:
                    return alias.name
                if alias.asname is None and alias.name.startswith(f"{text}."):
                    return text
        elif isinstance(one, ast.ImportFrom) and one.module:
            for alias in one.names:
                if (alias.asname or alias.name) == text:
                    return f"{one.module}.{alias.name}"
    return ""
