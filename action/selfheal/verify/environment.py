"""Take the secrets out of an environment before a command sees it. Pure."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# A variable is secret when one of the parts of its name says so (`DB_PASSWORD`, `npm_config__auth`).
_SECRET_PARTS = frozenset(
    {
        *("AUTH", "APIKEY", "APIKEYS", "BEARER", "COOKIE", "CREDENTIAL", "CREDENTIALS", "CREDS", "CRED", "DSN"),
        *("JWT", "KEY", "KEYS", "OAUTH", "PASS", "PASSPHRASE", "PASSWD", "PASSWORD", "PASSWORDS", "PAT", "PRIVATE"),
        *("PW", "PWD", "SECRET", "SECRETS", "SIGNATURE", "TOKEN", "TOKENS", "WEBHOOK"),
        *("AUTHORIZATION", "B64", "CERT", "CERTIFICATE", "MNEMONIC", "OTP", "PIN", "SALT", "SSHPASS", "TOTP"),
    }
)
_SECRET_ENDINGS = (
    *("TOKEN", "SECRET", "PASSWORD", "PASSWD", "DBPASS", "APIKEY", "ACCESSKEY", "SECRETKEY", "PRIVATEKEY"),
    *("CONNECTION_STRING", "SESSION_ID", "SONAR_LOGIN", "KUBE_CONFIG_DATA", "MAVEN_SETTINGS"),
)

# These may hold secrets, or are handles on something that the command has no business with: agents'
# sockets, the runner's own service, and the files through which a step steers the steps after it.
_PRIVATE_PREFIXES = (
    *("ACTIONS_", "INPUT_", "STATE_", "SELFHEAL_", "OTEL_"),
    *("AWS_", "AZURE_", "GCP_", "GOOGLE_", "VAULT_"),
)
_PRIVATE_NAMES = frozenset(
    {
        *("SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"),
        *("KUBECONFIG", "NETRC", "DOCKER_HOST", "DOCKER_CONFIG", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT"),
        *("GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_CONFIG_PARAMETERS"),
        *("GIT_CONFIG_COUNT",),
    }
)
_PRIVATE_PATTERN = re.compile(r"GIT_CONFIG_(KEY|VALUE)_\d+", re.IGNORECASE)

_HARMLESS = frozenset(
    {
        *("PATH", "HOME", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
        *("CI", "VIRTUAL_ENV", "PYTHONPATH", "AWS_REGION", "AWS_DEFAULT_REGION"),
        # Whom to trust, behind a company's proxy: without these no installer reaches its index. Client certificates
        # have other names.
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
        *("CARGO_HTTP_CAINFO", "GIT_SSL_CAINFO", "NIX_SSL_CERT_FILE"),
    }
)
_NEVER_BY_VALUE = frozenset(
    {
        *("PATH", "HOME", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "LANG", "VIRTUAL_ENV"),
    }
)

_SHORTEST_INSIDE = 8
_SHORTEST_EQUAL = 4
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - names a host in a URL, binds nothing
_PLAIN_WORDS = frozenset(
    {
        *("true", "false", "none", "null", "yes", "no", "on", "off", "auto", "default", "disabled", "enabled"),
    }
)


@dataclass(frozen=True, slots=True)
class ScrubbedEnvironment:
    """What the command gets, and what must be blacked out wherever its output is shown.

    `secret_values` come longest first, so that replacing them in order leaves no rest of a longer one.
    """

    variables: Mapping[str, str]
    secret_values: tuple[str, ...]
    dropped: tuple[str, ...]


def scrub(
    environ: Mapping[str, str], *, keep: Iterable[str] = (), extra_secrets: Iterable[str] = ()
) -> ScrubbedEnvironment:
    """Drop secrets by name and by value.

    A variable with a harmless name goes too when its value holds a dropped secret, also inside a URL
    or encoded. `keep` names variables that the owner wants the command to have; their values count as
    secret all the same where the name says so.
    """
    kept = frozenset(keep)
    secrets = {value for value in extra_secrets if _is_telling(value)}
    for name, value in environ.items():
        if _is_secret_name(name) and _is_telling(value):
            secrets.add(value)
        secrets.update(part for part in _passwords_in_url(value) if _is_telling(part))
    own = {environ[name] for name in kept if name in environ}
    forms = tuple(form for secret in secrets - own for form in _forms(secret))
    dropped = []
    variables = {}
    for name, value in environ.items():
        is_private = _is_secret_name(name) or _is_private_name(name) or bool(_passwords_in_url(value))
        is_tainted = name not in _NEVER_BY_VALUE and any(_holds(value, form) for form in forms)
        if name not in kept and (is_private or is_tainted):
            dropped.append(name)
        else:
            variables[name] = value
    return ScrubbedEnvironment(
        variables=variables,
        secret_values=tuple(sorted(secrets, key=lambda value: (-len(value), value))),
        dropped=tuple(sorted(dropped)),
    )


def _is_secret_name(name: str) -> bool:
    upper = name.upper()
    if upper in _HARMLESS:
        return False
    parts = re.split(r"[^A-Z0-9]+", upper)
    return any(part in _SECRET_PARTS for part in parts) or upper.endswith(_SECRET_ENDINGS)


def _is_private_name(name: str) -> bool:
    upper = name.upper()
    if upper in _HARMLESS:
        return False
    return upper in _PRIVATE_NAMES or upper.startswith(_PRIVATE_PREFIXES) or bool(_PRIVATE_PATTERN.fullmatch(name))


def _is_telling(value: str) -> bool:
    """False for values that would black out half of every log: short words, numbers, paths."""
    if len(value) < _SHORTEST_EQUAL or value.isdigit() or value.lower() in _PLAIN_WORDS:
        return False
    return not (value.startswith("/") and not value.startswith("//") and "\n" not in value and len(value) < 200)


def _passwords_in_url(value: str) -> tuple[str, ...]:
    """Passwords of URLs that lead to another machine; a test database on loopback keeps its own."""
    if "@" not in value or "://" not in value:
        return ()
    found = []
    for word in re.split(r"[\s,;\"']+", value):
        try:
            parts = urlsplit(word)
            host, password = parts.hostname, parts.password
        except ValueError:
            continue
        user = parts.username
        if host in _LOOPBACK or not host:
            continue
        if password:
            found.append(password)
        elif user and parts.scheme in ("http", "https") and len(user) >= _SHORTEST_INSIDE:
            found.append(user)
    return tuple(found)


def _forms(secret: str) -> tuple[str, ...]:
    """The secret as it may stand inside another value: plain, percent-encoded, basic authentication."""
    encoded = (base64.b64encode(text.encode()).decode() for text in (secret, f"x-access-token:{secret}"))
    return tuple(dict.fromkeys((secret, quote(secret, safe=""), *encoded)))


def _holds(value: str, form: str) -> bool:
    return value == form or (len(form) >= _SHORTEST_INSIDE and form in value)
