"""A literal of another type than is said there: the same value, written as one of that type."""

import ast


def written_as(text: str, value: object, want: str) -> str | None:
    """Write a literal as one of a wanted type, or of a member of that union; None where the value would be another.

    `text` is the literal as it stands, `want` the type as an annotation says it.
    """
    members = [member.strip() for member in want.split("|")]
    if isinstance(value, str):
        return _read(value, members) or (_bytes(text) if "bytes" in members else None)
    return next((written for member in members if (written := _other(text, value, member)) is not None), None)


def _read(inside: str, members: list[str]) -> str | None:
    """Take the quotes off what is a literal of its own: "2", "-1.5", "False", "None"."""
    inside = inside.strip()
    word = {"true": "True", "false": "False"}.get(inside, inside)
    try:
        value = ast.literal_eval(word)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    kind = "None" if value is None else type(value).__name__
    if isinstance(value, int | float | bool | None) and (kind in members or (kind == "int" and "float" in members)):
        return word
    return None


def _bytes(text: str) -> str | None:
    return f"b{text}" if text.isascii() and text[0] in "\"'" else None


def _other(text: str, value: object, member: str) -> str | None:
    """Write a literal as one of another type. What a truth value as text would mean, no one can tell."""
    match value, member:
        case bool(), _:
            return None
        case int() | float(), "str":
            return f'"{text}"'
        case bytes(), "str" if text[0] in "bB" and text[1] in "\"'":
            return text[1:]
        case float(number), "int" if number.is_integer():
            return str(int(number))
        case int(number), "bool" if number in (0, 1):
            return str(bool(number))
        case _:
            return None
