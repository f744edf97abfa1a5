"""C and C++ logs that no small project here prints: other linkers, other layouts, cut and hostile ones."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

FILES = frozenset({"src/main.c", "src/util.c", "include/util.h", "lib/util.c", "app/util.c", "app/main.c", "Makefile"})


def _diagnose(log: str, files: frozenset[str] = FILES) -> Diagnosis:
    return diagnose(log, exit_code=1, root="/repo", known_files=files)


def test_a_relative_name_is_read_from_the_folder_that_make_entered() -> None:
    """Two files of one name are told apart, also after make has left a folder."""
    log = (
        "make[1]: Entering directory '/repo/lib'\n"
        "make[1]: Leaving directory '/repo/lib'\n"
        "make[1]: Entering directory '/repo/app'\n"
        "util.c:7:3: error: 'x' undeclared (first use in this function)\n"
        "make[1]: *** [Makefile:2: util.o] Error 1\n"
    )
    assert _diagnose(log).failures[0].file == "app/util.c"


def test_apple_linker_names_the_symbol() -> None:
    """ld64 prints no source, but the symbol."""
    log = (
        "Undefined symbols for architecture arm64:\n"
        '  "_area", referenced from:\n'
        "      _main in main.o\n"
        "ld: symbol(s) not found for architecture arm64\n"
        "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n"
    )
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.BUILD
    assert diagnosis.failures[0].tool == "ld"
    assert "area" in diagnosis.failures[0].message


def test_visual_c_is_read_too() -> None:
    """MSVC's layout has a code before the message."""
    diagnosis = _diagnose("src\\main.c(6,12): error C2065: 'summ': undeclared identifier\n")
    failure = diagnosis.failures[0]
    assert (failure.file, failure.line, failure.column, failure.code) == ("src/main.c", 6, 12, "C2065")


@pytest.mark.parametrize(
    "line",
    [
        "src/app.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.",
        "Program.cs(3,5): error CS0103: The name 'x' does not exist",
        "app/main.py:3: error: Incompatible return value type",
        "src/main.go:3:5: error: undefined: x",
        "src/lib.rs:3:5: error: mismatched types",
    ],
)
def test_other_languages_errors_are_not_claimed(line: str) -> None:
    """Only files of the C family are the compilers' own."""
    assert all(failure.tool not in ("gcc", "clang", "cl") for failure in _diagnose(f"{line}\n").failures)


def test_a_killed_compiler_is_not_the_codes_fault() -> None:
    """cc1plus killed by the kernel is want of memory."""
    log = "c++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.\n"
    assert _diagnose(log).category is Category.INFRA


def test_warnings_alone_are_no_failure() -> None:
    """A build that fails elsewhere does not blame a compiler's warning."""
    log = (
        "src/main.c:5:9: warning: unused variable ‘n’ [-Wunused-variable]\n"
        "    5 |     int n;\n"
        "      |         ^\n"
        "make: *** No rule to make target 'gone.o', needed by 'app'.  Stop.\n"
    )
    diagnosis = _diagnose(log)
    assert [failure.tool for failure in diagnosis.failures] == ["make"]


def test_an_error_that_every_file_repeats_is_told_once() -> None:
    """A header's error comes once a translation unit."""
    error = "include/util.h:3:8: error: unknown type name ‘rows_t’\n    3 | extern rows_t rows;\n"
    diagnosis = _diagnose(f"In file included from src/main.c:1:\n{error}In file included from src/util.c:1:\n{error}")
    assert len(diagnosis.failures) == 1
    assert diagnosis.failures[0].file == "include/util.h"


def test_an_error_in_a_systems_header_points_at_the_include_where_nothing_else_leads_there() -> None:
    """Without an instantiation the include is the repository's only line."""
    log = (
        "In file included from /usr/include/openssl/ssl.h:20,\n"
        "                 from src/main.c:2:\n"
        "/usr/include/openssl/e_os2.h:5:10: fatal error: openssl/opensslconf.h: No such file or directory\n"
    )
    failure = _diagnose(log).failures[0]
    assert (failure.file, failure.line) == ("src/main.c", 2)


def test_ignored_errors_and_outer_makes_are_left_out() -> None:
    """`-rm` that fails is ignored by make, and by us; of nested makes the innermost speaks."""
    log = (
        "make[2]: [Makefile:9: clean] Error 1 (ignored)\n"
        "make[2]: *** [Makefile:3: check] Error 2\n"
        "make[1]: *** [Makefile:7: all] Error 2\n"
        "make: *** [Makefile:11: all] Error 2\n"
    )
    diagnosis = _diagnose(log)
    assert [(failure.tool, failure.line) for failure in diagnosis.failures] == [("make", 3)]


