"""coverage, pre-commit, Sphinx, pip, uv, poetry and pytest: cut logs, other versions, imitations."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

FILES = frozenset(
    {"shop/__init__.py", "shop/cart.py", "tests/test_cart.py", "docs/index.rst", "setup.py", "pyproject.toml"}
)


def _diagnose(log: str, exit_code: int | None = 1) -> Diagnosis:
    return diagnose(log, exit_code=exit_code, root="/repo", known_files=FILES)


def test_windows_paths_of_pytest_are_the_repositorys() -> None:
    """Backslashes and drive letters stand for the same files."""
    log = (
        "================================== FAILURES ===================================\n"
        "_________________________________ test_total __________________________________\n\n"
        "    def test_total():\n>       assert total() == 3\nE       assert 4 == 3\n\n"
        "tests\\test_cart.py:7: AssertionError\n"
        "=========================== short test summary info ===========================\n"
        "FAILED tests\\test_cart.py::test_total - assert 4 == 3\n"
        "============================== 1 failed in 0.03s ==============================\n"
    )
    failure = _diagnose(log).failures[0]
    assert (failure.file, failure.line) == ("tests/test_cart.py", 7)
    assert failure.test_id is not None
    assert failure.test_id.endswith("test_cart.py::test_total")


def test_results_of_other_runners_are_not_pytests() -> None:
    """Cargo and others write `name::of::test ... FAILED` too."""
    diagnosis = _diagnose("running 1 test\ntest cart::tests::total ... FAILED\n\n1 failed\n")
    assert all(failure.tool != "pytest" for failure in diagnosis.failures)


def test_threshold_without_a_table_still_says_what_is_asked() -> None:
    """A cut log that holds only the verdict gives one finding without a place."""
    failure = _diagnose("Coverage failure: total of 71.5 is less than fail-under=80\n", 2).failures[0]
    assert (failure.tool, failure.file, failure.code) == ("coverage", None, "fail-under")
    assert "71.5" in failure.message


def test_coverage_that_suffices_is_no_failure() -> None:
    """The table alone says nothing."""
    log = (
        "Name           Stmts   Miss  Cover   Missing\n--------\n"
        "shop/cart.py      10      2    80%   3-4\nTOTAL 10 2 80%\n"
    )
    assert all(failure.tool != "coverage" for failure in _diagnose(log).failures)


def test_unknown_hook_is_still_named() -> None:
    """What no parser knows is kept as the hook's own failure, with its first words."""
    log = "spell check.....Failed\n- hook id: spellcheck\n- exit code: 65\n\nshop/cart.py: teh ==> the\n"
    failure = _diagnose(log).failures[0]
    assert (failure.tool, failure.code) == ("pre-commit", "spellcheck")
    assert "teh ==> the" in failure.message


def test_hook_block_that_is_cut_is_still_read() -> None:
    """The log may end inside a hook's block."""
    failure = _diagnose("black.........Failed\n- hook id: black\n- files were modified by this hook").failures[0]
    assert (failure.tool, failure.code) == ("pre-commit", "black")


def test_sphinx_warnings_that_fail_nothing_are_no_failures() -> None:
    """A build that succeeded with warnings explains no exit status."""
    log = (
        "Running Sphinx v8.2.0\n/repo/docs/index.rst:7: WARNING: undefined label: 'a' [ref.ref]\n"
        "build succeeded, 1 warning.\n"
    )
    assert all(failure.tool != "sphinx" for failure in _diagnose(log).failures)


def test_sphinx_before_7_names_the_warning_alone() -> None:
    """Older versions end at the first warning, in words of their own."""
    log = "Running Sphinx v5.3.0\n\nWarning, treated as error:\n/repo/docs/index.rst:3:Title underline too short.\n"
    failure = _diagnose(log, 2).failures[0]
    assert (failure.tool, failure.file, failure.line) == ("sphinx", "docs/index.rst", 3)


def test_warnings_of_other_tools_are_not_sphinxs() -> None:
    """`WARNING:` is everybody's word."""
    log = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\nWARNING: running as root\n"
    )
    assert all(failure.tool != "sphinx" for failure in _diagnose(log).failures)


