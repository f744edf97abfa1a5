"""The regular expressions that tests compile as they run: in every child anew, which may be most of what a trial takes.

What `re` keeps of them a program can't see but by the warnings that compiling gives, so the process that is forked may
have beforehand those that give none.
"""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

_MOST = 300
"""Of the 512 that `re` keeps."""


def save(path: str) -> None:
    """Write down what this process keeps compiled; nothing where its `re` does not tell."""
    kept: Any = getattr(re, "_cache", {})
    found = []
    for key in list(kept):
        words = key if isinstance(key, tuple) else ()
        if len(words) > 2 and isinstance(words[2], int):
            # Of the type, the pattern, the flags, and what else a version has.
            pattern = words[1]
            is_bytes = isinstance(pattern, bytes)
            if is_bytes or isinstance(pattern, str):
                found.append([is_bytes, pattern.decode("latin-1") if is_bytes else pattern, int(words[2])])
    with open(path, "w", encoding="ascii") as stream:
        json.dump(found[-_MOST:], stream)


def load(path: str) -> None:
    """Compile in this process what another one wrote down."""
    try:
        with open(path, encoding="ascii") as stream:
            found = json.load(stream)
    except (OSError, ValueError):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for one in found if isinstance(found, list) else ():
            try:
                is_bytes, pattern, flags = one
                re.compile(pattern.encode("latin-1") if is_bytes else pattern, flags)
            except (re.error, Warning, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
                # It was written by a process that tests ran in.
                continue
