"""A sphinx folder for a package: its own where it builds without warnings, else pages over its modules and a guide."""

import re
from pathlib import Path

from planting.packages import Package
from planting.running import run
from planting.storage import Storage

CONFIGURATION = """\
import os
import sys

sys.path.insert(0, os.path.abspath("../{root}"))

project = "{name}"
extensions = ["sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
"""
GUIDE = """\
.. _getting-started:

Getting started
===============

Install the package with a package client:

.. code-block:: console

   $ pip install {name}

Then import it:

.. code-block:: python

   import {module}

What to read next
-----------------

- :doc:`changes` says what is new,
- :ref:`support` says where to ask,
- the pages of the modules say what each function takes:

  1. its arguments,
  2. its result.

.. note::

   The examples assume a shell and ``python`` on the path.

.. _support:

Support
-------

=========  ==============================
question   where
=========  ==============================
a bug      the tracker
a doubt    the forum, see `the rules`_
=========  ==============================

.. _the rules: https://example.org/rules
"""
CHANGES = """\
Changes
=======

{version}
{rule}

- See :ref:`getting-started` for a first example.
- *Every* page has its own address.
"""
PAGE = """\
{title}
{rule}

.. automodule:: {title}
   :members:
"""
MOST_ROUNDS = 5


def docs_command(folder: str) -> str:
    """The command that builds the folder; warnings fail it."""
    return f"sphinx-build -q -W -b html {folder} {folder}/_build"


def write_documents(package: Package, tree: Path, storage: Storage) -> str:
    """Return the folder that builds without warnings; empty where none does."""
    if package.docs and run(docs_command(package.docs), tree, storage).passed:
        return package.docs
    folder = "docs" if not (tree / "docs").exists() else "manual"
    where = tree / folder
    where.mkdir()
    (where / "conf.py").write_text(CONFIGURATION.format(root=package.root, name=package.name), encoding="utf-8")
    (where / "guide.rst").write_text(GUIDE.format(name=package.name, module=package.module), encoding="utf-8")
    changes = CHANGES.format(version=package.version, rule="-" * len(package.version))
    (where / "changes.rst").write_text(changes, encoding="utf-8")
    names = _module_names(package, tree)
    for _ in range(MOST_ROUNDS):
        _write_pages(package, where, names)
        ran = run(docs_command(folder).replace(" -W", " -E"), tree, storage)
        loud = {name for line in ran.output.splitlines() for name in _longest(names, line)}
        if ran.passed and not ran.output.strip():
            return folder
        if not loud:
            break
        for name in loud:
            (where / f"{name}.rst").unlink()
        names = tuple(name for name in names if name not in loud)
    return ""


def _longest(names: tuple[str, ...], line: str) -> tuple[str, ...]:
    """The module that a warning is about."""
    found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", line)]
    return (max(found, key=len),) if found else ()


def _module_names(package: Package, tree: Path) -> tuple[str, ...]:
    source = tree / package.source
    root = tree / package.root
    files = [source] if source.is_file() else sorted(source.glob("*.py"))
    found = (path.relative_to(root).with_suffix("").as_posix().replace("/", ".") for path in files)
    return tuple(name for name in found if not name.endswith("__"))


def _write_pages(package: Package, where: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (where / f"{name}.rst").write_text(PAGE.format(title=name, rule="=" * len(name)), encoding="utf-8")
    entries = "".join(f"   {name}\n" for name in ("guide", *names, "changes"))
    title = package.name
    (where / "index.rst").write_text(
        f"{title}\n{'=' * len(title)}\n\n.. toctree::\n   :maxdepth: 2\n\n{entries}", encoding="utf-8"
    )