def test_pip_complaint_after_an_installation_is_no_failure() -> None:
    """pip tells of packages that don't fit, and succeeds."""
    log = (
        "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed.\n"
        "alpha 1.0 requires gamma<2, but you have gamma 2.0 which is incompatible.\n"
        "alpha 1.0 requires delta, which is not installed.\n"
        "Successfully installed gamma-2.0\n"
    )
    assert all(failure.tool != "pip" for failure in _diagnose(log).failures)


def test_dependency_that_does_not_build_is_not_the_repositorys_setup() -> None:
    """A line of another package's setup.py is none of the repository's."""
    log = (
        "Collecting fastthing\n  error: subprocess-exited-with-error\n  \n"
        "  × python setup.py egg_info did not run successfully.\n  │ exit code: 1\n  ╰─> [6 lines of output]\n"
        "      Traceback (most recent call last):\n"
        '        File "<string>", line 2, in <module>\n'
        '        File "/tmp/pip-install-1/fastthing/setup.py", line 9, in <module>\n'
        "          raise RuntimeError('needs cython')\n"
        "      RuntimeError: needs cython\n      [end of output]\n"
    )
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.DEPENDENCY
    assert diagnosis.failures[0].tool == "pip"
    assert diagnosis.failures[0].file is None


def test_missing_compiler_is_the_machines() -> None:
    """A build that lacks a compiler or Python's headers can't be mended by a patch."""
    log = (
        "Processing /repo\n  error: subprocess-exited-with-error\n  \n"
        "  × Building wheel for shop did not run successfully.\n"
        "  │ exit code: 1\n  ╰─> [2 lines of output]\n      running build_ext\n"
        "      error: command 'gcc' failed: No such file or directory\n      [end of output]\n"
    )
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.ENVIRONMENT
    assert "gcc" in diagnosis.failures[0].message


def test_block_without_its_end_is_still_read() -> None:
    """A log that is cut inside pip's block keeps what was said."""
    log = (
        "Processing /repo\n  error: subprocess-exited-with-error\n  \n"
        "  × Preparing metadata did not run successfully.\n"
        "  │ exit code: 1\n  ╰─> [9 lines of output]\n      Traceback (most recent call last):\n"
        '        File "/repo/setup.py", line 4, in <module>\n          setup(version=VERSION)\n'
        "      NameError: name 'VERSION' is not defined\n"
    )
    failure = _diagnose(log).failures[0]
    assert (failure.tool, failure.file, failure.line, failure.code) == ("pip", "setup.py", 4, "NameError")


def test_uv_of_one_line_is_read_too() -> None:
    """Older versions don't wrap their messages."""
    log = (
        "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To update, run `uv lock`.\n"
    )
    failure = _diagnose(log, 2).failures[0]
    assert (failure.tool, failure.code, failure.file) == ("uv", "lock-outdated", "uv.lock")


def test_errors_of_others_are_not_uvs() -> None:
    """`error:` begins the lines of many tools."""
    log = "error: cannot find symbol\nerror: Failed to compile `main`\n  location: class A\n"
    assert all(failure.tool != "uv" for failure in _diagnose(log).failures)


@pytest.mark.parametrize(
    "line",
    [
        "The currently activated Python version 3.9.1 is not supported by the project (^3.12).",
        "Current Python version (3.9.1) is not allowed by the project (^3.12).",
    ],
)
def test_poetry_without_its_python(line: str) -> None:
    """Both generations of poetry's words mean that the job has the wrong Python."""
    assert _diagnose(f"{line}\n").category is Category.ENVIRONMENT


def test_output_of_a_test_that_imitates_pip_is_the_tests() -> None:
    """What a failing test printed is claimed by pytest."""
    log = (
        "=================================== FAILURES ===================================\n"
        "____________________________________ test_a ____________________________________\n\n"
        "    def test_a():\n>       assert run() == 0\nE       assert 1 == 0\n\ntests/test_cart.py:2: AssertionError\n"
        "----------------------------- Captured stdout call -----------------------------\n"
        "ERROR: No matching distribution found for leftpadder\n"
        "error: externally-managed-environment\n"
        "Because shop depends on alpha, version solving failed.\n"
        "=========================== short test summary info ============================\n"
        "FAILED tests/test_cart.py::test_a - assert 1 == 0\n"
        "============================== 1 failed in 0.03s ===============================\n"
    )
    diagnosis = _diagnose(log)
    assert [failure.tool for failure in diagnosis.failures] == ["pytest"]
    assert diagnosis.category is Category.TEST


