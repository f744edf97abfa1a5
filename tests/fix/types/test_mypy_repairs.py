"""What mypy finds is mended by rules, with the real mypy."""

from pathlib import Path

import pytest

from fix.types.checked import MYPY, Checked
from fix.types.mypy_cases import CASES
from selfheal.contract.patch import Disposition


@pytest.fixture(scope="session")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command, with a cache that all cases share: the standard library's stubs are read once."""
    cache = tmp_path_factory.mktemp("mypy-cache")
    return MYPY.format(cache=cache) + " --enable-error-code possibly-undefined a.py"


@pytest.mark.parametrize("name", CASES)
async def test_a_finding_is_mended_and_the_rest_of_the_file_kept(name: str, mypy: str, tmp_path: Path):
    """Only the lines that the finding is about change, mypy passes then, and nothing is silenced."""
    case = CASES[name]
    project = Checked(tmp_path, {"a.py": case.text}, mypy)
    assert await project.heal(), project.reasons
    assert project.text("a.py") == case.mended
    is_asked = any(one.disposition is Disposition.NEEDS_HUMAN for one in project.candidates)
    assert is_asked == case.needs_human


async def test_line_ends_and_marks_are_kept(mypy: str, tmp_path: Path):
    """A file of another system stays one."""
    project = Checked(tmp_path, {"a.py": "\ufeffdef f(x: int):\r\n    print(x)\r\n"}, mypy)
    assert await project.heal(), project.reasons
    assert project.text("a.py") == "\ufeffdef f(x: int) -> None:\r\n    print(x)\r\n"


async def test_findings_of_several_kinds_are_one_candidate(mypy: str, tmp_path: Path):
    """Each candidate costs a run of the user's command, so that one mends all."""
    text = (
        "import re\n\n\ndef f(x: int = None):\n    print(x)\n\n\ndef g(s: str) -> str:\n    m = re.match('a', s)\n"
        "    return m.group(0).uper()\n\n\ny = 3  # type: ignore\n"
    )
    project = Checked(tmp_path, {"a.py": text}, mypy)
    assert await project.heal(), project.reasons
    assert len(project.candidates) == 1
    assert "def f(x: int | None = None) -> None:" in project.text("a.py")
    assert "upper()" in project.text("a.py")


async def test_what_a_repair_uncovers_is_mended_with_it(mypy: str, tmp_path: Path):
    """Only with the parameter's type known can the checker tell what is returned."""
    project = Checked(tmp_path, {"a.py": "def twice(n):\n    return n * 2\n\n\nprint(twice(2))\n"}, mypy)
    assert await project.heal(), project.reasons
    assert "def twice(n: int) -> int:" in project.text("a.py")


async def test_names_come_from_where_the_repository_has_them(mypy: str, tmp_path: Path):
    """A class of the project is imported from its module, in the order of the imports that stand there."""
    files = {
        "shapes.py": "class Circle:\n    radius: float = 1.0\n",
        "a.py": "import sys\n\nprint(sys.argv)\n\n\ndef area(c: Circle) -> float:\n    return c.radius\n",
    }
    project = Checked(tmp_path, files, mypy)
    assert await project.heal(), project.reasons
    assert project.text("a.py").startswith("import sys\n\nfrom shapes import Circle\n\nprint")


async def test_an_older_python_gets_the_older_spelling(mypy: str, tmp_path: Path):
    """`X | None` in an annotation does not run on 3.9."""
    files = {
        "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.9"\n',
        "a.py": "def f(x: int = None) -> str:\n    return str(x)\n",
    }
    project = Checked(tmp_path, files, mypy)
    assert await project.heal(), project.reasons
    assert "def f(x: Optional[int] = None)" in project.text("a.py")
    assert "from typing import Optional" in project.text("a.py")


async def test_a_module_of_the_package_is_imported_rather_than_a_builtin_that_is_spelt_alike(mypy: str, tmp_path: Path):
    """`filters` is the package's own module there; `filter` only looks like it, and mypy proposes it."""
    files = {
        "shop/__init__.py": "from shop import prices\n\nprint(prices.ALL, filters.ALL)\n",
        "shop/prices.py": "ALL = 1\n",
        "shop/filters.py": "ALL = 2\n",
    }
    project = Checked(tmp_path, files, mypy.replace("a.py", "shop"))
    assert await project.heal(), project.reasons
    assert project.text("shop/__init__.py") == "from shop import filters, prices\n\nprint(prices.ALL, filters.ALL)\n"
