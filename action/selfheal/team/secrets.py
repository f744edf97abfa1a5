"""What must never be shown: the secrets of an environment, by their names and by their shapes."""

from collections.abc import Iterable, Mapping

from selfheal.logs import Redactor
from selfheal.verify import ScrubbedEnvironment, scrub


def scrubbed(environ: Mapping[str, str], *, keep: Iterable[str] = ()) -> ScrubbedEnvironment:
    """Scrub an environment of what its names and URLs tell, and of values that look like secrets themselves."""
    return scrub(environ, keep=keep, extra_secrets=Redactor().secrets_in(environ))


def secrets_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values to be blacked out wherever they are printed."""
    return scrubbed(environ).secret_values