def test_broken_pyproject_is_told_though_pip_crashes_over_it() -> None:
    """Older versions of pip print a traceback that ends in the vendored parser's exception."""
    log = (
        "Processing /repo\nERROR: Exception:\nTraceback (most recent call last):\n"
        '  File "/usr/lib/python3.11/site-packages/pip/_internal/pyproject.py", line 64, in load_pyproject_toml\n'
        "    pp_toml = tomli.loads(f.read())\n"
        "pip._vendor.tomli.TOMLDecodeError: Expected ']' at the end of a table declaration (at line 5, column 9)\n"
    )
    diagnosis = _diagnose(log, 2)
    assert diagnosis.category is Category.SYNTAX
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("pyproject.toml", 5)


def test_broken_pyproject_is_told_though_uv_calls_it_metadata() -> None:
    """The resolver's words stand around the parser's."""
    log = (
        "error: No solution found when resolving dependencies\n"
        "  cause: Because shop has invalid metadata and you require shop, your requirements are unsatisfiable.\n\n"
        "hint: Metadata for `shop` could not be parsed.\n  Caused by: Invalid `pyproject.toml`\n"
        "  Caused by: TOML parse error at line 5, column 9\n    |\n  5 | [project\n    |         ^\n"
        "  unclosed table, expected `]`\n"
    )
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.SYNTAX
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("pyproject.toml", 5)


@pytest.mark.parametrize("knows_files", [True, False])
def test_a_name_that_an_own_module_lacks_is_no_dependency(knows_files: bool) -> None:
    """Python prints where the module lies, which tells it from a library without a listing of the files."""
    log = (
        'Traceback (most recent call last):\n  File "/repo/shop/__init__.py", line 1, in <module>\n'
        "    from shop.cart import Cartt\n"
        "ImportError: cannot import name 'Cartt' from 'shop.cart' (/repo/shop/cart.py)\n"
    )
    diagnosis = diagnose(log, exit_code=1, known_files=FILES if knows_files else frozenset())
    assert diagnosis.category is Category.TEST


def test_a_name_that_a_library_lacks_is_a_dependency() -> None:
    """The same words about a file in site-packages."""
    log = (
        'Traceback (most recent call last):\n  File "/repo/shop/__init__.py", line 1, in <module>\n'
        "    from attr import Cartt\n"
        "ImportError: cannot import name 'Cartt' from 'attr' (/venv/lib/python3.11/site-packages/attr/__init__.py)\n"
    )
    assert diagnose(log, exit_code=1).category is Category.DEPENDENCY


def test_an_inventory_that_is_not_there_is_the_configurations() -> None:
    """Only a server that can't be reached is the world's fault; a wrong address is not."""
    log = (
        "Running Sphinx v9.0.4\nWARNING: failed to reach any of the inventories with the following issues:\n"
        "intersphinx inventory 'https://docs.test/objects.inv' not fetchable due to "
        "<class 'requests.exceptions.HTTPError'>: 404 Client Error: Not Found for url: https://docs.test/objects.inv\n"
        "building [html]: targets for 1 source files that are out of date\n"
        "build finished with problems, 1 warning (with warnings treated as errors).\n"
    )
    assert _diagnose(log).category is Category.BUILD


def test_frames_of_a_crashed_interpreter_are_those_of_its_current_thread() -> None:
    """Other threads are printed before it, and pytest's dots stand before the headline."""
    log = (
        "..Fatal Python error: Segmentation fault\n\nThread 0x00007f956bfff6c0 (most recent call first):\n"
        '  File "/repo/shop/cart.py", line 3 in wait\n\nCurrent thread 0x00007f956d249b80 (most recent call first):\n'
        '  File "/repo/tests/test_cart.py", line 76 in test_native\n'
        '  File "/venv/lib/python3.11/site-packages/pluggy/_manager.py", line 183 in _hookexec\n'
    )
    failure = _diagnose(log, 139).failures[0]
    assert (failure.code, failure.file, failure.line) == ("FatalError", "tests/test_cart.py", 76)


