"""What javac, Maven, JUnit, Gradle and Checkstyle print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

MAIN, TEST = "src/main/java/com/example", "src/test/java/com/example"
CALC = 'package com.example;\n\npublic class Calc {\n    public static int add(int a, int b) {\n        return a - b;\n    }\n\n    public static int divide(int a, int b) {\n        return a / b;\n    }\n\n    public static int parse(String text) {\n        try {\n            return Integer.parseInt(text);\n        } catch (NumberFormatException e) {\n            throw new IllegalStateException("no number: " + text, e);\n        }\n    }\n}\n'
CALC_TEST = 'package com.example;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\nimport static org.junit.jupiter.api.Assertions.assertTrue;\n\nimport org.junit.jupiter.api.Test;\n\nclass CalcTest {\n    @Test\n    void adds() {\n        assertEquals(3, Calc.add(1, 2));\n    }\n\n    @Test\n    void divides() {\n        assertEquals(2, Calc.divide(4, 2));\n    }\n\n    @Test\n    void dividesByZero() {\n        assertEquals(0, Calc.divide(4, 0));\n    }\n\n    @Test\n    void parses() {\n        assertEquals(7, Calc.parse("seven"));\n    }\n}\n'
CALC_TEST_4 = (
    CALC_TEST.replace("org.junit.jupiter.api.Assertions", "org.junit.Assert")
    .replace("org.junit.jupiter.api.Test", "org.junit.Test")
    .replace("class CalcTest", "public class CalcTest")
    .replace("    void ", "    public void ")
)
CALC_TEST_NG = CALC_TEST_4.replace("org.junit.Assert.", "org.testng.Assert.").replace(
    "org.junit.Test", "org.testng.annotations.Test"
)
_ADDS = {"tool": "junit", "file": f"{TEST}/CalcTest.java", "line": 11, "test_id": "com.example.CalcTest#adds"}
_ZERO = {
    "file": f"{MAIN}/Calc.java",
    "line": 9,
    "test_id": "com.example.CalcTest#dividesByZero",
    "code": "java.lang.ArithmeticException",
}
# The exception that Calc wraps comes out of its line 14.
_PARSES = {"file": f"{MAIN}/Calc.java", "line": 14, "test_id": "com.example.CalcTest#parses"}
# JUnit's own order, which is fixed but not that of the file.
TEST_FAILURES = [_PARSES, _ADDS, _ZERO]
TRIMMED_FAILURES = [
    {**_PARSES, "file": f"{TEST}/CalcTest.java", "line": 26},
    _ADDS,
    {**_ZERO, "file": f"{TEST}/CalcTest.java", "line": 21},
]
JUNIT5 = ("org.junit.jupiter", "junit-jupiter", "5.10.2")
JUNIT4 = ("junit", "junit", "4.13.2")
TESTNG = ("org.testng", "testng", "7.9.0")


def _pom(
    *dependencies: tuple[str, str, str], surefire: str = "3.2.5", plugins: str = "", arguments: str = "", more: str = ""
) -> str:
    listed = "".join(
        f"    <dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>\n"
        for group, name, version in dependencies
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n'
        "  <groupId>com.example</groupId><artifactId>calc</artifactId><version>1.0</version>\n"
        "  <properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>\n"
        f"  <dependencies>\n{listed}  </dependencies>\n  <build><plugins>\n"
        "    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>\n"
        f"    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version>{arguments}</plugin>\n"
        f"    <plugin><artifactId>maven-surefire-plugin</artifactId><version>{surefire}</version></plugin>\n"
        f"{plugins}  </plugins></build>\n{more}</project>\n"
    )


# Its repository of artifacts lies beside the tools, so that one download serves all cases.
_MAVEN = (
    'rm -rf $TOOLS/jvm/m2/com/example && mkdir -p .mvn && echo "-Dmaven.repo.local=$TOOLS/jvm/m2" > .mvn/maven.config'
)


def _maven(
    name: str,
    files: dict[str, str],
    expected: dict[str, object],
    command: str = "mvn -B -ntp test",
    tool: str = "maven",
    **more: object,
) -> Case:
    files = {"pom.xml": _pom(JUNIT5), **files}
    return Case(tool, name, command, files, expected, **{"setup": _MAVEN, **more})


BROKEN = {
    f"{MAIN}/Calc.java": "package com.example;\n\npublic class Calc {\n    public static int add(int a, int b) {\n        return a + c;\n    }\n\n    static String name() {\n        return 3;\n    }\n}\n"
}
BROKEN_ERRORS = [
    {"tool": "javac", "file": f"{MAIN}/Calc.java", "line": 5},
    {"tool": "javac", "file": f"{MAIN}/Calc.java", "line": 9},
]
RAW = {
    f"{MAIN}/Raw.java": "package com.example;\n\nimport java.util.ArrayList;\nimport java.util.List;\n\npublic class Raw {\n    List<String> rows = new ArrayList();\n}\n"
}
MISSING = {
    f"{MAIN}/App.java": "package com.example;\n\nimport com.google.common.collect.Lists;\n\npublic class App {\n    Object rows = Lists.newArrayList();\n}\n"
}
OWN_MISSING = {
    f"{MAIN}/App.java": "package com.example;\n\nimport com.example.tools.Ruler;\n\npublic class App {\n    Ruler ruler;\n}\n",
    f"{MAIN}/util/Ruler.java": "package com.example.util;\n\npublic class Ruler {}\n",
}
NO_SEMICOLON = {
    f"{MAIN}/App.java": "package com.example;\n\npublic class App {\n    int twice(int a) {\n        int b = a * 2\n        return b;\n    }\n}\n"
}


def _javac(name: str, command: str, files: dict[str, str], expected: dict[str, object], **more: object) -> Case:
    return Case("javac", name, command, files, expected, **more)


_ALL = "javac -d out $(find src -name '*.java')"
JAVAC_CASES = (
    _javac("cannot-find-symbol", _ALL, BROKEN, {"category": "build", "failures": BROKEN_ERRORS, "count": 2}),
    _javac(
        "cannot-find-symbol-github",
        _ALL,
        BROKEN,
        {"category": "build", "failures": BROKEN_ERRORS, "count": 2},
        wrap="github",
    ),
    _javac(
        "syntax",
        _ALL,
        NO_SEMICOLON,
        {"category": "syntax", "failures": [{"file": f"{MAIN}/App.java", "line": 5}], "count": 1},
    ),
    _javac(
        "unclosed-class",
        _ALL,
        {
            f"{MAIN}/App.java": 'package com.example;\n\npublic class App {\n    void run() {\n        System.out.println("a");\n    }\n'
        },
        {"category": "syntax", "failures": [{"file": f"{MAIN}/App.java", "line": 6}], "count": 1},
    ),
    _javac(
        "missing-package",
        _ALL,
        MISSING,
        {"category": "dependency", "failures": [{"file": f"{MAIN}/App.java", "line": 3}]},
    ),
    _javac(
        "missing-own-package",
        _ALL,
        OWN_MISSING,
        {"category": "build", "failures": [{"file": f"{MAIN}/App.java", "line": 3}]},
    ),
    _javac(
        "lint-werror",
        "javac -Xlint:all -Werror -d out src/main/java/com/example/Raw.java",
        RAW,
        {
            "category": "lint",
            "failures": [
                {"file": f"{MAIN}/Raw.java", "line": 7, "code": "rawtypes"},
                {"file": f"{MAIN}/Raw.java", "line": 7, "code": "unchecked"},
            ],
            "count": 2,
        },
    ),
    _javac(
        "warnings-and-an-error",
        "javac -Xlint:all -d out $(find src -name '*.java' | sort)",
        {**RAW, **BROKEN},
        {"category": "build", "failures": BROKEN_ERRORS, "count": 2},
    ),
    _javac(
        "bad-release",
        "javac --release 99 src/main/java/com/example/Raw.java",
        RAW,
        {"category": "config", "failures": [{"tool": "javac"}], "count": 1},
    ),
    _javac(
        "no-such-file",
        "javac src/main/java/com/example/Row.java",
        RAW,
        {"category": "config", "failures": [{"tool": "javac"}]},
    ),
    _javac(
        "abstract-method-missing",
        _ALL,
        {
            f"{MAIN}/Reader.java": "package com.example;\n\nimport java.nio.file.*;\n\nclass Reader {\n    static String read(Path path) {\n        return Files.readString(path);\n    }\n}\n",
            f"{MAIN}/Shape.java": "package com.example;\n\nclass Square implements Shape {\n}\n\ninterface Shape {\n    double area();\n}\n",
        },
        {"category": "build", "failures": [{"file": f"{MAIN}/Shape.java", "line": 3}], "count": 1},
    ),
    _javac(
        "uncaught",
        "java -cp out com.example.Start",
        {
            f"{MAIN}/Start.java": "package com.example;\n\npublic class Start {\n    static int[] rows = new int[2];\n\n    static int row(int n) {\n        return rows[n];\n    }\n\n    public static void main(String[] arguments) {\n        System.out.println(row(2));\n    }\n}\n"
        },
        {
            "category": "test",
            "failures": [
                {
                    "tool": "java",
                    "file": f"{MAIN}/Start.java",
                    "line": 7,
                    "code": "java.lang.ArrayIndexOutOfBoundsException",
                }
            ],
            "count": 1,
        },
        setup=_ALL,
    ),
)

_UNREACHABLE = ("com.example.nowhere", "left-padder", "9.9.9")
_ENFORCER = "    <plugin><artifactId>maven-enforcer-plugin</artifactId><version>3.4.1</version><executions><execution><id>java</id><goals><goal>enforce</goal></goals><configuration><rules><requireJavaVersion><version>[99,)</version></requireJavaVersion></rules></configuration></execution></executions></plugin>\n"
_CHECKSTYLE = "    <plugin><artifactId>maven-checkstyle-plugin</artifactId><version>3.3.1</version><configuration><configLocation>checkstyle.xml</configLocation><consoleOutput>true</consoleOutput><failsOnError>{fails}</failsOnError><violationSeverity>{severity}</violationSeverity></configuration><executions><execution><phase>validate</phase><goals><goal>check</goal></goals></execution></executions></plugin>\n"
RULES = '<?xml version="1.0"?>\n<!DOCTYPE module PUBLIC "-//Checkstyle//DTD Checkstyle Configuration 1.3//EN" "https://checkstyle.org/dtds/configuration_1_3.dtd">\n<module name="Checker">\n  <property name="severity" value="error"/>\n  <module name="FileTabCharacter"/>\n  <module name="TreeWalker">\n    <module name="UnusedImports"/>\n    <module name="NeedBraces"/>\n    <module name="MethodName"/>\n  </module>\n</module>\n'
UNTIDY = {
    f"{MAIN}/Untidy.java": "package com.example;\n\nimport java.util.List;\n\npublic class Untidy {\n    static int Sign(int a) {\n        if (a < 0)\n            return -1;\n\treturn 1;\n    }\n}\n"
}
UNTIDY_ERRORS = [
    {"tool": "checkstyle", "file": f"{MAIN}/Untidy.java", "line": 3, "code": "UnusedImports"},
    {"tool": "checkstyle", "file": f"{MAIN}/Untidy.java", "line": 6, "code": "MethodName"},
    {"tool": "checkstyle", "file": f"{MAIN}/Untidy.java", "line": 7, "code": "NeedBraces"},
    {"tool": "checkstyle", "file": f"{MAIN}/Untidy.java", "line": 9, "code": "FileTabCharacter"},
]
_MODULES = "<modules><module>core</module><module>app</module></modules>"


def _child(name: str) -> str:
    return f'<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n  <parent><groupId>com.example</groupId><artifactId>calc</artifactId><version>1.0</version></parent>\n  <artifactId>{name}</artifactId>\n</project>\n'


MAVEN_CASES = (
    _maven("compile-error", BROKEN, {"category": "build", "failures": BROKEN_ERRORS, "count": 2}),
    _maven(
        "compile-error-colour",
        BROKEN,
        {"category": "build", "failures": BROKEN_ERRORS, "count": 2},
        command="mvn -ntp -Dstyle.color=always compile",
        wrap="github",
    ),
    _maven(
        "compile-error-quiet",
        BROKEN,
        {"category": "build", "failures": BROKEN_ERRORS, "count": 2},
        command="mvn -B -q compile",
    ),
    _maven(
        "syntax",
        NO_SEMICOLON,
        {"category": "syntax", "failures": [{"file": f"{MAIN}/App.java", "line": 5}], "count": 1},
    ),
    _maven(
        "test-compile-error",
        {f"{MAIN}/Calc.java": CALC, f"{TEST}/CalcTest.java": CALC_TEST.replace("Calc.add(1, 2)", "Calc.sum(1, 2)")},
        {"category": "build", "failures": [{"file": f"{TEST}/CalcTest.java", "line": 11}], "count": 1},
    ),
    _maven(
        "missing-package", MISSING, {"category": "dependency", "failures": [{"file": f"{MAIN}/App.java", "line": 3}]}
    ),
    _maven(
        "lint-werror",
        {
            **RAW,
            "pom.xml": _pom(
                arguments="<configuration><compilerArgs><arg>-Xlint:all</arg><arg>-Werror</arg></compilerArgs></configuration>"
            ),
        },
        {"category": "lint", "failures": [{"file": f"{MAIN}/Raw.java", "line": 7}]},
        command="mvn -B -ntp compile",
    ),
    _maven(
        "missing-artifact",
        {"pom.xml": _pom(_UNREACHABLE)},
        {
            "category": "dependency",
            "failures": [{"tool": "maven", "file": "pom.xml", "code": "com.example.nowhere:left-padder"}],
            "count": 1,
        },
        command="mvn -B -ntp compile",
    ),
    _maven(
        "missing-artifact-cached",
        {"pom.xml": _pom(_UNREACHABLE)},
        {
            "category": "dependency",
            "failures": [{"tool": "maven", "file": "pom.xml", "code": "com.example.nowhere:left-padder"}],
            "count": 1,
        },
        command="mvn -B -ntp compile",
        setup=f"{_MAVEN}; mvn -q -B compile || true",
    ),
    _maven(
        "missing-plugin",
        {
            "pom.xml": _pom(
                plugins="    <plugin><groupId>com.example.nowhere</groupId><artifactId>pad-maven-plugin</artifactId><version>1.0</version><executions><execution><phase>validate</phase><goals><goal>pad</goal></goals></execution></executions></plugin>\n"
            )
        },
        {"category": "dependency", "failures": [{"tool": "maven"}], "count": 1},
    ),
    _maven(
        "pom-not-xml",
        {"pom.xml": _pom(JUNIT5).replace("</dependencies>", "</dependency>")},
        {"category": "syntax", "failures": [{"tool": "maven", "file": "pom.xml", "line": 7}], "count": 1},
    ),
    _maven(
        "pom-missing-version",
        {"pom.xml": _pom(JUNIT5).replace("<version>5.10.2</version>", "")},
        {"category": "config", "failures": [{"tool": "maven", "file": "pom.xml", "line": 6}], "count": 1},
    ),
    _maven(
        "pom-unknown-tag",
        {
            "pom.xml": _pom(JUNIT5)
            .replace("<dependencies>", "<dependancies>")
            .replace("</dependencies>", "</dependancies>")
        },
        {"category": "config", "failures": [{"tool": "maven", "file": "pom.xml", "line": 5}], "count": 1},
    ),
    _maven(
        "unknown-phase",
        {},
        {"category": "config", "failures": [{"tool": "maven"}], "count": 1},
        command="mvn -B -ntp tset",
    ),
    _maven(
        "no-pom",
        {},
        {"category": "config", "failures": [{"tool": "maven"}], "count": 1},
        command="mkdir -p empty && cd empty && mvn -B -ntp test",
    ),
    _maven(
        "enforcer",
        {"pom.xml": _pom(plugins=_ENFORCER)},
        {"category": "lint", "failures": [{"tool": "maven"}], "count": 1},
        command="mvn -B -ntp validate",
    ),
    _maven(
        "modules",
        {
            "pom.xml": _pom(JUNIT5)
            .replace("<version>1.0</version>\n", "<version>1.0</version><packaging>pom</packaging>\n", 1)
            .replace("  <properties>", f"  {_MODULES}\n  <properties>"),
            "core/pom.xml": _child("core"),
            f"core/{MAIN}/Calc.java": CALC,
            f"core/{TEST}/CalcTest.java": CALC_TEST,
            "app/pom.xml": _child("app"),
        },
        {"category": "test", "failures": [{**one, "file": f"core/{one['file']}"} for one in TEST_FAILURES]},
    ),
    _maven(
        "no-tests-match",
        {f"{MAIN}/Calc.java": CALC, f"{TEST}/CalcTest.java": CALC_TEST},
        {"category": "config", "failures": [{"tool": "maven"}], "count": 1},
        command="mvn -B -ntp test -Dtest=CalculatorTest",
    ),
)


def _junit(
    name: str,
    pom: str,
    test: str,
    expected: dict[str, object] | None = None,
    command: str = "mvn -B -ntp test",
    **more: object,
) -> Case:
    files = {"pom.xml": pom, f"{MAIN}/Calc.java": CALC, f"{TEST}/CalcTest.java": test}
    return _maven(
        name,
        files,
        expected or {"category": "test", "failures": TEST_FAILURES, "count": 3},
        command,
        tool="junit",
        **more,
    )


PARAMETERISED = 'package com.example;\n\nimport static org.junit.jupiter.api.Assertions.*;\n\nimport org.junit.jupiter.api.*;\nimport org.junit.jupiter.params.ParameterizedTest;\nimport org.junit.jupiter.params.provider.CsvSource;\n\nclass CalcTest {\n    @ParameterizedTest\n    @CsvSource({"1, 0, 1", "1, 2, 3"})\n    void adds(int a, int b, int sum) {\n        assertEquals(sum, Calc.add(a, b));\n    }\n\n    @Nested\n    class Division {\n        @Test\n        @DisplayName("refuses zero")\n        void zero() {\n            assertThrows(IllegalArgumentException.class, () -> Calc.divide(1, 0));\n        }\n    }\n\n    @Test\n    void all() {\n        assertAll(() -> assertTrue(Calc.add(2, 2) == 4, "two and two"), () -> assertNull(Calc.parse("3")));\n    }\n}\n'
SETUP_FAILS = 'package com.example;\n\nimport org.junit.jupiter.api.*;\n\nclass CalcTest {\n    static int rows;\n\n    @BeforeAll\n    static void open() {\n        rows = Calc.parse("many");\n    }\n\n    @Test\n    void holds() {\n    }\n}\n'
CRASHES = "package com.example;\n\nimport org.junit.jupiter.api.*;\n\nclass CalcTest {\n    @Test\n    void exits() {\n        System.exit(3);\n    }\n}\n"
_JARS = "$TOOLS/jvm/junit"
_COMPILE = f"javac -d out -cp \"{_JARS}/*\" $(find src -name '*.java')"
_PLAIN = {f"{MAIN}/Calc.java": CALC}

_TRIMMED = {"category": "test", "failures": TRIMMED_FAILURES, "count": 3}

JUNIT_CASES = (
    _junit("jupiter", _pom(JUNIT5), CALC_TEST),
    _junit("jupiter-colour", _pom(JUNIT5), CALC_TEST, command="mvn -ntp -Dstyle.color=always test", wrap="github"),
    _junit("jupiter-untrimmed", _pom(JUNIT5), CALC_TEST, command="mvn -B -ntp test -DtrimStackTrace=false"),
    _junit("jupiter-trimmed", _pom(JUNIT5), CALC_TEST, _TRIMMED, command="mvn -B -ntp test -DtrimStackTrace=true"),
    _junit("surefire-2", _pom(JUNIT5, surefire="2.22.2"), CALC_TEST, _TRIMMED),
    _junit("junit4", _pom(JUNIT4), CALC_TEST_4),
    _junit("junit4-quiet", _pom(JUNIT4), CALC_TEST_4, command="mvn -B -q test"),
    _junit("testng", _pom(TESTNG), CALC_TEST_NG, {"category": "test", "failures": [_ADDS, _ZERO, _PARSES], "count": 3}),
    _junit(
        "summary-only",
        _pom(JUNIT5),
        CALC_TEST,
        {"category": "test", "failures": [{"file": f"{TEST}/CalcTest.java", "line": 11}]},
        command="mvn -B -ntp test -Dsurefire.printSummary=false -DtrimStackTrace=true -Dsurefire.useFile=true -DreportFormat=plain",
    ),
    _junit(
        "nested-and-parameterised",
        _pom(JUNIT5),
        PARAMETERISED,
        {
            "category": "test",
            "failures": [
                {"file": f"{TEST}/CalcTest.java", "line": 27, "test_id": "com.example.CalcTest#all"},
                {"file": f"{TEST}/CalcTest.java", "line": 13, "test_id": "com.example.CalcTest#adds"},
                {"file": f"{TEST}/CalcTest.java", "line": 21, "test_id": "com.example.CalcTest$Division#zero"},
            ],
            "count": 3,
        },
    ),
    _junit(
        "setup-fails",
        _pom(JUNIT5),
        SETUP_FAILS,
        {
            "category": "test",
            "failures": [{"file": f"{MAIN}/Calc.java", "line": 14, "test_id": "com.example.CalcTest"}],
            "count": 1,
        },
    ),
    _junit(
        "fork-crashes",
        _pom(JUNIT5),
        CRASHES,
        {"category": "test", "failures": [{"tool": "junit", "test_id": "com.example.CalcTest"}]},
    ),
    Case(
        "junit",
        "console",
        f'java -jar "{_JARS}/junit-platform-console-standalone.jar" execute -cp out --scan-classpath --details=tree --disable-banner',
        {**_PLAIN, f"{TEST}/CalcTest.java": CALC_TEST},
        {"category": "test", "failures": TEST_FAILURES, "count": 3},
        setup=_COMPILE,
    ),
    Case(
        "junit",
        "console-ascii",
        f'java -jar "{_JARS}/junit-platform-console-standalone.jar" execute -cp out --scan-classpath --details=summary --disable-ansi-colors',
        {**_PLAIN, f"{TEST}/CalcTest.java": CALC_TEST},
        {"category": "test", "failures": TEST_FAILURES, "count": 3},
        setup=_COMPILE,
    ),
    Case(
        "junit",
        "junitcore",
        f'java -cp "out:{_JARS}/junit.jar:{_JARS}/hamcrest-core.jar" org.junit.runner.JUnitCore com.example.CalcTest',
        {**_PLAIN, f"{TEST}/CalcTest.java": CALC_TEST_4},
        {"category": "test", "failures": TEST_FAILURES, "count": 3},
        setup=_COMPILE,
    ),
)

CHECKSTYLE_CASES = (
    Case(
        "checkstyle",
        "command-line",
        'java -cp "$TOOLS/jvm/checkstyle/*" com.puppycrawl.tools.checkstyle.Main -c checkstyle.xml src',
        {"checkstyle.xml": RULES, **UNTIDY},
        {"category": "lint", "failures": UNTIDY_ERRORS, "count": 4},
    ),
    Case(
        "checkstyle",
        "command-line-sun",
        'java -cp "$TOOLS/jvm/checkstyle/*" com.puppycrawl.tools.checkstyle.Main -c /sun_checks.xml src',
        UNTIDY,
        {"category": "lint", "failures": [{"tool": "checkstyle"}]},
        wrap="github",
    ),
    Case(
        "checkstyle",
        "bad-configuration",
        'java -cp "$TOOLS/jvm/checkstyle/*" com.puppycrawl.tools.checkstyle.Main -c checkstyle.xml src',
        {"checkstyle.xml": RULES.replace("NeedBraces", "NeedsBraces"), **UNTIDY},
        {"category": "config", "failures": [{"tool": "checkstyle"}], "count": 1},
    ),
    _maven(
        "plugin-check",
        {
            "pom.xml": _pom(plugins=_CHECKSTYLE.format(fails="false", severity="error")),
            "checkstyle.xml": RULES,
            **UNTIDY,
        },
        {"category": "lint", "failures": UNTIDY_ERRORS, "count": 4},
        command="mvn -B -ntp validate",
        tool="checkstyle",
    ),
    _maven(
        "plugin-warnings",
        {
            "pom.xml": _pom(plugins=_CHECKSTYLE.format(fails="false", severity="warning")),
            "checkstyle.xml": RULES.replace('value="error"', 'value="warning"'),
            **UNTIDY,
        },
        {"category": "lint", "failures": UNTIDY_ERRORS, "count": 4},
        command="mvn -B -ntp validate",
        tool="checkstyle",
    ),
    _maven(
        "plugin-fails-on-error",
        {
            "pom.xml": _pom(plugins=_CHECKSTYLE.format(fails="true", severity="error")),
            "checkstyle.xml": RULES,
            **UNTIDY,
        },
        {"category": "lint", "failures": UNTIDY_ERRORS, "count": 4},
        command="mvn -B -ntp -Dstyle.color=always validate",
        tool="checkstyle",
    ),
)

# Debian ships Gradle 4.4; what newer ones print differently stands in the unit tests.
_BUILD = "apply plugin: 'java'\n{more}"
_WITH_JUNIT = _BUILD.format(
    more='dependencies {\n    testCompile files("${System.env.TOOLS}/jvm/junit/junit.jar", "${System.env.TOOLS}/jvm/junit/hamcrest-core.jar")\n}\n'
)
_FULL = _WITH_JUNIT + "test {\n    testLogging {\n        exceptionFormat = 'full'\n    }\n}\n"


def _gradle(
    name: str,
    files: dict[str, str],
    expected: dict[str, object],
    command: str = "gradle --no-daemon test",
    **more: object,
) -> Case:
    # Gradle remembers the scripts that it compiled by their text, and then names the folder that it first saw them in.
    more = {"environment": {"GRADLE_USER_HOME": ".gradle-home"}, **more}
    files = {"settings.gradle": "rootProject.name = 'calc'\n", "build.gradle": _BUILD.format(more=""), **files}
    return Case("gradle", name, command, files, expected, **more)


GRADLE_TESTS = [{**one, "test_id": one["test_id"].replace("#", ".")} for one in TEST_FAILURES]
# Its short format names the test's line only.
GRADLE_SHORT = [{**one, "test_id": one["test_id"].replace("#", ".")} for one in TRIMMED_FAILURES]
_SOURCES = {f"{MAIN}/Calc.java": CALC, f"{TEST}/CalcTest.java": CALC_TEST_4}

GRADLE_CASES = (
    _gradle("compile-error", BROKEN, {"category": "build", "failures": BROKEN_ERRORS}),
    _gradle(
        "compile-error-console",
        BROKEN,
        {"category": "build", "failures": BROKEN_ERRORS},
        command="gradle --no-daemon --console=rich build",
        wrap="github",
    ),
    _gradle(
        "syntax",
        NO_SEMICOLON,
        {"category": "syntax", "failures": [{"tool": "javac", "file": f"{MAIN}/App.java", "line": 5}]},
    ),
    _gradle(
        "tests", {"build.gradle": _WITH_JUNIT, **_SOURCES}, {"category": "test", "failures": GRADLE_SHORT, "count": 3}
    ),
    _gradle(
        "tests-full", {"build.gradle": _FULL, **_SOURCES}, {"category": "test", "failures": GRADLE_TESTS, "count": 3}
    ),
    _gradle(
        "script-syntax",
        {"build.gradle": "apply plugin: 'java'\n\ndependencies {\n    compile 'a:b:1'\n"},
        {"category": "syntax", "failures": [{"tool": "gradle", "file": "build.gradle"}], "count": 1},
    ),
    _gradle(
        "script-method",
        {"build.gradle": "apply plugin: 'java'\n\ndependancies {\n    compile 'a:b:1'\n}\n"},
        {"category": "build", "failures": [{"tool": "gradle", "file": "build.gradle", "line": 3}], "count": 1},
    ),
    _gradle(
        "script-property",
        {"build.gradle": "apply plugin: 'java'\nversion = releaseVersion\n"},
        {"category": "build", "failures": [{"tool": "gradle", "file": "build.gradle", "line": 2}], "count": 1},
    ),
    _gradle(
        "unknown-plugin",
        {"build.gradle": "plugins {\n    id 'com.example.pad'\n}\n"},
        {"category": "dependency", "failures": [{"tool": "gradle", "file": "build.gradle", "line": 2}], "count": 1},
        command="gradle --no-daemon --offline test",
    ),
    _gradle(
        "missing-artifact",
        {
            "build.gradle": _BUILD.format(
                more="repositories {\n    maven { url \"${projectDir}/artifacts\" }\n}\ndependencies {\n    compile 'com.example.nowhere:left-padder:9.9.9'\n}\n"
            ),
            **_PLAIN,
        },
        {
            "category": "dependency",
            "failures": [{"tool": "gradle", "code": "com.example.nowhere:left-padder"}],
            "count": 1,
        },
    ),
    _gradle(
        "unknown-task",
        {},
        {"category": "config", "failures": [{"tool": "gradle"}], "count": 1},
        command="gradle --no-daemon tset",
    ),
    _gradle(
        "exec-task",
        {"build.gradle": "task verify(type: Exec) {\n    commandLine 'sh', '-c', 'echo row 3 is wrong; exit 3'\n}\n"},
        {"category": "unknown", "failures": [{"tool": "gradle"}]},
        command="gradle --no-daemon verify",
    ),
)

JVM_CASES = (*JAVAC_CASES, *MAVEN_CASES, *JUNIT_CASES, *CHECKSTYLE_CASES, *GRADLE_CASES)
JVM_VERSIONS = {
    "javac": "javac -version",
    "maven": "mvn -v | head -1",
    "gradle": "gradle -v | grep ^Gradle",
    "junit": "unzip -p ${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}/jvm/junit/junit-platform-console-standalone.jar META-INF/MANIFEST.MF | grep Implementation-Version",
    "checkstyle": "ls ${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}/jvm/checkstyle | grep ^checkstyle-",
}
