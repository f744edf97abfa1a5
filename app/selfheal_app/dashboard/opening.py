"""Put the pages and the alerts together from the settings."""

from aiohttp import web

from selfheal_app.access import Access
from selfheal_app.dashboard.alerts import Alerts
from selfheal_app.dashboard.github_people import People
from selfheal_app.dashboard.pages import Pages, switched_off
from selfheal_app.dashboard.run_page import RunPages
from selfheal_app.dashboard.session import Seal
from selfheal_app.dashboard.sign_in import SignIn
from selfheal_app.errors import SettingsError
from selfheal_app.settings import AppSettings
from selfheal_app.store.outcomes import Outcomes, RunOutcome


def pages_of(settings: AppSettings, outcomes: Outcomes, access: Access | None) -> list[web.RouteDef]:
    """The routes. Raises SettingsError where an address is given and nobody could sign in."""
    if settings.public_url is None:
        return switched_off()
    client_id, secret = settings.client_id(), settings.client_secret()
    if not client_id or not secret:
        raise SettingsError(
            "SELFHEAL_PUBLIC_URL is set, so people can come: set SELFHEAL_GITHUB_CLIENT_ID and"
            " SELFHEAL_GITHUB_CLIENT_SECRET (or …_FILE) from the App's settings page, so that they can sign in"
        )
    people = People(
        api_url=settings.github_api_url.rstrip("/"),
        server_url=settings.server_url(),
        client_id=client_id,
        client_secret=settings.client_secret,
    )
    sign_in = SignIn(
        people=people,
        seal=Seal(secret),
        client_id=client_id,
        server_url=settings.server_url(),
        public_url=settings.public_url.rstrip("/"),
    )
    pages = Pages(
        sign_in=sign_in,
        outcomes=outcomes,
        run_pages=RunPages(access),
        server_url=settings.server_url(),
        minutes_a_fix=settings.minutes_a_fix,
    )
    return pages.routes()


def alerts_of(settings: AppSettings) -> Alerts | None:
    """None where nobody is to be told. Raises SettingsError where there is nothing to sign with."""
    secret = settings.alert_secret()
    if settings.alert_webhook_url is None:
        return None
    public = settings.public_url.rstrip("/") if settings.public_url else ""

    def page_url(run: RunOutcome) -> str:
        return f"{public}/runs/{run.repository}/{run.run_id}/{run.run_attempt}" if public else ""

    return Alerts(
        url=settings.alert_webhook_url.get_secret_value(),
        secret=secret,
        page_url=page_url,
        server=settings.server_url(),
    )