def test_a_signal_in_a_recipe_is_told() -> None:
    """make prints the signal's name instead of a status."""
    diagnosis = _diagnose("make: *** [Makefile:4: test] Segmentation fault (core dumped)\n")
    assert diagnosis.failures[0].code == "Segmentation fault"


def test_a_cmake_error_without_its_end() -> None:
    """The log stops inside the error."""
    diagnosis = _diagnose(
        "CMake Error at CMakeLists.txt:4 (find_package):\n  By not providing", frozenset({"CMakeLists.txt"})
    )
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("CMakeLists.txt", 4)
    assert diagnosis.category is Category.DEPENDENCY


def test_a_fetch_that_the_network_broke_is_not_called_a_dependency() -> None:
    """FetchContent's download error is an outage; whoever reads outages judges it."""
    log = (
        "CMake Error at build/_deps/pad-subbuild/pad-download.cmake:163 (message):\n"
        "  Each download failed!\n\n    error: downloading 'https://example.test/pad.tgz' failed\n"
        '          status_string: "Couldn\'t resolve host name"\n\n'
    )
    assert all(failure.tool != "cmake" for failure in _diagnose(log).failures)


def test_googletest_cut_inside_a_failure() -> None:
    """What was printed before the log ended is kept."""
    log = (
        "[ RUN      ] Calc.Adds\n/repo/src/main.c:6: Failure\nExpected equality of these values:\n  add(1, 2)\n    Whi"
    )
    failure = _diagnose(log).failures[0]
    assert (failure.file, failure.line, failure.test_id) == ("src/main.c", 6, "Calc.Adds")


def test_bsd_assert_is_read() -> None:
    """macOS words a failed assert() in another order."""
    log = "Assertion failed: (n > 0), function main, file main.c, line 9.\n"
    failure = _diagnose(log, frozenset({"src/main.c"})).failures[0]
    assert (failure.tool, failure.file, failure.line) == ("assert", "src/main.c", 9)


@pytest.mark.parametrize(
    "line",
    [
        "a" * 7_000 + ":1:1: error: x",
        "src/main.c:1:1: error: " + "[" * 7_000,
        "make: *** [" + "x:" * 3_000 + "] Error 1",
        ">>> referenced by " + "(" * 7_000,
        "    #0 0x1 in " + "a " * 3_000 + "f.c:1",
        "/usr/bin/ld: " + "x(" * 3_000 + "undefined reference to `" + "y" * 100,
        "CMake Error at " + "a(" * 3_000 + ":1 (x):",
        "1/2 Test #1: " + "." * 7_000 + "***Failed",
    ],
)
def test_hostile_lines_end(line: str) -> None:
    """A long line that almost fits is read in a moment, and raises nothing."""
    anchors = "undefined reference to: *** \nCMake Error\nSanitizer: \n***Failed\nerror: \n[ RUN      ]\n"
    assert _diagnose(f"{anchors}{line}\n" * 20) is not None


def test_a_nested_build_that_the_network_broke_is_not_the_codes_fault() -> None:
    """CMake and make repeat what git said; neither echo may hide the outage."""
    log = (
        "fatal: unable to access 'https://git.example.test/pad.git/': Could not resolve host: git.example.test\n"
        "CMake Error at pad-download/pad-gitclone.cmake:39 (message):\n"
        "  Failed to clone repository: 'https://git.example.test/pad.git'\n\n\n"
        "gmake[2]: *** [CMakeFiles/pad.dir/build.make:99: pad-download] Error 1\n"
        "gmake: *** [Makefile:91: all] Error 2\n"
        "CMake Error at CMakeLists.txt:209 (message):\n  Build step for pad failed: 2\n\n\n"
        "-- Configuring incomplete, errors occurred!\n"
    )
    assert not any(failure.tool in ("make", "cmake") for failure in _diagnose(log).failures)


@pytest.mark.parametrize(("header", "category"), [("utill.h", Category.BUILD), ("zlib.h", Category.DEPENDENCY)])
def test_a_slip_in_a_headers_name_is_no_missing_library(header: str, category: Category) -> None:
    """No package provides a header whose name is the repository's own but for a letter."""
    log = (
        f"/repo/src/main.c:2:10: fatal error: {header}: No such file or directory\n"
        f'    2 | #include "{header}"\n      |          ^~~~~~~~~\ncompilation terminated.\n'
    )
    assert _diagnose(log).category is category
