"""The shapes of tokens, as their issuers publish them.

Sources: GitHub's and GitLab's documentation of token prefixes, AWS' of identifiers, Slack's of token
types, npm's and PyPI's of their tokens, Stripe's and Google's of API keys, RFC 7519, 7468, 6750 and 3986.
Every repetition is over one class and followed by something outside of it, so that matching is linear.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """One kind of secret. Texts without `needle` are not searched. Group `secret` is what is masked, or all."""

    kind: str
    needle: str
    regex: re.Pattern[str]


def _pattern(kind: str, needle: str, regex: str) -> SecretPattern:
    return SecretPattern(kind, needle, re.compile(regex))


_START = r"(?<![A-Za-z0-9_-])"
_KEY_BEGIN = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
PATTERNS: tuple[SecretPattern, ...] = (
    _pattern("private key", "-----BEGIN", _KEY_BEGIN + r"(?:[^-]|-(?!----)){0,20000}-----END [A-Z0-9 ]{0,60}-----"),
    # A cut log lacks the end: then whatever looks like the body goes.
    _pattern("private key, cut", "-----BEGIN", _KEY_BEGIN + r"(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,}){0,2000}"),
    _pattern("GitHub", "gh", _START + r"gh[pousr]_[A-Za-z0-9_.-]{20,600}"),
    _pattern("GitHub, fine-grained", "github_pat_", _START + r"github_pat_[A-Za-z0-9_]{20,255}"),
    _pattern("GitLab", "gl", _START + r"gl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{16,300}"),
    _pattern("AWS key id", "A", _START + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _pattern("Slack", "xox", _START + r"xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,300}"),
    _pattern("Slack app", "xapp-", _START + r"xapp-[A-Za-z0-9-]{10,300}"),
    _pattern(
        "Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{20,200})",
    ),
    _pattern("npm", "npm_", _START + r"npm_[A-Za-z0-9]{30,60}"),
    _pattern("PyPI", "pypi-", _START + r"pypi-[A-Za-z0-9_-]{30,1000}"),
    _pattern(
        "JSON web token",
        "eyJ",
        _START + r"eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,4000})?",
    ),
    _pattern("Google key", "AIza", _START + r"AIza[A-Za-z0-9_-]{35}"),
    _pattern("Google OAuth", "ya29.", _START + r"ya29\.[A-Za-z0-9_-]{20,1000}"),
    _pattern("Stripe", "_", _START + r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}"),
    _pattern("Stripe webhook", "whsec_", _START + r"whsec_[A-Za-z0-9+/=]{20,200}"),
    _pattern("OpenAI and Anthropic", "sk-", _START + r"sk-(?:proj-|ant-|svcacct-|admin-)?[A-Za-z0-9_-]{20,300}"),
    _pattern("Hugging Face", "hf_", _START + r"hf_[A-Za-z0-9]{30,60}"),
    _pattern("SendGrid", "SG.", _START + r"SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{20,80}"),
    _pattern("Twilio", "SK", _START + r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    _pattern("DigitalOcean", "_v1_", _START + r"do[opr]_v1_[0-9a-f]{40,80}"),
    _pattern("age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{40,80}"),
    _pattern("password in a URL", "://", r"://[^\s/?#@:'\"<>]{0,200}:(?P<secret>[^\s/?#@'\"<>]{1,500})@"),
    _pattern("token in a URL", "://", r"https?://(?P<secret>[A-Za-z0-9_-]{20,300})@"),
    _pattern(
        "authorization header",
        "uthorization",
        r"[Aa]uthorization['\"]?\s{0,5}[:=]\s{0,5}['\"]?(?:[A-Za-z]{2,20} {1,3})?(?P<secret>[^\s'\",]{6,4000})",
    ),
    _pattern("bearer", "earer ", r"[Bb]earer (?P<secret>[A-Za-z0-9._~+/=-]{16,4000})"),
)

ASSIGNMENT = re.compile(
    r"(?i:pass(?:word|wd|phrase)?|secret|token|credential|api_?-?key|access_?-?key|private_?-?key|auth|key|signature|dsn)"
    r"[A-Za-z0-9_-]{0,40}['\"]?\s{0,3}(?:=>|[:=])\s{0,3}['\"]?(?P<secret>[A-Za-z0-9+/_.~!@#$%^&*=-]{12,500})"
)
"""Something named like a secret, followed by a value; masked where the value looks random."""

_IDENTIFIER = re.compile(r"[A-Za-z_][a-z_]*(?:[.-][A-Za-z_]+)*$")
_MIN_ENTROPY = 3.2
_MIN_HEX_ENTROPY = 2.8


def looks_random(value: str) -> bool:
    """True for a value with the entropy of a generated secret; false for names, paths, versions and words."""
    value = value.strip("'\"")
    if len(value) < 12 or _IDENTIFIER.match(value) or value.startswith(("$", "**", "./", "[redacted")):
        return False
    has_digit = any(char.isdigit() for char in value)
    mixes_case = any(char.islower() for char in value) and any(char.isupper() for char in value)
    if not has_digit and not (mixes_case and len(value) >= 20):
        return False
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    is_hex = all(char in "0123456789abcdefABCDEF" for char in value)
    return bits >= (_MIN_HEX_ENTROPY if is_hex else _MIN_ENTROPY)
