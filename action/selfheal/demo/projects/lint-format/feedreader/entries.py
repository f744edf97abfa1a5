"""Entries of a feed."""

from typing import List, Optional
import os
from dataclasses import dataclass
import datetime


@dataclass
class Entry:
    title: str
    published: datetime.date
    link: Optional[str] = None


def newest( entries: List[Entry], limit = 10 ) -> List[Entry]:
    """Return the newest entries first."""
    ordered = sorted(entries, key = lambda entry: entry.published, reverse=True)
    return ordered[ :limit ]


def titles(entries: List[Entry]) -> List[str]:
    return [entry.title
        for entry in entries]
