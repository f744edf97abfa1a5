"""Tokens as their issuers make them, put together when they are asked for, so that no scanner takes them for a leak."""

import random
import string
from collections.abc import Mapping

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM, HEX, B64 = LOWER + UPPER + DIGITS, DIGITS + "abcdef", LOWER + UPPER + DIGITS + "+/"
URL_SAFE = ALNUM + "_-"


def of(alphabet: str, length: int, *, seed: int = 1) -> str:
    """Random characters, the same for the same seed."""
    source = random.Random(f"{alphabet}{length}{seed}")
    return "".join(source.choice(alphabet) for _ in range(length))


def common_tokens(seed: int = 1) -> Mapping[str, str]:
    """Kinds that are masked on every platform."""

    def some(alphabet: str, length: int) -> str:
        return of(alphabet, length, seed=seed)

    return {
        "github classic": "gh" + "p_" + some(ALNUM, 36),
        "github oauth": "gh" + "o_" + some(ALNUM, 36),
        "github app, user": "gh" + "u_" + some(ALNUM, 36),
        "github app, server": "gh" + "s_" + some(ALNUM, 36),
        "github refresh": "gh" + "r_" + some(ALNUM, 76),
        "github fine-grained": "github" + "_pat_" + some(ALNUM, 22) + "_" + some(ALNUM, 59),
        "gitlab personal": "gl" + "pat-" + some(URL_SAFE[:-2], 20),
        "gitlab runner": "gl" + "rt-" + some(ALNUM, 20),
        "gitlab job": "gl" + "cbt-" + "64_" + some(ALNUM, 20),
        "aws key id": "AK" + "IA" + some(UPPER + "234567", 16),
        "aws temporary key id": "AS" + "IA" + some(UPPER + "234567", 16),
        "slack bot": "xo" + "xb-" + some(DIGITS, 12) + "-" + some(DIGITS, 12) + "-" + some(ALNUM, 24),
        "slack user": "xo" + "xp-" + "-".join((some(DIGITS, 12), some(DIGITS[1:], 12), "123456789012", some(HEX, 32))),
        "slack app": "xa" + "pp-1-" + some(UPPER + DIGITS, 11) + "-" + some(DIGITS, 13) + "-" + some(HEX, 64),
        "npm": "np" + "m_" + some(ALNUM, 36),
        "pypi": "py" + "pi-" + "AgEIcHlwaS5vcmc" + some(URL_SAFE, 120) + "a",
        "json web token": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "J" + some(ALNUM, 40) + "." + some(URL_SAFE, 42) + "a",
        "google api key": "AI" + "za" + some(ALNUM, 35),
        "google oauth": "ya" + "29." + some(URL_SAFE, 120) + "a",
        "stripe secret": "sk" + "_live_" + some(ALNUM, 24),
        "stripe restricted": "rk" + "_live_" + some(ALNUM, 24),
        "stripe webhook": "wh" + "sec_" + some(ALNUM, 32),
        "openai": "sk-" + "proj-" + some(URL_SAFE, 74) + "T3Blbk" + "FJ" + some(ALNUM, 74),
        "anthropic": "sk-" + "ant-api03-" + some(URL_SAFE, 93) + "AA",
        "hugging face": "hf" + "_" + some(LOWER + UPPER, 34),
        "sendgrid": "SG" + "." + some(ALNUM, 22) + "." + some(ALNUM, 43),
        "twilio": "SK" + some(HEX, 32),
        "digitalocean": "dop" + "_v1_" + some(HEX, 64),
        "age": "AGE-SECRET" + "-KEY-1" + some("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    }


def rarer_tokens(seed: int = 1) -> Mapping[str, str]:
    """Kinds that only the rule set knows."""

    def some(alphabet: str, length: int) -> str:
        return of(alphabet, length, seed=seed)

    return {
        "databricks": "da" + "pi" + some(HEX, 32),
        "docker hub": "dckr" + "_pat_" + some(ALNUM, 27),
        "doppler": "dp" + ".pt." + some(LOWER + DIGITS, 43),
        "figma": "fi" + "gd_" + some(ALNUM, 40),
        "grafana cloud": "gl" + "c_" + some(ALNUM, 60),
        "grafana service account": "gl" + "sa_" + some(ALNUM, 32) + "_" + some(HEX, 8),
        "linear": "lin" + "_api_" + some(ALNUM, 40),
        "notion": "nt" + "n_" + some(DIGITS, 11) + some(ALNUM, 35),
        "perplexity": "pp" + "lx-" + some(ALNUM, 48),
        "postman": "PM" + "AK-" + some(HEX, 24) + "-" + some(HEX, 34),
        "pulumi": "pu" + "l-" + some(HEX, 40),
        "replicate": "r8" + "_" + some(ALNUM, 37),
        "rubygems": "ruby" + "gems_" + some(HEX, 48),
        "sentry user": "sn" + "tryu_" + some(HEX, 64),
        "shopify": "sh" + "pat_" + some(HEX, 32),
        "supabase": "sb" + "p_" + some(HEX, 40),
        "terraform cloud": some(ALNUM, 14) + ".atlas" + "v1." + some(ALNUM, 64),
        "vault": "hv" + "s." + some(ALNUM, 95),
        "vercel": "vc" + "p_" + some(ALNUM, 56),
        "xai": "xa" + "i-" + some(ALNUM, 80),
    }


def private_key(seed: int = 1, *, kind: str = "RSA ", lines: int = 12) -> str:
    """A key file's text; the body means nothing."""
    body = "\n".join(of(B64, 64, seed=seed * 1000 + number) for number in range(lines))
    return f"-----BEGIN {kind}PRIVATE" + f" KEY-----\n{body}\n-----END {kind}PRIVATE" + " KEY-----\n"
