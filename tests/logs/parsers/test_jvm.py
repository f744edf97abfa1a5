"""JVM logs that the tools of the recordings are too old or too new to print; cut and hostile ones."""
# ruff: noqa: E501 - what a tool prints stands on one line

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

APP, TEST = "src/main/java/com/example/App.java", "src/test/java/com/example/AppTest.java"
FILES = frozenset({APP, TEST, "build.gradle.kts", "pom.xml", "src/main/kotlin/Rows.kt"})


def _diagnose(log: str, files: frozenset[str] = FILES) -> Diagnosis:
    return diagnose(log, exit_code=1, root="/repo", known_files=files)


def test_gradles_newer_test_report() -> None:
    """Since 4.7 the class has no package, and Jupiter's methods have parentheses."""
    log = (
        "> Task :test FAILED\n\n"
        "AppTest > adds() FAILED\n"
        "    org.opentest4j.AssertionFailedError: expected: <3> but was: <-1>\n"
        "        at app//org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:531)\n"
        "        at app//com.example.AppTest.adds(AppTest.java:11)\n\n"
        "4 tests completed, 1 failed\n\n"
        "FAILURE: Build failed with an exception.\n\n"
        "* What went wrong:\nExecution failed for task ':test'.\n"
        "> There were failing tests. See the report at: file:///repo/build/reports/tests/test/index.html\n"
    )
    diagnosis = _diagnose(log)
    failure = diagnosis.failures[0]
    assert (failure.file, failure.line, failure.test_id) == (TEST, 11, "com.example.AppTest.adds")
    assert len(diagnosis.failures) == 1


def test_gradles_nested_and_parameterised_tests() -> None:
    """The method is the part with parentheses."""
    log = (
        "AppTest > Division > adds(int) > [2] 4 FAILED\n"
        "    org.opentest4j.AssertionFailedError at AppTest.java:11\n\n* What went wrong:\n"
    )
    failure = _diagnose(log).failures[0]
    assert (failure.file, failure.line, failure.test_id) == (TEST, 11, "AppTest.adds")


def test_gradle_that_prints_the_compilers_output_last() -> None:
    """Since 8.11 `What went wrong` repeats the errors, indented; each is told once."""
    error = "/repo/src/main/java/com/example/App.java:5: error: cannot find symbol\n        return a + c;\n                   ^\n"
    indented = "".join(f"  {line}\n" for line in error.splitlines())
    log = (
        f"> Task :compileJava FAILED\n{error}1 error\n\nFAILURE: Build failed with an exception.\n\n* What went wrong:\n"
        f"Execution failed for task ':compileJava'.\n> Compilation failed; see the compiler output below.\n{indented}  1 error\n"
    )
    diagnosis = _diagnose(log)
    assert [(failure.tool, failure.file, failure.line) for failure in diagnosis.failures] == [("javac", APP, 5)]


def test_a_kotlin_build_script_that_does_not_compile() -> None:
    """The place stands in the text, the file above it."""
    log = (
        "FAILURE: Build failed with an exception.\n\n* Where:\nBuild file '/repo/build.gradle.kts' line: 7\n\n"
        "* What went wrong:\nScript compilation error:\n\n  Line 7: dependancies {\n          ^ Unresolved reference: dependancies\n\n1 error\n"
    )
    diagnosis = _diagnose(log)
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("build.gradle.kts", 7)
    assert diagnosis.category is Category.BUILD


def test_gradle_that_can_not_reach_its_repository_is_no_dependency() -> None:
    """An outage is left to those who read outages."""
    log = (
        "* What went wrong:\nCould not resolve all files for configuration ':compileClasspath'.\n"
        "> Could not resolve com.google.guava:guava:33.0.\n   > Could not get resource 'https://repo.example.test/x.pom'.\n"
        "      > Could not GET 'https://repo.example.test/x.pom'. Received status code 503 from server\n"
    )
    assert all(failure.tool != "gradle" for failure in _diagnose(log).failures)


@pytest.mark.parametrize(
    "line",
    [
        "e: file:///repo/src/main/kotlin/Rows.kt:4:9 Unresolved reference: rows",
        "e: /repo/src/main/kotlin/Rows.kt: (4, 9): Unresolved reference: rows",
    ],
)
def test_kotlins_errors(line: str) -> None:
    """Both of the layouts that Gradle's Kotlin plugin had."""
    failure = _diagnose(f"{line}\n").failures[0]
    assert (failure.tool, failure.file, failure.line, failure.column) == ("kotlinc", "src/main/kotlin/Rows.kt", 4, 9)


def test_ants_javac_lines() -> None:
    """Ant puts the task's name before each line."""
    log = "    [javac] /repo/src/main/java/com/example/App.java:5: error: ';' expected\n    [javac]         int b = a * 2\n    [javac]                      ^\n"
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.SYNTAX
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == (APP, 5)


