"""What the rules without an exact repair ask for, in one line each, and how much of the code their repair needs."""

from dataclasses import dataclass
from enum import StrEnum


class Extent(StrEnum):
    """What the model is shown and gives back."""

    STATEMENT = "statement"
    FUNCTION = "function"
    DOCSTRING = "docstring"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do about a rule. `may_grow` is how many statements more than before there may be."""

    words: str
    extent: Extent = Extent.STATEMENT
    may_grow: int = 3


_HELPER = "Move a part of the function's body into one helper function that it calls. The behaviour stays the same."
_TABLE: tuple[tuple[str, Meaning], ...] = (
    ("C901 R0911 R0912 R0914 R0915 R1702 PLR0911 PLR0912 PLR0915", Meaning(_HELPER, Extent.FUNCTION, 12)),
    ("C0112 C0114 C0115 C0116 D100 D101 D102 D103 D104 D105 D106 D107", Meaning("", Extent.DOCSTRING)),
    ("E1120 E1121 E1123 E1124 E1125", Meaning("Call the function with the arguments that its definition takes.")),
    ("W0603 PLW0603", Meaning("Do without `global`: use a parameter, a return value or an object.", Extent.FUNCTION)),
    ("BLE001 W0718 W0703", Meaning("Catch the errors that the `try` block can raise by their own names.")),
    ("W0719 TRY002", Meaning("Raise an error of a more specific built-in class, with the same message.")),
    ("S110 S112 W0150", Meaning("Catch only the expected error, and log it.")),
    ("E1101 E0611 E1136 E1137 E1135", Meaning("Use an attribute or name that exists.")),
    ("F821 E0602 E0601 F823 E0606", Meaning("Use a name that is defined at this place.", Extent.FUNCTION)),
    ("B006 W0102 B008", Meaning("Use None as the default and make the value in the body.", Extent.FUNCTION)),
    ("B023 W0640", Meaning("Bind the loop's variable now: give the inner function a default argument.")),
    ("SIM102", Meaning("Join the nested `if` statements with `and`.")),
    ("SIM105", Meaning("Use `with contextlib.suppress(...)`, which is imported already.")),
    ("SIM108", Meaning("Use a conditional expression.")),
    ("SIM110 SIM111 C0501", Meaning("Return `any(...)` or `all(...)` instead of the loop.", Extent.FUNCTION)),
    ("SIM115 R1732", Meaning("Use a `with` statement.", Extent.FUNCTION)),
    ("SIM116 SIM114 R1714", Meaning("Merge the branches that do the same.")),
    ("SIM117", Meaning("Use one `with` for both.")),
    ("SIM401 R1715", Meaning("Use `dict.get` with a default.")),
    ("PERF401 PERF402 PERF403 R1713", Meaning("Use a comprehension instead of the loop.", Extent.FUNCTION)),
    ("PERF203 W8201", Meaning("Move the `try` out of the loop.", Extent.FUNCTION)),
    ("PLR2004 R2004", Meaning("Give the number a name in a variable just before.", Extent.STATEMENT)),
    ("C0209 UP031 UP032 UP030", Meaning("Use an f-string. The text stays the same.")),
    ("W0212 SLF001", Meaning("Use a public member instead of the private one.")),
    ("W0631 B020 PLW2901 W2901", Meaning("Use another name for the inner variable.", Extent.FUNCTION)),
    ("R1710 RET503", Meaning("Return an explicit value on all paths.", Extent.FUNCTION)),
    ("ARG001 ARG002 W0613", Meaning("Use the argument as its name says.", Extent.FUNCTION)),
    ("F841 W0612", Meaning("Use the variable, or don't assign it. Keep calls that do something.")),
    ("C0200", Meaning("Use `enumerate`.", Extent.STATEMENT)),
    ("C0206 R1733", Meaning("Use `.items()`.", Extent.STATEMENT)),
    ("DTZ001 DTZ005 DTZ006 DTZ007 DTZ011", Meaning("Give the time zone.")),
    ("W0101 F811", Meaning("Remove the code that is never reached.", Extent.FUNCTION)),
    ("E722 W0702", Meaning("Name the errors that the `try` block can raise.")),
    ("E501 C0301", Meaning("Lay the statement out over several lines. The program stays the same.")),
    ("PTH100 PTH103 PTH107 PTH108 PTH110 PTH112 PTH113 PTH118 PTH119 PTH120 PTH123", Meaning("Use pathlib.Path.")),
    ("EM101 EM102", Meaning("Assign the message to `msg` first, then raise the error with it.")),
)
_MEANINGS = {code: meaning for codes, meaning in _TABLE for code in codes.split()}
_LAYOUT = ("E1", "E2", "E3", "W1", "W2", "W3")
_NOBODYS = (
    "W0511 R0801 C0302 R0902 R0903 R0904 R0913 R0917 PLR0913 PLR0904 ERA001 INP001 CPY001 TD002 TD003 FIX001 FIX002"
    " W0312 E101 W191 I001 COM812 Q000 C0103 N801 N802 N803 N806 F401 W0611 C0411 C0412 R6301 PLR6301 N999"
    " PLR0917 N818 R0901 W0223 W0221 W0236 E0237"
)
"""What a statement's rewrite can't mend: layout, names that others know, the number of things, work to do."""


def meaning_of(code: str) -> Meaning | None:
    """What a rule asks for; the finding's own message says it where the table does not. None where it is no use."""
    if code in _NOBODYS.split() or (len(code) == 4 and code.startswith(_LAYOUT)):
        return None
    return _MEANINGS.get(code, Meaning(""))
