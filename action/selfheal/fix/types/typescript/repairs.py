"""Which repairs answer which error of the TypeScript compiler, and which rule of eslint. Adding one is a line here."""

from collections.abc import Callable, Iterator

from selfheal.fix.types.mend import Mend
from selfheal.fix.types.typescript.names import correct_path, import_name, nearest_member, take_what_is_meant
from selfheal.fix.types.typescript.script import Script
from selfheal.fix.types.typescript.unused import drop_directive, drop_unused
from selfheal.fix.types.typescript.values import await_promise, compare_strictly, convert_literal, guard

Repairer = Callable[[Script], Iterator[Mend]]

REPAIRS: dict[str, tuple[Repairer, ...]] = {
    "TS2304": (import_name, take_what_is_meant),
    "TS2552": (import_name, take_what_is_meant),
    "TS2503": (import_name, take_what_is_meant),
    **dict.fromkeys(("TS2580", "TS2582", "TS2584", "TS2591", "TS2593"), (import_name,)),
    "TS2663": (take_what_is_meant,),
    "TS2339": (await_promise, nearest_member, take_what_is_meant),
    "TS2551": (take_what_is_meant, nearest_member),
    "TS2561": (take_what_is_meant,),
    "TS2353": (nearest_member,),
    "TS2724": (take_what_is_meant,),
    "TS2820": (take_what_is_meant,),
    "TS2833": (take_what_is_meant,),
    "TS2307": (correct_path,),
    "TS6133": (drop_unused,),
    "TS6192": (drop_unused,),
    "TS6196": (drop_unused,),
    "TS2578": (drop_directive,),
    "TS2531": (guard,),
    "TS2532": (guard,),
    "TS2533": (guard,),
    "TS2721": (guard,),
    "TS2722": (guard,),
    "TS18047": (guard,),
    "TS18048": (guard,),
    "TS18049": (guard,),
    "TS2322": (await_promise, convert_literal),
    "TS2345": (await_promise, convert_literal),
    "TS2801": (await_promise,),
    "TS2365": (await_promise,),
    "no-unused-vars": (drop_unused,),
    "@typescript-eslint/no-unused-vars": (drop_unused,),
    "unused-imports/no-unused-imports": (drop_unused,),
    "eqeqeq": (compare_strictly,),
}
"""What eslint finds and has no fix for is among them."""

_MAX_WAYS = 4


def ways_to_mend(script: Script) -> tuple[Mend, ...]:
    """Give the repairs of a finding, the likeliest first, none twice."""
    found: dict[object, Mend] = {}
    for way in REPAIRS.get(script.failure.code or "", ()):
        for mend in way(script):
            found.setdefault(mend.splices, mend)
    return tuple(found.values())[:_MAX_WAYS]
