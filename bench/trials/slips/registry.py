"""All slips by the name of their kind."""

from collections.abc import Callable, Iterable

from planting.source import Source, Splice
from trials.slips import names, operators, statements

SLIPS: dict[str, Callable[[Source], Iterable[Splice]]] = {
    "boundary": operators.boundary,
    "comparison": operators.comparison,
    "arithmetic": operators.arithmetic,
    "connective": operators.connective,
    "lost condition": operators.lost_condition,
    "lost not": operators.lost_not,
    "off by one": operators.off_by_one,
    "slice bound": operators.slice_bound,
    "truth": operators.truth,
    "wrong variable": names.wrong_variable,
    "wrong attribute": names.wrong_attribute,
    "wrong method": names.wrong_method,
    "swapped arguments": names.swapped_arguments,
    "lost argument": names.lost_argument,
    "lost call": names.lost_call,
    "wrong default": names.wrong_default,
    "lost guard": statements.lost_guard,
    "lost statement": statements.lost_statement,
    "lost branch": statements.lost_branch,
    "exchanged statements": statements.exchanged,
    "lost return": statements.lost_return,
    "break for continue": statements.break_for_continue,
    "out of the loop": statements.out_of_the_loop,
    "narrower except": statements.narrower_except,
}
