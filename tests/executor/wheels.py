"""Tiny distributions in a folder that is laid out as an index, so that nothing is fetched."""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest


def a_wheel(folder: Path, name: str, version: str, source: str, *, needs: tuple[str, ...] = ()) -> Path:
    """A wheel with one module of the distribution's name."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = _place(folder, name) / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in files.items():
            archive.writestr(place, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{place},,\n" for place in (*files, f"{info}/RECORD")))
    return _listed(path)


def a_source(folder: Path, name: str, version: str, *, setup: str, log: str = "") -> Path:
    """A source distribution whose setup.py is `setup`."""
    path = _place(folder, name) / f"{name}-{version}.tar.gz"
    files = {
        "setup.py": setup,
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "CHANGES.rst": log,
    }
    with tarfile.open(path, "w:gz") as archive:
        for place, text in files.items():
            info = tarfile.TarInfo(f"{name}-{version}/{place}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return _listed(path)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def _listed(path: Path) -> Path:
    """Write the project's page anew (PEP 503)."""
    links = (f'<a href="{one.name}">{one.name}</a>' for one in sorted(path.parent.iterdir()) if one.suffix != ".html")
    page = "<!DOCTYPE html><html><body>\n" + "<br>\n".join(links) + "\n</body></html>\n"
    (path.parent / "index.html").write_text(page)
    return path


def offline(index: Path) -> dict[str, str]:
    """Variables for an installer that knows this folder and nothing else."""
    return {"PIP_INDEX_URL": index.as_uri()}


def add_installers(index: Path) -> None:
    """Put what a seeded environment gets into the index: the pip that comes with Python, and two names beside it."""
    import ensurepip

    bundled = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"), None)
    if bundled is None:
        pytest.skip("this Python comes without pip (ensurepip's wheels are missing): a blank environment can't be made")
    place = _place(index, "pip")
    _listed(Path(shutil.copy(bundled, place)))
    for name in ("setuptools", "wheel"):
        a_wheel(index, name, "80.0", "")
