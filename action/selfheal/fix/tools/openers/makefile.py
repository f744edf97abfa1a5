"""Makefiles and justfiles: the recipes of the targets that are asked for, variables put in. Pure."""

import re
from dataclasses import dataclass, field

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script, launcher_of
from selfheal.fix.tools.openers.files import text_of
from selfheal.fix.tools.words import join_folder

_VARIABLE = re.compile(r"(?:export )?([A-Za-z_]\w{0,60}) {0,4}(\?|::?|\+)?= ?(.*)$")
_RULE = re.compile(r"([A-Za-z0-9_./ -]{1,200}?) ?::?(?!=)([^=]{0,1000})$")
_JUST_RULE = re.compile(r"@?([A-Za-z_][\w-]{0,80})(?: [^:=]{0,200})?:(?!=)([^=]{0,500})$")
_JUST_VARIABLE = re.compile(r"([A-Za-z_]\w{0,60}) {0,4}:= {0,4}[\"'](.*)[\"']$")
_USE = re.compile(r"\$[({]([A-Za-z_]\w{0,60})[)}]")
_JUST_USE = re.compile(r"\{\{ {0,4}([A-Za-z_]\w{0,60}) {0,4}\}\}")
_SHELL = re.compile(r"\$\(shell ")
_DEEPEST = 8


@dataclass(slots=True)
class _Recipes:
    variables: dict[str, str] = field(default_factory=dict)
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)


def opened(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the recipe lines of the targets, those of their prerequisites first."""
    values = iter(call.values)
    folder: str | None = call.script.folder
    file, targets, given = "", [], {}
    for value in values:
        name, sign, right = value.partition("=")
        if value in ("-C", "--directory"):
            folder = join_folder(folder or "", next(values, ""))
        elif value in ("-f", "--file"):
            file = next(values, "")
        elif sign and name.isidentifier():
            given[name] = right
        elif not value.startswith("-") and not value.isdigit():
            targets.append(value)
    text = text_of(tree, folder, file or "GNUmakefile", "makefile", "Makefile") if folder is not None else ""
    recipes = _parsed(text)
    recipes.variables |= given
    targets = targets or [name for name in recipes.lines if not name.startswith(".")][:1]
    return _scripts(recipes, targets, call, folder or "", _USE)


def opened_just(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the lines of the recipes, those of their dependencies first."""
    recipes = _parsed_just(text_of(tree, call.script.folder, "justfile", "Justfile", ".justfile"))
    targets = [value for value in call.values if not value.startswith("-")] or [*recipes.lines][:1]
    return _scripts(recipes, targets, call, call.script.folder, _JUST_USE)


def _scripts(
    recipes: _Recipes, targets: list[str], call: Call, folder: str, use: re.Pattern[str]
) -> tuple[Script, ...]:
    ordered: list[str] = []

    def visit(target: str, depth: int) -> None:
        if target in ordered or depth > _DEEPEST or target not in recipes.lines:
            return
        for needed in recipes.needs.get(target, ()):
            visit(needed, depth + 1)
        ordered.append(target)

    for target in targets:
        visit(target, 0)
    texts = [_put_in(line, recipes.variables, use) for target in ordered for line in recipes.lines[target]]
    return tuple(Script(text, folder, launcher_of(call)) for text in texts)


def _put_in(line: str, variables: dict[str, str], use: re.Pattern[str]) -> str:
    for _ in range(_DEEPEST):
        new = use.sub(lambda found: variables.get(found.group(1), found.group()), line)
        if new == line or len(new) > 20_000:
            break
        line = new
    if use is _USE:
        # What make does not know may come from the environment, where the shell knows it too.
        line = use.sub(lambda found: f"${{{found.group(1)}}}", _SHELL.sub("$(", line)).replace("$$", "$")
    return line.lstrip("@-+ \t")


def _parsed(text: str) -> _Recipes:
    recipes = _Recipes({"MAKE": "make"})
    current: tuple[str, ...] = ()
    for line in text.replace("\\\n", " ").split("\n"):
        if line.startswith("\t"):
            for name in current:
                recipes.lines[name].append(line.strip())
        elif not line.strip() or line.startswith("#"):
            continue
        elif (variable := _VARIABLE.match(line.strip())) is not None:
            name, how, value = variable.groups()
            value = value.partition(" #")[0].strip()
            if how == "+":
                recipes.variables[name] = f"{recipes.variables.get(name, '')} {value}".strip()
            elif how != "?" or name not in recipes.variables:
                recipes.variables[name] = value
        elif (rule := _RULE.match(line.partition("#")[0].rstrip())) is not None:
            needs, _, recipe = rule.group(2).partition(";")
            current = tuple(rule.group(1).split())
            for name in current:
                recipes.needs[name] = (*recipes.needs.get(name, ()), *needs.replace("|", " ").split())
                recipes.lines.setdefault(name, []).extend([recipe.strip()] if recipe.strip() else [])
        else:
            current = ()
    for phony in recipes.needs.get(".PHONY", ()):
        recipes.lines.setdefault(phony, [])
    return recipes


def _parsed_just(text: str) -> _Recipes:
    recipes = _Recipes()
    current = ""
    for line in text.replace("\\\n", " ").split("\n"):
        if line[:1] in (" ", "\t"):
            if current:
                recipes.lines[current].append(line.strip())
        elif (variable := _JUST_VARIABLE.match(line)) is not None:
            recipes.variables[variable.group(1)] = variable.group(2)
        elif (rule := _JUST_RULE.match(line)) is not None:
            current = rule.group(1)
            recipes.needs[current] = tuple(rule.group(2).split())
            recipes.lines[current] = []
    return recipes
