"""Secrets, logins, rights and variables that the job was not given."""

from selfheal.logs.parsers.system.sign import Sign, missing

_SET_IT = "Set the secret; pull requests from forks don't get secrets."
_LOGIN = "Check the credentials that the job logs in with; pull requests from forks don't get secrets."
_RIGHTS = (
    "Give the job's token the right (`permissions:` in the workflow); pull requests from forks get a read-only one."
)
_VARIABLE = "Set the variable or secret in the job."


def _login(needle: str, pattern: str = "", summary: str = "a login is missing or refused") -> Sign:
    return missing("no-login", needle, summary, _LOGIN, pattern)


def _cloud(needle: str, pattern: str = "") -> Sign:
    return missing("no-cloud-login", needle, "the cloud's credentials are missing or refused", _LOGIN, pattern)


_SECRETS = (
    missing(
        "no-secret",
        "Input required and not supplied",
        "a required input or secret is empty",
        _SET_IT,
        r".{0,60}not supplied: (\S{1,100})",
    ),
    missing(
        "no-secret",
        "Username and password required",
        "a secret is empty",
        _SET_IT,
        r"(?:Error: )?Username and password required",
    ),
    missing("no-secret", "Error: Password required", "a secret is empty", _SET_IT),
    missing("no-secret", "Codecov token not found", "a secret is empty", _SET_IT),
    missing("no-secret", "Parameter token or opts.auth is required", "a secret is empty", _SET_IT),
    missing("no-secret", "No value for required variable", "a variable has no value", _VARIABLE),
    missing(
        "no-secret",
        "set the GH_TOKEN environment variable",
        "GH_TOKEN is not set",
        "Set GH_TOKEN in the step's env: to the job's token.",
    ),
    _login("Bad credentials", r"(?:.{0,200}(?:HttpError|Error|HTTP 401|remote|message)\W.{0,40})?Bad credentials"),
    missing(
        "no-right",
        "Resource not accessible by ",
        "the job's token lacks a right",
        _RIGHTS,
        r".{0,200}Resource not accessible by (integration|personal access token)",
    ),
    missing(
        "no-right",
        "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL",
        "the job may not ask for an identity token",
        "Set `permissions: id-token: write` for the job.",
    ),
    missing(
        "no-right",
        "refusing to allow a GitHub App to create or update workflow",
        "the job's token may not change workflows",
        _RIGHTS,
    ),
    missing(
        "no-right",
        "remote: Permission to ",
        "the job may not push there",
        _RIGHTS,
        r"remote: Permission to (\S{1,200}) denied to",
    ),
    missing("no-right", "denied: permission_denied", "the job may not write to the registry", _RIGHTS),
    missing("no-right", "denied: installation not allowed to", "the job may not write to the registry", _RIGHTS),
    _login("fatal: could not read Username", r"fatal: could not read Username for '([^']{1,200})'"),
    _login("fatal: could not read Password", r"fatal: could not read Password for '([^']{1,200})'"),
    _login("fatal: Authentication failed for", r"fatal: Authentication failed for '([^']{1,200})'"),
    _login("returned error: 40", r".{0,400}returned error: (401|403)\b"),
    _login("Permission denied (publickey", r".{0,200}Permission denied \(publickey"),
    _login("Host key verification failed.", summary="the host's key is not known here"),
    _login("Cannot perform an interactive login from a non TTY device"),
    _login("unauthorized: authentication required"),
    _login("unauthorized: incorrect username or password"),
    _login("denied: requested access to the resource is denied"),
    _login("no basic auth credentials"),
    _login(" code E401", r"npm (?:error|ERR!) code E401"),
    _login(" code E403", r"npm (?:error|ERR!) code E403"),
    _login(" code ENEEDAUTH", r"npm (?:error|ERR!) code ENEEDAUTH"),
    _login("ERR_PNPM_FETCH_401"),
    _login("ERR_PNPM_FETCH_403"),
    _login("lack of valid authentication credentials"),
    _login("HTTP status client error (40", r".{0,100}HTTP status client error \((401|403)"),
    _login("401 Client Error", r".{0,200}401 Client Error"),
    _login("403 Client Error", r".{0,200}403 Client Error"),
    _login("Authorization error accessing ", r".{0,60}Authorization error accessing (\S{1,200})"),
    _login(
        "Could not transfer ",
        r".{0,2000}Could not transfer (?:artifact|metadata) \S{1,300} (?:from/to|to/from) "
        r".{0,600}(?:status(?: code)?: 40[13]|Unauthorized|Forbidden|[Nn]ot authorized)",
    ),
    _login("Received status code 40", r".{0,400}Received status code (401|403) from server"),
    _login(
        "failed to get successful HTTP response from `",
        r".{0,40}failed to get successful HTTP response from `[^`]{1,200}`.{0,80} got (401|403)",
    ),
    _login(
        "gpg: signing failed: ",
        r"gpg: signing failed: (No secret key|Inappropriate ioctl.{0,40}|No pinentry)",
        "the signing key is missing",
    ),
    _cloud("Unable to locate credentials"),
    _cloud("Could not load credentials from any providers"),
    _cloud("The security token included in the request is"),
    _cloud("ExpiredTokenException"),
    _cloud("Could not load the default credentials"),
    _cloud("Your default credentials were not found"),
    _cloud("google-github-actions/auth failed with"),
    _cloud("Login failed with Error: Using auth-type"),
    _cloud("no EC2 IMDS role found"),
)

_VARIABLES = (
    missing(
        "env-unset",
        "nvironment variable",
        "an environment variable is not set",
        _VARIABLE,
        r".{0,200}[Ee]nvironment variable[s:]? [`'\"]?([A-Z][A-Z0-9_]{2,80})[`'\"]? "
        r"(?:is )?(?:not set|not defined|not found|missing|required|must be set)",
    ),
    missing(
        "env-unset",
        "nvironment variable",
        "an environment variable is not set",
        _VARIABLE,
        r".{0,200}(?:[Mm]issing|[Rr]equired|not found)(?: required)?:? [Ee]nvironment variables?:? "
        r"[`'\"]?([A-Z][A-Z0-9_]{2,80})",
    ),
    missing(
        "env-unset",
        "nvironment variable not found: ",
        "an environment variable is not set",
        _VARIABLE,
        r".{0,200}Environment variable not found: ([A-Z][A-Z0-9_]{2,80})",
    ),
    missing(
        "env-unset",
        " missing value",
        "an environment variable is not set",
        _VARIABLE,
        r".{0,200}required key ([A-Z][A-Z0-9_]{2,80}) missing value",
    ),
    missing(
        "env-unset",
        "unbound variable",
        "an environment variable is not set",
        _VARIABLE,
        r"\S{1,200}: line \d{1,9}: ([A-Za-z_]\w{0,80}): unbound variable",
    ),
    missing(
        "env-unset",
        "parameter not set",
        "an environment variable is not set",
        _VARIABLE,
        r"\S{1,200}: (?:line )?\d{1,9}: ([A-Za-z_]\w{0,80}): parameter not set",
    ),
    missing(
        "env-unset",
        "parameter null or not set",
        "an environment variable is not set",
        _VARIABLE,
        r"\S{1,200}: (?:line )?\d{1,9}: ([A-Za-z_]\w{0,80}): parameter null or not set",
    ),
)

SECRET_SIGNS: tuple[Sign, ...] = (*_SECRETS, *_VARIABLES)
