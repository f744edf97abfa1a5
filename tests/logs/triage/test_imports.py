"""Whose fault a failed import is."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

_LOG = (
    "Traceback (most recent call last):\n"
    '  File "/home/runner/work/shop/shop/app.py", line 1, in <module>\n    import shop\n'
    '  File "/home/runner/work/shop/shop/shop/utils.py", line 6, in <module>\n    from shop.schema import Schema\n'
)


def _diagnosed(error: str) -> Diagnosis:
    return diagnose(_LOG + error + "\n", exit_code=1)


@pytest.mark.parametrize("where", ["", " (/home/runner/work/shop/shop/shop/schema.py)"])
def test_a_circular_import_is_the_codes_own(where: str) -> None:
    """Also where nothing is known of the repository: no other version of a package would help."""
    diagnosis = _diagnosed(
        "ImportError: cannot import name 'Schema' from partially initialized module 'shop.schema' "
        f"(most likely due to a circular import){where}"
    )

    assert diagnosis.category is Category.TEST
    assert "circular" in diagnosis.reason
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("shop/utils.py", 6)


def test_a_circle_inside_a_library_is_not() -> None:
    """Python names the library's file."""
    diagnosis = _diagnosed(
        "ImportError: cannot import name 'a' from partially initialized module 'lib.b' "
        "(most likely due to a circular import) (/usr/lib/python3/site-packages/lib/b.py)"
    )

    assert diagnosis.category is Category.DEPENDENCY


def test_what_was_found_of_a_module_is_not_called_missing() -> None:
    """Python names the first part that it lacks: the package before the dot is there."""
    diagnosis = _diagnosed("ModuleNotFoundError: No module named 'yaml.cyaml2'")

    assert diagnosis.category is Category.DEPENDENCY
    assert "the yaml that was found has no module cyaml2" in diagnosis.reason


def test_a_package_whose_own_file_was_running_is_the_repositorys() -> None:
    """Nothing is known of the repository but the frames: a file in a folder of that name imported from it."""
    diagnosis = _diagnosed("ModuleNotFoundError: No module named 'shop.shema'")

    assert diagnosis.category is Category.TEST
    assert "the repository's package shop has no module shema" in diagnosis.reason


@pytest.mark.parametrize(("fixture", "category"), [("benchmark", Category.DEPENDENCY), ("shop", Category.TEST)])
def test_a_plugins_fixture_is_a_dependency(fixture: str, category: Category) -> None:
    """A fixture of the project's own that is not found is the test's mistake."""
    log = (
        "==================================== ERRORS ====================================\n"
        "_______________________ ERROR at setup of test_clamp ________________________\n"
        "file /repo/tests/test_a.py, line 28\n  def test_clamp(x):\n"
        f"E       fixture '{fixture}' not found\n>       available fixtures: cache, capfd\n\n/repo/tests/test_a.py:28\n"
        "=========================== short test summary info ============================\n"
        "ERROR tests/test_a.py::test_clamp\n"
    )

    assert diagnose(log, exit_code=1, root="/repo").category is category
