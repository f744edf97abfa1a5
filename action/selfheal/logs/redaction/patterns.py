"""The shapes of the tokens that build logs hold most often, as their issuers publish them.

The floor under the rule set: searched on every platform, also for tokens that the rule set holds for examples.
Sources: GitHub's and GitLab's documentation of token prefixes, AWS' of identifiers, Slack's of token
types, npm's and PyPI's of their tokens, Stripe's and Google's of API keys, RFC 7519, 7468, 6750 and 3986.
Every repetition is bounded and over one class that what follows is not of, so that matching is linear.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """One kind of secret. It is matched where a needle (in small letters) stands; group `secret` is masked, or all."""

    kind: str
    needles: tuple[str, ...]
    regex: re.Pattern[bytes]


def _pattern(kind: str, needles: str, regex: str) -> SecretPattern:
    return SecretPattern(kind, tuple(needles.split(" ")), re.compile(regex.encode("ascii")))


_START = r"(?<![A-Za-z0-9_-])"
_KEY_BEGIN = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_BETWEEN = r"(?:\s|\\{1,2}[nrt]|[\"',+|>]|[A-Z][A-Za-z-]{2,20}: [^\n\\]{1,100}|E {1,8}){0,40}+"
_SCHEMES = "basic|bearer|token|digest|negotiate|ntlm|apikey|api-key|oauth|hawk|aws4-hmac-sha256"
PATTERNS: tuple[SecretPattern, ...] = (
    _pattern("private key", "-----begin", _KEY_BEGIN + r"(?:[^-]|-(?!----)){0,20000}+-----END [A-Z0-9 ]{0,60}-----"),
    # A cut log lacks the end: then whatever looks like the body goes.
    _pattern("private key, cut", "-----begin", _KEY_BEGIN + r"(?:" + _BETWEEN + r"[A-Za-z0-9+/=]{16,}+){0,2000}+"),
    _pattern("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", _START + r"gh[pousr]_[A-Za-z0-9_.-]{19,600}[A-Za-z0-9_-]"),
    _pattern("GitHub, fine-grained", "github_pat_", _START + r"github_pat_[A-Za-z0-9_]{20,255}"),
    _pattern(
        "GitLab",
        "glpat- glptt- gldt- glrt- glcbt- glsoat- glft- glimt- glagent- gloas-",
        _START + r"gl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{15,300}[A-Za-z0-9_-]",
    ),
    _pattern("AWS key id", "akia asia abia acca", _START + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _pattern(
        "Slack",
        "xoxa xoxb xoxe xoxo xoxp xoxr xoxs",
        _START + r"xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,300}",
    ),
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
        "eyj",
        _START + r"eyJ[A-Za-z0-9_-]{8,4000}+\.[A-Za-z0-9_-]{4,8000}+(?:\.[A-Za-z0-9_-]{0,4000})?",
    ),
    _pattern("Google key", "aiza", _START + r"AIza[A-Za-z0-9_-]{35}"),
    _pattern("Google OAuth", "ya29.", _START + r"ya29\.[A-Za-z0-9_-]{20,1000}"),
    _pattern(
        "Stripe",
        "sk_live_ rk_live_ pk_live_ sk_test_ rk_test_ pk_test_",
        _START + r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}",
    ),
    _pattern("Stripe webhook", "whsec_", _START + r"whsec_[A-Za-z0-9+/=]{20,200}"),
    _pattern("OpenAI and Anthropic", "sk-", _START + r"sk-(?:proj-|ant-|svcacct-|admin-)?[A-Za-z0-9_-]{20,300}"),
    _pattern("Hugging Face", "hf_", _START + r"hf_[A-Za-z0-9]{30,60}"),
    _pattern("SendGrid", "sg.", _START + r"SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{20,80}"),
    _pattern(
        "Twilio", " ".join(f"sk{digit}" for digit in "0123456789abcdef"), _START + r"SK[0-9a-f]{32}(?![A-Za-z0-9])"
    ),
    _pattern("DigitalOcean", "doo_v1_ dop_v1_ dor_v1_", _START + r"do[opr]_v1_[0-9a-f]{40,80}"),
    _pattern("age key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{40,80}"),
    _pattern("password in a URL", "://", r"://[^\s/?#@:'\"<>]{0,200}+:(?P<secret>[^\s/?#@'\"<>]{1,500}+)@"),
    _pattern("token in a URL", "://", r"(?<=http|ttps)://(?P<secret>[A-Za-z0-9_-]{20,300})@"),
    _pattern(
        "authorization header",
        "authorization",
        r"(?i:authorization)\\{0,3}['\"]?\s{0,5}[:=]\s{0,5}\\{0,3}['\"]?"
        # Behind a scheme everything is secret; without one, not every English word.
        r"(?:(?i:"
        + _SCHEMES
        + r") {1,3}|[A-Za-z]{2,20} {1,3}(?=[^\s'\",*\[]{6})|(?=[^\s'\",]{0,200}\d|[A-Za-z0-9_~+/=-]{20}))"
        r"(?P<secret>[^\s'\",*\[][^\s'\",]{5,4000})",
    ),
    _pattern("bearer", "bearer", r"(?i:bearer) (?P<secret>[A-Za-z0-9._~+/=-]{16,4000})"),
)
