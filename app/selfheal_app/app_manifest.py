"""What the App asks of an organisation: its permissions, its events, and the manifest that sets it up. Pure.

Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "actions": "write",
        "checks": "write",
        "contents": "write",
        "issues": "write",
        "metadata": "read",
        "pull_requests": "write",
    }
)
"""Actions: artifacts, running jobs again. Contents: the branch. Issues: answers and reactions below pull requests."""
EVENTS = ("check_run", "issue_comment", "pull_request", "workflow_run")
"""Those of installations come without being asked for."""
CALLBACK = "/login/callback"
"""Where GitHub sends people back to that sign in."""
_LEVELS = ("none", "read", "write", "admin")


def manifest(*, name: str, webhook_url: str, redirect_url: str, homepage: str) -> str:
    """The App as GitHub is asked to make it."""
    return json.dumps(
        {
            "name": name,
            "url": homepage,
            "hook_attributes": {"url": webhook_url, "active": True},
            "redirect_url": redirect_url,
            "callback_urls": [f"{webhook_url.removesuffix('/webhook')}{CALLBACK}"],
            "public": False,
            "default_permissions": dict(PERMISSIONS),
            "default_events": list(EVENTS),
        }
    )


def missing_permissions(granted: Mapping[str, str]) -> tuple[str, ...]:
    """Each as `name: level` that is needed and not there."""
    return tuple(
        f"{name}: {level}"
        for name, level in PERMISSIONS.items()
        if _LEVELS.index(granted.get(name, "none") if granted.get(name) in _LEVELS else "none") < _LEVELS.index(level)
    )


def missing_events(subscribed: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are needed and not subscribed to."""
    return tuple(event for event in EVENTS if event not in subscribed)
