"""Register a pytest marker in the project's own configuration, in the style that is there."""

import re


def registered(path: str, text: str, marker: str) -> str | None:
    """The text with the marker added to `markers`; None where the file holds no configuration of pytest."""
    line = f"{marker}: {marker.replace('_', ' ')} tests"
    if path.endswith(".toml"):
        return _in_toml(text, line)
    section = re.search(r"^\[(?:tool:)?pytest\][^\n]*\n", text, re.MULTILINE)
    if section is None:
        return None
    found = re.compile(r"^markers\s*=[^\n]*\n(?:[ \t]+[^\n]*\n?)*", re.MULTILINE).search(text, section.end())
    other = re.compile(r"^\[", re.MULTILINE).search(text, section.end())
    if found is None or (other is not None and found.start() > other.start()):
        return f"{text[: section.end()]}markers =\n    {line}\n{text[section.end() :]}"
    block = found[0].rstrip("\n")
    indent = re.search(r"\n([ \t]+)", block)
    return f"{text[: found.start()]}{block}\n{indent[1] if indent else '    '}{line}\n{text[found.end() :]}"


def _in_toml(text: str, line: str) -> str | None:
    import tomlkit
    from tomlkit.exceptions import ParseError

    try:
        document = tomlkit.parse(text)
    except (ParseError, ValueError):
        return None
    tool = document.get("tool", {})
    options = tool.get("pytest", {}).get("ini_options") if "pytest" in tool else None
    if options is None:
        return None
    markers = options.get("markers")
    if markers is None:
        options["markers"] = [line]
    elif isinstance(markers, list):
        is_multiline = "\n" in markers.as_string()  # type: ignore[attr-defined]  # tomlkit's arrays are lists that render
        markers.append(line)
        if is_multiline and hasattr(markers, "multiline"):
            markers.multiline(True)
    else:
        return None
    return tomlkit.dumps(document)