def test_a_module_that_an_own_package_lacks_is_no_dependency() -> None:
    """A file in the package's folder was being run, so the package is there, whoever has no list of the files."""
    log = (
        'Traceback (most recent call last):\n  File "/repo/shop/__init__.py", line 1, in <module>\n'
        "    from shop.nothing import here\nModuleNotFoundError: No module named 'shop.nothing'\n"
    )
    assert diagnose(log, exit_code=1).category is Category.TEST


def test_an_internal_error_in_a_plugin_has_no_place_in_the_repository() -> None:
    """pytest turns a plugin's warning into an error: the plugin's line is not to be mended."""
    log = (
        "INTERNALERROR> Traceback (most recent call last):\n"
        'INTERNALERROR>   File "/venv/lib/python3.11/site-packages/pytest_asyncio/plugin.py", line 306, in configure\n'
        "INTERNALERROR>     warnings.warn(PytestDeprecationWarning(UNSET))\n"
        'INTERNALERROR> pytest.PytestDeprecationWarning: The option "asyncio_default_fixture_loop_scope" is unset.\n'
    )
    diagnosis = _diagnose(log, 3)
    assert diagnosis.category is Category.CONFIG
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == (None, None)


@pytest.mark.parametrize(
    ("cause", "category"),
    [
        (
            "Failed to resolve requirements from `build-system.requires`\n  cause: No solution found when resolving: "
            "`nothing-here`\n  cause: Because nothing-here was not found in the package registry and you require "
            "nothing-here, we can conclude that your requirements are unsatisfiable.",
            Category.DEPENDENCY,
        ),
        ("The build backend returned an error\n  cause: Call to `hatchling.build.build_wheel` failed", Category.BUILD),
    ],
)
def test_uv_tells_what_a_build_needs_from_the_build(cause: str, category: Category) -> None:
    """The project that could not be built is the repository's own in both."""
    diagnosis = _diagnose(f"error: Failed to build `shop @ file:///repo`\n  cause: {cause}\n")
    assert diagnosis.category is category


def test_a_syntax_error_says_what_is_wrong() -> None:
    """pytest prints the place and the line before the message; the message is what a person needs."""
    log = (
        "==================================== ERRORS ====================================\n"
        "_______________________ ERROR collecting tests/test_a.py _______________________\n"
        "tests/test_a.py:1: in <module>\n    import shop\n"
        "E     File \"/repo/shop.py\", line 3\nE       x = (1\nE           ^\nE   SyntaxError: '(' was never closed\n"
    )

    diagnosis = diagnose(log, exit_code=2, root="/repo")

    assert diagnosis.summary.startswith("SyntaxError: '(' was never closed in tests/test_a.py (shop.py:3)")


def test_a_crashed_worker_points_into_the_code() -> None:
    """The fault handler's stack begins with the innermost frame, which is the repository's own."""
    log = (
        "Fatal Python error: Segmentation fault\n\nThread 0x00 (most recent call first):\n"
        '  File "/usr/lib/python3/site-packages/execnet/gateway_base.py", line 534 in read\n\n'
        "Current thread 0x01 (most recent call first):\n"
        '  File "/repo/shop/cart.py", line 93 in total\n  File "/repo/tests/test_cart.py", line 5 in test_total\n\n'
        "=================================== FAILURES ===================================\n"
        "_____________________________ tests/test_cart.py ______________________________\n"
        "[gw0] linux -- Python 3.11.7 /usr/bin/python3\n"
        "worker 'gw0' crashed while running 'tests/test_cart.py::test_total'\n"
        "=========================== short test summary info ============================\n"
        "FAILED tests/test_cart.py::test_total\n"
    )

    failure = diagnose(log, exit_code=1, root="/repo").failures[0]

    assert (failure.file, failure.line) == ("shop/cart.py", 93)
