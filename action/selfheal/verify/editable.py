"""Find the folders that editable installs name, for the level at which the copy lies elsewhere."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_MAX_BYTES = 1 << 20


def editable_folders(original: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the import folders below `original` that an installed `.pth` or finder names, relative to it.

    Only these may be put on the import path: with more on it a test could pass that fails for its owner.
    """
    pattern = re.compile(re.escape(str(original)) + r"(?P<below>(?:/[^'\"\n:;,]*)?)(?=['\"\s:;,]|$)")
    found: dict[str, None] = {}
    for site in _site_folders(environment):
        for path in (*site.glob("*.pth"), *site.glob("__editable__*finder.py")):
            try:
                if path.stat().st_size > _MAX_BYTES:
                    continue
                text = path.read_text("utf-8", "replace")
            except OSError:
                continue
            for match in pattern.finditer(text):
                below = match["below"].strip().strip("/")
                if path.suffix == ".py":
                    # A finder maps a package to its own folder; what is imported from is the folder above.
                    below = below.rpartition("/")[0]
                if ".." not in below.split("/"):
                    found[below] = None
    return tuple(found)


def _site_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    programs = environment.get("PATH", "").split(":")
    prefixes = [environment.get("VIRTUAL_ENV", "")]
    prefixes += [folder.removesuffix("/bin") for folder in programs if folder.endswith("/bin")]
    for prefix in dict.fromkeys(prefix for prefix in prefixes if prefix.startswith("/")):
        for pattern in ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib/python3/dist-packages"):
            yield from Path(prefix).glob(pattern)
