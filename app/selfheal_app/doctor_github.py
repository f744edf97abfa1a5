"""What only GitHub can tell: whether it knows the App, what the App may, and whether events come through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from selfheal_app.app_manifest import missing_events, missing_permissions
from selfheal_app.settings import AppSettings

_TIMEOUT_S = 10.0
_MOST_SKEW_S = 30.0
_LAST = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was checked, what was seen, and how to mend it where it is not right."""

    name: str
    is_ok: bool
    seen: str
    mend: str = ""


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True)


class _App(_Known):
    slug: str
    permissions: Mapping[str, str] = {}
    events: tuple[str, ...] = ()


class _Hook(_Known):
    url: str = ""
    insecure_ssl: str | int = "0"


class _Delivery(_Known):
    status_code: int
    status: str = ""


class _Deliveries(_Known):
    all: tuple[_Delivery, ...]


async def ask_github(settings: AppSettings) -> tuple[Check, ...]:
    """The checks, as far as GitHub answers."""
    from githubkit import AppAuthStrategy, GitHub
    from githubkit.cache import MemCacheStrategy
    from githubkit.exception import GitHubException, RequestFailed

    url = settings.github_api_url
    strategy = AppAuthStrategy(settings.app_id(), settings.private_key())
    try:
        # a cache of its own: the library's shared one would answer for another key of the same App
        async with GitHub(
            strategy,
            base_url=url,
            timeout=_TIMEOUT_S,
            auto_retry=False,
            http_cache=False,
            cache_strategy=MemCacheStrategy(),
        ) as github:
            response = await github.arequest("GET", "/app")
            app = _App.model_validate_json(response.content)
            hook = await github.arequest("GET", "/app/hook/config")
            sent = await github.arequest("GET", "/app/hook/deliveries", params={"per_page": _LAST})
            hook_is = _Hook.model_validate_json(hook.content)
            deliveries = _Deliveries.model_validate_json(b'{"all": %s}' % sent.content)
    except RequestFailed as error:
        status, path = error.response.status_code, error.request.url.path
        mend = "the private key must be one of this very App, and this machine's clock must be right"
        return (Check("GitHub", False, f"{url} answered {status} to GET {path}", mend), *_clock(error.response.headers))
    except GitHubException as error:
        mend = "check SELFHEAL_GITHUB_API_URL, the network, and the proxy"
        return (Check("GitHub", False, f"{url} can't be reached ({type(error).__name__})", mend),)
    except ValidationError:
        return (Check("GitHub", False, f"{url} did not answer as GitHub does", "check SELFHEAL_GITHUB_API_URL"),)
    return (
        Check("GitHub", True, f"{url} knows this App as {app.slug!r}"),
        *_clock(response.headers),
        *_rights(app),
        *_webhook(hook_is, deliveries),
    )


def _rights(app: _App) -> Iterator[Check]:
    page = "on the App's settings page, under Permissions & events; then let each organisation accept it"
    permissions, events = missing_permissions(app.permissions), missing_events(app.events)
    seen = f"missing: {', '.join(permissions)}" if permissions else "all that is needed"
    yield Check("permissions", not permissions, seen, f"grant them {page}")
    seen = f"missing: {', '.join(events)}" if events else "all that is needed"
    yield Check("events", not events, seen, f"subscribe to them {page}")


def _clock(headers: Mapping[str, str]) -> Iterator[Check]:
    try:
        theirs = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    yield Check("clock", skew <= _MOST_SKEW_S, f"{skew:.0f} s from GitHub's", "set this machine's clock: use NTP")


def _webhook(hook: _Hook, deliveries: _Deliveries) -> Iterator[Check]:
    name = "webhook"
    if urlsplit(hook.url).scheme != "https" or str(hook.insecure_ssl) != "0":
        yield Check(name, False, hook.url or "no address", "set https://HOST/webhook, with SSL verification, there")
        return
    failed = [each for each in deliveries.all if not 200 <= each.status_code < 300]
    if failed and len(failed) == len(deliveries.all):
        seen = f"none of the last {len(failed)} deliveries came through ({failed[0].status_code} {failed[0].status})"
        yield Check(name, False, seen, f"{hook.url} must reach `selfheal-app serve` from outside; 401: another secret")
        return
    told = f"{len(deliveries.all) - len(failed)} of the last {len(deliveries.all)} deliveries came through"
    yield Check(name, True, f"{hook.url}: {told if deliveries.all else 'nothing was sent yet'}")