def test_surefires_oldest_header() -> None:
    """Before 2.19 the method stood before its class, and nothing was marked."""
    log = (
        "Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 sec <<< FAILURE! - in com.example.AppTest\n"
        "adds(com.example.AppTest)  Time elapsed: 0.01 sec  <<< FAILURE!\n"
        "java.lang.AssertionError: expected:<4> but was:<3>\n"
        "\tat org.junit.Assert.fail(Assert.java:88)\n"
        "\tat com.example.AppTest.adds(AppTest.java:14)\n\n\n"
        "Results :\n\nFailed tests: \n  AppTest.adds:14 expected:<4> but was:<3>\n"
    )
    diagnosis = _diagnose(log)
    failure = diagnosis.failures[0]
    assert (failure.file, failure.line, failure.test_id) == (TEST, 14, "com.example.AppTest#adds")
    assert len(diagnosis.failures) == 1


def test_a_test_that_passed_when_run_again_is_flaky() -> None:
    """Surefire lists it under Flakes; no patch can be proved for it."""
    log = (
        "[ERROR] com.example.AppTest.adds -- Time elapsed: 0.01 s <<< FAILURE!\n"
        "java.lang.AssertionError: now and then\n\tat com.example.AppTest.adds(AppTest.java:14)\n\n"
        "[INFO] Results:\n[INFO]\n[WARNING] Flakes: \n[WARNING] com.example.AppTest.adds\n"
        "[ERROR]   Run 1: AppTest.adds:14 now and then\n[INFO]   Run 2: PASS\n[INFO]\n"
        "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.5.2:test (default-test) on project t: There are 1 flakes -> [Help 1]\n"
    )
    assert _diagnose(log).category is Category.FLAKY


def test_mavens_newer_resolution_error() -> None:
    """Since 3.9 the artifact stands on a line of its own."""
    log = (
        "[ERROR] Failed to execute goal on project calc: Could not resolve dependencies for project com.example:calc:jar:1.0\n"
        "[ERROR] dependency: com.example.nowhere:left-padder:jar:9.9.9 (compile)\n"
        "[ERROR] \tCould not find artifact com.example.nowhere:left-padder:jar:9.9.9 in central (https://repo.maven.apache.org/maven2)\n"
        "[ERROR] -> [Help 1]\n"
    )
    diagnosis = _diagnose(log)
    assert diagnosis.category is Category.DEPENDENCY
    assert diagnosis.failures[0].code == "com.example.nowhere:left-padder"


def test_maven_that_can_not_reach_its_repository_is_no_dependency() -> None:
    """`Could not transfer` is an outage."""
    log = (
        "[ERROR] Failed to execute goal on project t: Could not resolve dependencies for project t:t:jar:1: Failed to collect dependencies at "
        "junit:junit:jar:4.13.2: Failed to read artifact descriptor: Could not transfer artifact junit:junit:pom:4.13.2 from/to central "
        "(https://repo.example.test): Connection refused -> [Help 1]\n"
    )
    assert all(failure.tool != "maven" for failure in _diagnose(log).failures)


def test_a_trace_of_libraries_only_has_no_place() -> None:
    """A place outside the repository helps nobody."""
    log = 'Exception in thread "main" java.lang.NoClassDefFoundError: org/slf4j/Logger\n\tat java.base/java.lang.Class.forName0(Class.java:3)\n'
    failure = _diagnose(log).failures[0]
    assert (failure.tool, failure.file, failure.code) == ("java", None, "java.lang.NoClassDefFoundError")


@pytest.mark.parametrize(
    "line",
    [
        "\tat " + "a." * 3_500 + "b(C.java:1)",
        "\tat " + "a/" * 3_500,
        "[ERROR] " + "x" * 7_000 + " <<< FAILURE!",
        "[ERROR]   " + "A." * 3_000 + ":1 x",
        "a > " * 1_800 + " FAILED",
        "[ERROR] Failed to execute goal " + "a:" * 3_000 + " on project x: ",
        "Caused by: " + "A." * 3_500,
    ],
)
def test_hostile_lines_end(line: str) -> None:
    """A long line that almost fits is read in a moment, and raises nothing."""
    log = f"[ERROR] com.example.AppTest.adds -- Time elapsed: 0.01 s <<< FAILURE!\njava.lang.Error\n{line}\n" * 20
    assert _diagnose(f"* What went wrong:\nCheckstyle ends with\nerror: \n{log}") is not None


def test_a_character_that_javac_can_not_map_is_not_the_cause() -> None:
    """Maven calls it an error where the build goes on; what ends the build stands after it."""
    log = (
        "[ERROR] /repo/src/main/java/com/example/Names.java:[79,49] unmappable character (0xC3) for encoding UTF-8\n"
        "[ERROR] COMPILATION ERROR : \n"
        "[ERROR] /repo/src/main/java/com/example/App.java:[106,51] cannot find symbol\n"
        "  symbol:   class HashSet\n  location: class com.example.App\n"
    )
    assert [failure.line for failure in _diagnose(log).failures] == [106, 79]
