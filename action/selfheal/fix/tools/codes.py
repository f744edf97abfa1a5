"""Which of ruff's rules is the same as a code of pylint's or flake8's. Data from the tools' own lists of rules."""

import re

LAYOUT = re.compile(r"(?:E1|E2|E3|E50|W1|W2|W3|W6)\d{1,2}$")
"""pycodestyle's codes about blanks, blank lines and long lines: a formatter's work."""

PYLINT: dict[str, tuple[str, ...]] = {
    "C0303": ("W291", "W293"),
    "C0304": ("W292",),
    "C0305": ("W391",),
    "C0410": ("E401",),
    "C0411": ("I001",),
    "C0412": ("I001",),
    "W0611": ("F401",),
    "W0612": ("F841",),
    "W0301": ("E703",),
    "W0107": ("PIE790",),
    "W0404": ("F811",),
    "W0127": ("PLW0127",),
    "W1309": ("F541",),
    "W1401": ("W605",),
    "W1514": ("PLW1514",),
    "W4901": ("UP",),
    "C0121": ("E711", "E712"),
    "C0123": ("E721",),
    "C0113": ("SIM208",),
    "C0117": ("SIM208",),
    "C0201": ("SIM118",),
    "C0208": ("PLC0208",),
    "C0209": ("UP031", "UP032"),
    "C0325": ("UP034",),
    "C0414": ("PLC0414",),
    "C0501": ("PLR5501",),
    "R0205": ("UP004",),
    "R0402": ("PLR0402",),
    "R1701": ("PLR1701",),
    "R1705": ("RET505",),
    "R1711": ("PLR1711",),
    "R1714": ("PLR1714",),
    "R1716": ("PLR1716",),
    "R1718": ("C401",),
    "R1717": ("C402", "C404"),
    "R1720": ("RET506",),
    "R1721": ("C416",),
    "R1722": ("PLR1722",),
    "R1723": ("RET508",),
    "R1724": ("RET507",),
    "R1725": ("UP008",),
    "R1728": ("C419",),
    "R1729": ("C419",),
    "R1730": ("PLR1730",),
    "R1731": ("PLR1730",),
    "R1732": ("SIM115",),
    "R1733": ("PLR1733",),
    "R1734": ("C408",),
    "R1735": ("C408",),
    "R1736": ("PLR1736",),
    "R5501": ("PLR5501",),
    "C1802": ("PLC1802",),
    "C2401": ("PLC2401",),
}
"""pylint's codes with a rule of ruff's that rewrites the same thing."""
SYMBOLS: dict[str, str] = {
    "trailing-whitespace": "C0303",
    "missing-final-newline": "C0304",
    "trailing-newlines": "C0305",
    "unused-import": "W0611",
    "unused-variable": "W0612",
    "unnecessary-pass": "W0107",
    "unnecessary-semicolon": "W0301",
    "wrong-import-order": "C0411",
    "ungrouped-imports": "C0412",
    "multiple-imports": "C0410",
    "singleton-comparison": "C0121",
    "f-string-without-interpolation": "W1309",
    "useless-object-inheritance": "R0205",
    "super-with-arguments": "R1725",
    "no-else-return": "R1705",
    "no-else-raise": "R1720",
    "useless-return": "R1711",
    "consider-using-f-string": "C0209",
    "consider-using-from-import": "R0402",
    "superfluous-parens": "C0325",
}
"""pylint's names of the most common of them: some of its formats print no code."""
_FLAKE8 = re.compile(r"(?:E|W|F|C4|UP|B|SIM|PIE|RET|PT|Q|D|I|ISC|COM|PERF|FURB|TC|RSE|FLY)\d{1,4}$")
_ISORT = re.compile(r"I\d{3}$")


def ruff_rules(tool: str, code: str | None) -> tuple[str, ...]:
    """Name ruff's rules for a finding of flake8 or pylint; empty where it has none that rewrites."""
    if not code:
        return ()
    if tool == "pylint":
        return PYLINT.get(SYMBOLS.get(code, code), ())
    if _ISORT.match(code):
        return ("I001",)
    if code == "C812":
        return ("COM812",)
    return (code,) if _FLAKE8.match(code) else ()
