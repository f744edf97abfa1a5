"""tox and nox: the commands of the environments that are asked for. Pure."""

import ast
import configparser
import re
import shlex
from collections.abc import Iterator, Mapping

from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call, Script, launcher_of
from selfheal.fix.tools.openers.files import table_of, text_of, toml_of

_FACTOR = re.compile(r"([!\w.,{}-]{1,80}):\s+")
_POSARGS = re.compile(r"\{posargs(?::([^{}]{0,500}))?\}")
_REFERENCE = re.compile(r"\{\[([\w:.-]{1,80})\]([\w-]{1,60})\}")
_ENVIRONMENT = re.compile(r"\{env:\w{1,60}(?::([^{}]{0,200}))?\}")
_FOLDERS = re.compile(r"\{(?:toxinidir|tox_root|envbindir|env_bin_dir)\}(/?)")


def opened_tox(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give the commands, each to be run by `tox exec` in its environment."""
    values, posargs = _before_dashes(call.values)
    config = _tox_config(tree, call.script.folder)
    names = _asked(values, ("-e", "--env")) or _listed(config.get("tox", {}))
    return tuple(
        Script(text, call.script.folder, (*launcher_of(call), "tox", "exec", "-q", "-e", name, "--"))
        for name in names
        for text in _tox_commands(config, name, posargs)
    )


def opened_nox(call: Call, tree: TreeView) -> tuple[Script, ...]:
    """Give what the sessions run, their environments' programs first on the PATH."""
    values, _ = _before_dashes(call.values)
    wanted = {name.partition("-")[0] for name in _asked(values, ("-s", "-e", "--session", "--sessions"))}
    try:
        module = ast.parse(text_of(tree, call.script.folder, "noxfile.py"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    scripts = []
    for node in module.body:
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        if wanted and not wanted & {node.name, node.name.replace("_", "-")}:
            continue
        bin_folder = f".nox/{node.name}/bin"
        scripts += [Script(text, call.script.folder, launcher_of(call), (bin_folder,)) for text in _runs(node)]
    return tuple(scripts)


def _runs(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "run":
            continue
        plain = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        others = [one for one in node.args if not isinstance(one, ast.Constant | ast.Starred)]
        if plain and not others:
            yield shlex.join(plain)


def _before_dashes(values: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    at = values.index("--") if "--" in values else len(values)
    return values[:at], values[at + 1 :]


def _asked(values: tuple[str, ...], options: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    is_named = False
    for value in values:
        option, sign, joined = value.partition("=")
        if option in options:
            is_named = not sign
            found += joined.split(",") if sign else []
        elif value[:2] in options and not value.startswith("--"):
            found += value[2:].split(",")
        elif value.startswith("-"):
            is_named = False
        elif is_named:
            found += value.split(",")
    return [name for name in found if name]


def _tox_config(tree: TreeView, folder: str) -> Mapping[str, Mapping[str, str]]:
    pyproject = table_of(toml_of(tree, folder, "pyproject.toml"), "tool", "tox")
    text = text_of(tree, folder, "tox.ini") or str(pyproject.get("legacy_tox_ini", ""))
    if text:
        parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
        try:
            parser.read_string(text)
        except configparser.Error:
            return {}
        return {section: dict(parser.items(section)) for section in parser.sections()}
    content = toml_of(tree, folder, "tox.toml") or pyproject
    found = {"testenv": _flat(table_of(content, "env_run_base"))}
    for name, environment in table_of(content, "env").items():
        found[f"testenv:{name}"] = _flat(environment if isinstance(environment, Mapping) else {})
    listed = content.get("env_list", [])
    return found | {"tox": {"env_list": ",".join(map(str, listed)) if isinstance(listed, list) else ""}}


def _flat(environment: Mapping[str, object]) -> dict[str, str]:
    commands = environment.get("commands")
    if not isinstance(commands, list):
        return {}
    plain = [[str(word) for word in words if isinstance(word, str)] for words in commands if isinstance(words, list)]
    return {"commands": "\n".join(shlex.join(words) for words in plain)}


def _listed(section: Mapping[str, str]) -> list[str]:
    text = section.get("env_list") or section.get("envlist") or ""
    return [] if "{" in text else [name for name in re.split(r"[\s,]+", text) if name]


def _tox_commands(config: Mapping[str, Mapping[str, str]], name: str, posargs: tuple[str, ...]) -> Iterator[str]:
    section = config.get(f"testenv:{name}", {})
    base = config.get("testenv", {})
    if section.get("changedir") or section.get("change_dir"):
        return
    text = (section.get("commands") or base.get("commands") or "").replace("\\\n", " ")
    text = _REFERENCE.sub(lambda found: config.get(found.group(1), {}).get(found.group(2), ""), text)
    for raw in text.split("\n"):
        line = raw.strip().lstrip("-!").strip()
        if (factor := _FACTOR.match(line)) is not None:
            if not set(re.split(r"[,{}-]+", factor.group(1))) & {name, *name.split("-")}:
                continue
            line = line[factor.end() :]
        line = _POSARGS.sub(lambda found: shlex.join(posargs) if posargs else found.group(1) or "", line)
        line = _ENVIRONMENT.sub(lambda found: found.group(1) or "", line)
        line = _FOLDERS.sub(lambda found: "" if found.group(1) else ".", line).replace("{envpython}", "python")
        if line and not line.startswith("#"):
            yield line
