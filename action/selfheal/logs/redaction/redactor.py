"""Mask the secrets of a text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from selfheal.logs.redaction.known import KnownValues
from selfheal.logs.redaction.mask import Span, joined, masked
from selfheal.logs.redaction.ordinary import MIN_RANDOM, is_digest
from selfheal.logs.redaction.rule_set import RuleSet, rule_set
from selfheal.logs.redaction.shapes import Shapes, find_shapes
from selfheal.logs.redaction.views import View, views
from selfheal.logs.redaction.wrapping import Unwrapped, unwrapped

_MAX_PASSES = 8


class Redactor:
    """Masks tokens by their published patterns, and the known `secret_values` wherever they stand.

    A known value is found as it is, encoded and escaped, and by any beginning of it that tells it from other
    values. Secrets are found through colours and over lines that a terminal broke. Takes time linear in the text;
    masking twice changes nothing.
    """

    def __init__(self, secret_values: Sequence[str] = (), *, rules: Callable[[], RuleSet | None] = rule_set) -> None:
        self._known = KnownValues(secret_values)
        self._rules = rules

    def redact(self, text: str) -> str:
        """The text with every secret replaced by `MASK`."""
        data = text.encode("utf-8", "surrogatepass")
        # A mask may end what hid something else: once more, until nothing is found. Most texts hold no secret.
        for _ in range(_MAX_PASSES):
            before, data = data, masked(data, self.find(data))
            if data == before:
                break
        return data.decode("utf-8", "surrogatepass")

    def secrets_in(self, variables: Mapping[str, str]) -> tuple[str, ...]:
        """The secrets that values of environment variables hold, told by their shape, or by name and randomness.

        They are to be known too, so that they are found when a part of them is printed.
        """
        found: set[str] = set()
        for name, value in variables.items():
            data = f"{name}={value}".encode("utf-8", "surrogatepass")
            for start, end in joined(data, self.find(data)):
                if start > len(name.encode("utf-8", "surrogatepass")):
                    found.add(data[start:end].decode("utf-8", "surrogatepass"))
        return tuple(sorted(found, key=lambda one: (-len(one), one)))

    def find(self, data: bytes) -> Iterator[Span]:
        """Where secrets stand in UTF-8, in bytes; spans may overlap."""
        data = data.replace(b"\0", b" ")
        readings = views(data)
        if readings[0].data is not data:
            # A value may hold itself what readers don't see.
            yield from self._known.find(data)
        found = [self._search(view) for view in readings]
        for view, one in zip(readings, found, strict=True):
            yield from map(view.place, one.spans)
        broken = unwrapped(readings[0])
        if broken.breaks:
            yield from self._find_broken(broken, found[0])

    def _find_broken(self, broken: Unwrapped, unbroken: "_Found") -> Iterator[Span]:
        """What lies over the end of a line, and is more than what was found in the lines one by one."""
        found = self._search(broken.view, with_run=False)
        complete = {end for _, end in unbroken.by_rule}
        random = {end for _, end in unbroken.shapes.values}
        for span in found.spans:
            breaks = broken.breaks_in(span)
            if not breaks:
                continue
            line_end = broken.lines[breaks[0]][1]
            if span in found.shapes.values and broken.breaks[breaks[0]] - span[0] >= MIN_RANDOM:
                is_secret = line_end in random  # its beginning would have told
            else:
                # A pattern without an end takes the next line's first word too: only if the word was broken.
                is_exact = span in found.known or (span in found.by_rule and line_end not in complete)
                is_secret = is_exact or all(broken.is_hard(one, by_width=line_end in complete) for one in breaks)
            if is_secret:
                yield broken.view.place(span)

    def _search(self, view: View, *, with_run: bool = True) -> "_Found":
        known, shapes = frozenset(self._known.find(view.data, with_run=with_run)), find_shapes(view.data)
        rules = self._rules()
        spans = rules.find(view.data, (*known, *shapes.tokens)) if rules is not None else ()
        return _Found(known, frozenset(span for span in spans if not is_digest(view.data, span)), shapes)


@dataclass(frozen=True, slots=True)
class _Found:
    """Spans of a view, by what found them."""

    known: frozenset[Span]
    by_rule: frozenset[Span]
    shapes: Shapes

    @property
    def spans(self) -> frozenset[Span]:
        return self.known | self.by_rule | self.shapes.tokens | self.shapes.values
