"""What compilers, linkers, make, CMake, ctest and googletest print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case

_LANG = {"LC_ALL": "C"}

# A program of two files, whose callers are right and whose callee is not.
TYPO = {
    "src/calc.h": "#ifndef CALC_H\n#define CALC_H\nint add(int a, int b);\n#endif\n",
    "src/calc.c": '#include "calc.h"\n\nint add(int a, int b)\n{\n    int sum = a + b;\n    return summ;\n}\n',
    "src/main.c": '#include <stdio.h>\n#include "calc.h"\n\nint main(void)\n{\n    printf("%d\\n", add(1, 2));\n    return 0;\n}\n',
}
TYPO_ERROR = {"category": "build", "failures": [{"file": "src/calc.c", "line": 6, "column": 12}], "count": 1}
MISSING_SEMICOLON = {"src/a.c": "int twice(int a)\n{\n    int b = a * 2\n    return b;\n}\n"}
WARNED = {
    "src/w.c": '#include <stdio.h>\n\nint sign(int a)\n{\n    int unused = 3;\n    if (a = 1)\n        return 1;\n    printf("%s\\n", a);\n    return 0;\n}\n'
}
TEMPLATE = {
    "app.cpp": "#include <algorithm>\n#include <list>\n\nint main()\n{\n    std::list<int> rows{3, 1, 2};\n    std::sort(rows.begin(), rows.end());\n    return rows.front();\n}\n"
}
HEADER = {
    "include/shape.hpp": "#pragma once\n\nstruct Shape {\n    double area() const { return widht * height; }\n    double width = 0, height = 0;\n};\n",
    "src/main.cpp": '#include "shape.hpp"\n\nint main()\n{\n    return Shape{}.area() > 0;\n}\n',
    "src/wrap.hpp": '#pragma once\n#include "shape.hpp"\n',
    "src/other.cpp": '#include "wrap.hpp"\n\nint other()\n{\n    return 1;\n}\n',
}
OVERLOADS = {
    "main.cpp": "#include <string>\n\nvoid draw(int x, int y);\nvoid draw(const std::string& name, int y);\n\nint main()\n{\n    draw(3.5, nullptr);\n}\n"
}


def _gcc(name: str, command: str, files: dict[str, str], expected: dict[str, object], **more: object) -> Case:
    return Case("gcc", name, command, files, expected, **more)


GCC_CASES = (
    _gcc("undeclared", "gcc -c src/calc.c -o calc.o", TYPO, TYPO_ERROR),
    _gcc("undeclared-colour", "gcc -fdiagnostics-color=always -c src/calc.c", TYPO, TYPO_ERROR),
    _gcc("undeclared-c-locale", "gcc -c src/calc.c", TYPO, TYPO_ERROR, environment=_LANG),
    _gcc("undeclared-no-caret", "gcc -fno-diagnostics-show-caret -c src/calc.c", TYPO, TYPO_ERROR, wrap="github"),
    _gcc(
        "syntax",
        "gcc -Wall -c src/a.c",
        MISSING_SEMICOLON,
        {"category": "syntax", "failures": [{"file": "src/a.c", "line": 4}]},  # gcc tells the token after the gap only
    ),
    _gcc(
        "syntax-before-brace",
        "gcc -c src/b.c src/a.c",
        {**MISSING_SEMICOLON, "src/b.c": "int half(int a)\n{\n    return a / 2\n}\n"},
        {
            "category": "syntax",
            "failures": [{"file": "src/b.c", "line": 3}, {"file": "src/a.c", "line": 4}],
            "count": 2,
        },
    ),
    _gcc(
        "type-unknown-then-expected",
        "g++ -c a.cpp",
        {"a.cpp": '#include <string>\n\nint main()\n{\n    std::sting name = "a";\n    return name.size();\n}\n'},
        {"category": "build", "failures": [{"file": "a.cpp", "line": 5}]},
    ),
    _gcc(
        "missing-system-header",
        "g++ -c src/net.cpp",
        {"src/net.cpp": "#include <vector>\n#include <zmq_not_here/zmq.hpp>\n\nint main() {}\n"},
        {"category": "dependency", "failures": [{"file": "src/net.cpp", "line": 2}], "count": 1},
    ),
    _gcc(
        "missing-own-header",
        "gcc -c src/main.c",
        {"src/main.c": '#include "util.h"\n\nint main(void) { return 0; }\n', "include/util.h": "int util(void);\n"},
        {"category": "build", "failures": [{"file": "src/main.c", "line": 1}], "count": 1},
    ),
    _gcc(
        "werror",
        "gcc -Wall -Werror -c src/w.c",
        WARNED,
        {
            "category": "lint",
            "failures": [
                {"file": "src/w.c", "line": 6, "code": "-Wparentheses"},
                {"file": "src/w.c", "line": 8, "code": "-Wformat="},
                {"file": "src/w.c", "line": 5, "code": "-Wunused-variable"},
            ],
            "count": 3,
        },
    ),
    _gcc(
        "werror-one-of-several",
        "gcc -Wall -Werror=unused-variable -c src/w.c",
        WARNED,
        {"category": "lint", "failures": [{"file": "src/w.c", "line": 5, "code": "-Wunused-variable"}], "count": 1},
    ),
    _gcc(
        "template-chain",
        "g++ -std=c++17 -c app.cpp",
        TEMPLATE,
        {"category": "build", "failures": [{"file": "app.cpp", "line": 7}]},
    ),
    _gcc(
        "in-header",
        "g++ -Iinclude -c src/other.cpp",
        HEADER,
        {"category": "build", "failures": [{"file": "include/shape.hpp", "line": 4, "column": 34}], "count": 1},
    ),
    _gcc(
        "overloads",
        "g++ -c main.cpp",
        OVERLOADS,
        {"category": "build", "failures": [{"file": "main.cpp", "line": 8}], "count": 1},
    ),
    _gcc(
        "static-assert-and-error",
        "g++ -c a.cpp b.cpp",
        {
            "a.cpp": '#include <cstddef>\n\nstruct Header { char kind; int size; };\nstatic_assert(sizeof(Header) == 5, "the header is packed");\n',
            "b.cpp": '#ifndef PLATFORM\n#error "PLATFORM is not set"\n#endif\n',
        },
        {"category": "build", "failures": [{"file": "a.cpp", "line": 4}, {"file": "b.cpp", "line": 2}], "count": 2},
    ),
    _gcc(
        "no-input-file",
        "gcc -c src/nowhere.c -o nowhere.o",
        {"src/here.c": "int here;\n"},
        {"category": "config", "failures": [{"tool": "gcc"}], "count": 1},
    ),
    _gcc(
        "bad-option",
        "gcc -std=c42 -c a.c",
        {"a.c": "int here;\n"},
        {"category": "config", "failures": [{"tool": "gcc"}], "count": 1},
    ),
    _gcc(
        "several-files",
        "make -k",
        {
            "Makefile": "OBJECTS = b.o a.o c.o\nprogram: $(OBJECTS)\n\t$(CC) -o $@ $^\n",
            "a.c": "int a(void)\n{\n    return missing_name;\n}\n",
            "b.c": "#include <string.h>\n\nint b(char *text)\n{\n    return text.length;\n}\n",
            "c.c": "int main(void) { return 0; }\n",
        },
        {"category": "build", "failures": [{"file": "b.c", "line": 5}, {"file": "a.c", "line": 3}]},
    ),
    _gcc(
        "recursive-make",
        "make",
        {
            "Makefile": "all:\n\t$(MAKE) -C lib\n\t$(MAKE) -C app\n",
            "lib/Makefile": "all: util.o\n",
            "lib/util.c": "int util(void)\n{\n    return helper;\n}\n",
            "app/Makefile": "all: util.o\n",
            "app/util.c": "int main(void) { return 0; }\n",
        },
        {"category": "build", "failures": [{"file": "lib/util.c", "line": 3, "column": 12}]},
    ),
)

CLANG_CASES = (
    Case(
        "clang",
        "undeclared",
        "clang -c src/calc.c",
        TYPO,
        {**TYPO_ERROR, "failures": [{**TYPO_ERROR["failures"][0], "tool": "clang"}]},
    ),
    Case("clang", "undeclared-colour", "clang -fcolor-diagnostics -c src/calc.c", TYPO, TYPO_ERROR),
    Case("clang", "undeclared-msvc", "clang -fdiagnostics-format=msvc -c src/calc.c", TYPO, TYPO_ERROR),
    Case(
        "clang",
        "undeclared-vi",
        "clang -fdiagnostics-format=vi -c src/calc.c",
        TYPO,
        {**TYPO_ERROR, "failures": [{"file": "src/calc.c", "line": 6}]},
    ),
    Case("clang", "undeclared-no-caret", "clang -fno-caret-diagnostics -c src/calc.c", TYPO, TYPO_ERROR, wrap="github"),
    Case(
        "clang",
        "ranges",
        "clang -fdiagnostics-print-source-range-info -c src/w.c -Wall -Werror",
        WARNED,
        {
            "category": "lint",
            "failures": [
                {"file": "src/w.c", "line": 6, "code": "-Wparentheses", "tool": "clang"},
                {"file": "src/w.c", "line": 8, "code": "-Wformat"},
                {"file": "src/w.c", "line": 5, "code": "-Wunused-variable"},
            ],
            "count": 3,
        },
    ),
    Case(
        "clang",
        "syntax",
        "clang -c src/a.c",
        MISSING_SEMICOLON,
        {"category": "syntax", "failures": [{"file": "src/a.c", "line": 3, "column": 18}], "count": 1},
    ),
    Case(
        "clang",
        "template-chain",
        "clang++ -std=c++17 -c app.cpp",
        TEMPLATE,
        {"category": "build", "failures": [{"file": "app.cpp", "line": 7}]},
    ),
    Case(
        "clang",
        "in-header",
        "clang++ -Iinclude -c src/other.cpp",
        HEADER,
        {"category": "build", "failures": [{"file": "include/shape.hpp", "line": 4, "column": 34}], "count": 1},
    ),
    Case(
        "clang",
        "missing-system-header",
        "clang -c net.c",
        {"net.c": "#include <not_here/zmq.h>\n\nint main(void) { return 0; }\n"},
        {"category": "dependency", "failures": [{"file": "net.c", "line": 1, "column": 10}], "count": 1},
    ),
    Case(
        "clang",
        "unknown-argument",
        "clang -fno-such-flag -c a.c",
        {"a.c": "int a;\n"},
        {"category": "config", "failures": [{"tool": "clang"}], "count": 1},
    ),
    Case(
        "clang",
        "format-dry-run",
        "clang-format --dry-run -Werror a.c b.c",
        {
            "a.c": "int  main( void ){return 0;}\n",
            "b.c": "int b;\n",
        },
        {"category": "format", "failures": [{"tool": "clang-format", "file": "a.c", "line": 1}], "count": 1},
    ),
    Case(
        "clang",
        "format-two-files",
        "clang-format --dry-run --Werror src/*.h src/*.c",
        {
            "src/a.h": "int a ;\n",
            "src/b.c": "int b;\nint c( int d );\n",
        },
        {
            "category": "format",
            "failures": [{"file": "src/a.h", "line": 1}, {"file": "src/b.c", "line": 2}],
            "count": 2,
        },
        wrap="github",
    ),
    Case(
        "clang",
        "tidy",
        "clang-tidy --quiet --checks='-*,modernize-*,bugprone-*' --warnings-as-errors='*' src/t.cpp -- -std=c++17",
        {
            "src/t.cpp": "#include <cstdio>\n\nint *find(int n)\n{\n    if (n > 3)\n        return 0;\n    return NULL;\n}\n",
        },
        {
            "category": "lint",
            "failures": [
                {"tool": "clang-tidy", "file": "src/t.cpp", "line": 3, "code": "modernize-use-trailing-return-type"},
                {"tool": "clang-tidy", "file": "src/t.cpp", "line": 6, "code": "modernize-use-nullptr"},
                {"tool": "clang-tidy", "file": "src/t.cpp", "line": 7, "code": "modernize-use-nullptr"},
            ],
            "count": 3,
        },
    ),
    Case(
        "clang",
        "tidy-compile-error",
        "clang-tidy --quiet --checks='-*,modernize-*' src/calc.c -- -Isrc",
        TYPO,
        {
            "category": "build",
            "failures": [{"file": "src/calc.c", "line": 6, "column": 12, "code": "clang-diagnostic-error"}],
            "count": 1,
        },
    ),
)

UNDEFINED = {
    "src/main.c": "int area(int side);\n\nint main(void)\n{\n    return area(3);\n}\n",
    "src/shape.c": "int aera(int side)\n{\n    return side * side;\n}\n",
}
TWICE = {
    "a.c": "int counter = 1;\n\nint main(void)\n{\n    return counter;\n}\n",
    "b.c": "int counter = 2;\n",
}


def _ld(name: str, command: str, files: dict[str, str], expected: dict[str, object], **more: object) -> Case:
    return Case("ld", name, command, files, {"category": "build", **expected}, **more)


LD_CASES = (
    _ld(
        "undefined",
        "gcc src/main.c src/shape.c -o app",
        UNDEFINED,
        {"failures": [{"tool": "ld", "file": "src/main.c"}], "count": 1},
    ),
    _ld(
        "undefined-debug",
        "gcc -g src/main.c src/shape.c -o app",
        UNDEFINED,
        {"failures": [{"file": "src/main.c", "line": 5}], "count": 1},
    ),
    _ld(
        "undefined-clang",
        "clang -g src/main.c src/shape.c -o app",
        UNDEFINED,
        {"failures": [{"file": "src/main.c", "line": 5}], "count": 1},
    ),
    _ld(
        "undefined-lld",
        "clang -g -fuse-ld=lld src/main.c src/shape.c -o app",
        UNDEFINED,
        {"failures": [{"tool": "ld", "file": "src/main.c", "line": 5}], "count": 1},
    ),
    _ld(
        "undefined-gold",
        "gcc -g -fuse-ld=gold src/main.c src/shape.c -o app",
        UNDEFINED,
        {"failures": [{"tool": "ld", "file": "src/main.c", "line": 5}], "count": 1},
    ),
    _ld(
        "undefined-vtable",
        "g++ -g main.cpp -o app",
        {
            "main.cpp": "struct Base {\n    virtual ~Base() = default;\n    virtual void draw();\n};\n\nint main()\n{\n    Base base;\n    return 0;\n}\n",
        },
        {"failures": [{"file": "main.cpp", "line": 8}], "count": 1},
    ),  # the linker knows the users of the table only
    _ld("multiple", "gcc -g a.c b.c -o app", TWICE, {"failures": [{"file": "b.c", "line": 1}], "count": 1}),
    _ld(
        "multiple-lld",
        "clang -g -fuse-ld=lld a.c b.c -o app",
        TWICE,
        {"failures": [{"file": "b.c", "line": 1}], "count": 1},
    ),
    _ld(
        "missing-library",
        "gcc a.c -lzmq_not_here -o app",
        {"a.c": "int main(void) { return 0; }\n"},
        {"category": "dependency", "failures": [{"tool": "ld"}], "count": 1},
    ),
    _ld(
        "missing-library-lld",
        "clang -fuse-ld=lld a.c -lzmq_not_here -o app",
        {"a.c": "int main(void) { return 0; }\n"},
        {"category": "dependency", "failures": [{"tool": "ld"}], "count": 1},
        wrap="github",
    ),
    _ld(
        "no-main",
        "gcc util.c -o util",
        {"util.c": "int util(void) { return 0; }\n"},
        {"failures": [{"tool": "ld"}], "count": 1},
    ),
    _ld(
        "cmake-make",
        "cmake -S . -B build > configure.log && cmake --build build",
        {
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(app C)\nadd_executable(app src/main.c)\n",
            **UNDEFINED,
        },
        {"failures": [{"tool": "ld", "file": "src/main.c"}]},
    ),
    _ld(
        "cmake-ninja",
        "cmake -G Ninja -DCMAKE_BUILD_TYPE=Debug -S . -B build > configure.log && cmake --build build",
        {
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(app C)\nadd_executable(app src/main.c)\n",
            **UNDEFINED,
        },
        {"failures": [{"tool": "ld", "file": "src/main.c", "line": 5}]},
    ),
)


def _make(name: str, command: str, files: dict[str, str], expected: dict[str, object], **more: object) -> Case:
    return Case("make", name, command, files, expected, **more)


MAKE_CASES = (
    _make(
        "missing-separator",
        "make",
        {"Makefile": "all: app\n\napp:\n    echo building\n"},
        {"category": "syntax", "failures": [{"tool": "make", "file": "Makefile", "line": 4}], "count": 1},
    ),
    _make(
        "missing-endif",
        "make -f build/rules.mk",
        {"build/rules.mk": "ifeq ($(DEBUG),1)\nFLAGS = -g\nall:\n\techo $(FLAGS)\n"},
        {"category": "syntax", "failures": [{"file": "build/rules.mk", "line": 5}], "count": 1},
    ),
    _make(
        "no-rule",
        "make",
        {"Makefile": "app: main.o util.o\n\techo $^\n", "main.c": "int main(void) { return 0; }\n"},
        {"category": "build", "failures": [{"tool": "make", "file": None}], "count": 1},
    ),
    _make(
        "no-rule-for-goal",
        "make tset",
        {"Makefile": "test:\n\techo testing\n"},
        {"category": "config", "failures": [{"tool": "make"}], "count": 1},
    ),
    _make(
        "no-makefile",
        "make",
        {"README.md": "nothing\n"},
        {"category": "config", "failures": [{"tool": "make"}], "count": 1},
    ),
    _make(
        "error-function",
        "make",
        {"Makefile": "ifndef PREFIX\n$(error PREFIX is not set; see README.md)\nendif\nall:\n\ttrue\n"},
        {"category": "build", "failures": [{"tool": "make", "file": "Makefile", "line": 2}], "count": 1},
    ),
    _make(
        "missing-include",
        "make",
        {"Makefile": "include config.mk\nall:\n\ttrue\n"},
        {"category": "build", "failures": [{"tool": "make", "file": "Makefile", "line": 1}]},
    ),
    _make(
        "recipe-fails",
        "make check",
        {"Makefile": "check:\n\t@./verify.sh\n", "verify.sh": "#!/bin/sh\necho 'row 3 is wrong'\nexit 3\n"},
        {"category": "unknown", "failures": [{"tool": "make", "file": "Makefile", "line": 2, "code": "3"}], "count": 1},
        setup="chmod +x verify.sh",
    ),
    _make(
        "recursive-recipe-fails",
        "make -j2",
        {
            "Makefile": ".PHONY: one two\nall: one two\none:\n\t$(MAKE) -C one\ntwo:\n\t@echo two\n",
            "one/Makefile": "all:\n\t@echo checking\n\t@test -e stamp\n",
        },
        {"category": "unknown", "failures": [{"tool": "make", "file": "one/Makefile", "line": 3, "code": "1"}]},
        wrap="github",
    ),
)

_TOP = "cmake_minimum_required(VERSION 3.16)\nproject(app C)\n"


def _cmake(
    name: str, files: dict[str, str], expected: dict[str, object], command: str = "cmake -S . -B build", **more: object
) -> Case:
    return Case("cmake", name, command, files, expected, **more)


CMAKE_CASES = (
    _cmake(
        "missing-package",
        {"CMakeLists.txt": _TOP + "\nfind_package(Leptonica REQUIRED)\n"},
        {
            "category": "dependency",
            "failures": [{"tool": "cmake", "file": "CMakeLists.txt", "line": 4, "code": "find_package"}],
            "count": 1,
        },
    ),
    _cmake(
        "missing-package-version",
        {"CMakeLists.txt": _TOP + "find_package(ZLIB 99 REQUIRED)\n"},
        {"category": "dependency", "failures": [{"file": "CMakeLists.txt", "line": 3}], "count": 1},
    ),
    _cmake(
        "missing-pkg-config-module",
        {
            "CMakeLists.txt": _TOP
            + "find_package(PkgConfig REQUIRED)\npkg_check_modules(ZMQ REQUIRED libzmq-not-here)\n"
        },
        {"category": "dependency", "failures": [{"file": "CMakeLists.txt", "line": 4}], "count": 1},
    ),
    _cmake(
        "in-a-subdirectory",
        {
            "CMakeLists.txt": _TOP
            + "list(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake)\nadd_subdirectory(lib)\n",
            "lib/CMakeLists.txt": "include(Version)\nread_version()\nadd_library(lib lib.c)\n",
            "lib/lib.c": "int lib;\n",
            "cmake/Version.cmake": 'function(read_version)\n  file(READ "${CMAKE_SOURCE_DIR}/VERSION" text)\nendfunction()\n',
        },
        {"category": "build", "failures": [{"file": "cmake/Version.cmake", "line": 2, "code": "file"}], "count": 1},
    ),
    _cmake(
        "parse-error",
        {"CMakeLists.txt": _TOP + "add_executable(app main.c\n", "main.c": "int main(void) { return 0; }\n"},
        {"category": "syntax", "failures": [{"file": "CMakeLists.txt", "line": 3}], "count": 1},
    ),
    _cmake(
        "expected-command",
        {"CMakeLists.txt": _TOP + '"add_executable(app main.c)"\n'},
        {"category": "syntax", "failures": [{"file": "CMakeLists.txt", "line": 3}], "count": 1},
    ),
    _cmake(
        "unknown-command",
        {"CMakeLists.txt": _TOP + "add_exectuable(app main.c)\n"},
        {
            "category": "build",
            "failures": [{"file": "CMakeLists.txt", "line": 3, "code": "add_exectuable"}],
            "count": 1,
        },
    ),
    _cmake(
        "missing-source",
        {"CMakeLists.txt": _TOP + "add_executable(app main.c util.c)\n", "main.c": "int main(void) { return 0; }\n"},
        {"category": "build", "failures": [{"file": "CMakeLists.txt", "line": 3, "code": "add_executable"}]},
        wrap="github",
    ),
    _cmake(
        "message",
        {"CMakeLists.txt": _TOP + 'if(NOT DEFINED APP_MODE)\n  message(FATAL_ERROR "APP_MODE must be set")\nendif()\n'},
        {"category": "build", "failures": [{"file": "CMakeLists.txt", "line": 4, "code": "message"}], "count": 1},
    ),
    _cmake(
        "needs-newer",
        {"CMakeLists.txt": "cmake_minimum_required(VERSION 9.1)\nproject(app C)\n"},
        {"category": "config", "failures": [{"file": "CMakeLists.txt", "line": 1}], "count": 1},
    ),
    _cmake(
        "no-compiler",
        {"CMakeLists.txt": _TOP},
        {"category": "environment", "failures": [{"tool": "cmake", "file": "CMakeLists.txt", "line": 2}]},
        environment={"CC": "no-such-cc"},
    ),
    _cmake(
        "no-generator-program",
        {"CMakeLists.txt": _TOP},
        {"category": "environment", "failures": [{"tool": "cmake"}]},
        command="cmake -G 'Watcom WMake' -S . -B build",
    ),
    _cmake("no-source-folder", {"README.md": ""}, {"category": "config", "failures": [{"tool": "cmake"}], "count": 1}),
    _cmake(
        "target-not-found",
        {
            "CMakeLists.txt": _TOP + "add_executable(app main.c)\ntarget_link_libraries(app PRIVATE Zmq::zmq)\n",
            "main.c": "int main(void) { return 0; }\n",
        },
        {"category": "build", "failures": [{"file": "CMakeLists.txt", "line": 4}], "count": 1},
    ),
    _cmake(
        "ninja-compile-error",
        {"CMakeLists.txt": _TOP + "add_executable(app src/main.c src/calc.c)\n", **TYPO},
        {"category": "build", "failures": [{"tool": "gcc", "file": "src/calc.c", "line": 6, "column": 12}]},
        command="cmake -G Ninja -S . -B build && cmake --build build",
    ),
    _cmake(
        "make-compile-error-verbose",
        {"CMakeLists.txt": _TOP + "add_executable(app src/main.c src/calc.c)\n", **TYPO},
        {"category": "build", "failures": [{"tool": "gcc", "file": "src/calc.c", "line": 6, "column": 12}]},
        command="cmake -S . -B build && cmake --build build --parallel 2 --verbose",
    ),
    _cmake(
        "ninja-missing-file",
        {"CMakeLists.txt": _TOP + "add_custom_target(docs ALL DEPENDS ${CMAKE_SOURCE_DIR}/guide.txt)\n"},
        {"category": "build", "failures": [{"tool": "ninja"}], "count": 1},
        command="cmake -G Ninja -S . -B build && cmake --build build",
    ),
)

GTEST_PROJECT = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(calc CXX)\nenable_testing()\nfind_package(GTest REQUIRED)\nadd_executable(calc_test tests/calc_test.cpp src/calc.cpp)\ntarget_include_directories(calc_test PRIVATE src)\ntarget_link_libraries(calc_test GTest::gtest_main)\ninclude(GoogleTest)\ngtest_discover_tests(calc_test)\n",
    "src/calc.h": "#pragma once\n#include <string>\n\nint add(int a, int b);\nint divide(int a, int b);\nstd::string name(int a);\n",
    "src/calc.cpp": '#include "calc.h"\n#include <stdexcept>\n\nint add(int a, int b) { return a - b; }\n\nint divide(int a, int b)\n{\n    if (b == 0)\n        throw std::invalid_argument("division by zero");\n    return a / b;\n}\n\nstd::string name(int a) { return a == 1 ? "one" : "many"; }\n',
    "tests/calc_test.cpp": '#include "calc.h"\n#include <gtest/gtest.h>\n\nTEST(Calc, Adds)\n{\n    EXPECT_EQ(add(1, 2), 3);\n}\n\nTEST(Calc, Divides)\n{\n    EXPECT_EQ(divide(4, 2), 2);\n}\n\nTEST(Calc, DividesByZero)\n{\n    EXPECT_EQ(divide(4, 0), 0);\n}\n\nTEST(Calc, Names)\n{\n    EXPECT_EQ(name(1), "one");\n    EXPECT_TRUE(name(2) == "two") << "for two";\n    ASSERT_EQ(name(3), "three");\n}\n',
}
GTEST_FAILURES = [
    {"tool": "googletest", "file": "tests/calc_test.cpp", "line": 6, "test_id": "Calc.Adds"},
    {"tool": "googletest", "test_id": "Calc.DividesByZero"},
    {"tool": "googletest", "file": "tests/calc_test.cpp", "line": 22, "test_id": "Calc.Names"},
]
_BUILD_TEST = "g++ -g -Isrc tests/*.cpp src/*.cpp -lgtest -lgtest_main -pthread -o calc_test"
GTEST_EXPECTED = {"category": "test", "failures": GTEST_FAILURES, "count": 4}


def _gtest(
    name: str,
    command: str,
    expected: dict[str, object] = GTEST_EXPECTED,
    files: dict[str, str] = GTEST_PROJECT,
    setup: str = _BUILD_TEST,
    **more: object,
) -> Case:
    return Case("googletest", name, command, files, expected, setup=setup, **more)


FATAL = {
    "src/list.h": "#pragma once\n\nstruct Node { int value; Node *next; };\nint length(const Node *head);\nint last(const Node *head);\n",
    "src/list.cpp": '#include "list.h"\n\nint length(const Node *head)\n{\n    int n = 0;\n    for (; head; head = head->next)\n        n++;\n    return n;\n}\n\nint last(const Node *head)\n{\n    while (head->next)\n        head = head->next;\n    return head->value;\n}\n',
    "tests/list_test.cpp": '#include "list.h"\n#include <gtest/gtest.h>\n\nTEST(List, Length) { EXPECT_EQ(length(nullptr), 0); }\n\nTEST(List, LastOfNone)\n{\n    EXPECT_EQ(last(nullptr), 0);\n}\n',
}
PARAMETERISED = {
    "src/even.h": "inline bool is_even(int n) { return n % 4 == 0; }\n",
    "tests/even_test.cpp": '#include "even.h"\n#include <gtest/gtest.h>\n\nclass Even : public testing::TestWithParam<int> {};\n\nTEST_P(Even, Holds)\n{\n    EXPECT_TRUE(is_even(GetParam()));\n}\n\nINSTANTIATE_TEST_SUITE_P(Small, Even, testing::Values(2, 4, 6));\n\ntemplate <typename T> class Width : public testing::Test {};\nTYPED_TEST_SUITE_P(Width);\nTYPED_TEST_P(Width, IsFour) { EXPECT_EQ(sizeof(TypeParam), 4u); }\nREGISTER_TYPED_TEST_SUITE_P(Width, IsFour);\nusing Kinds = testing::Types<int, char>;\nINSTANTIATE_TYPED_TEST_SUITE_P(My, Width, Kinds);\n',
}

GTEST_CASES = (
    _gtest("default", "./calc_test"),
    _gtest("colour", "./calc_test --gtest_color=yes"),
    _gtest("brief", "./calc_test --gtest_brief=1", wrap="github"),
    _gtest(
        "shuffled",
        "./calc_test --gtest_shuffle --gtest_random_seed=7",
        {"category": "test", "failures": [], "count": 4},
    ),
    _gtest(
        "segfault",
        "./list_test && echo done",
        {"category": "test", "failures": [{"tool": "googletest", "test_id": "List.LastOfNone"}]},
        FATAL,
        "g++ -g -Isrc tests/*.cpp src/*.cpp -lgtest -lgtest_main -pthread -o list_test",
    ),
    _gtest(
        "address-sanitizer",
        "./list_test",
        {
            "category": "test",
            "failures": [{"file": "src/list.cpp", "line": 13, "test_id": "List.LastOfNone", "code": "SEGV"}],
        },
        FATAL,
        "clang++ -g -fsanitize=address -Isrc tests/*.cpp src/*.cpp -lgtest -lgtest_main -pthread -o list_test",
    ),
    _gtest(
        "parameterised",
        "./even_test",
        {
            "category": "test",
            "failures": [
                {"file": "tests/even_test.cpp", "line": 15, "test_id": "My/Width/1.IsFour"},
                {"file": "tests/even_test.cpp", "line": 8, "test_id": "Small/Even.Holds/0"},
            ],
        },
        PARAMETERISED,
        "g++ -g -Isrc tests/*.cpp -lgtest -lgtest_main -pthread -o even_test",
    ),
)

ASSERTS = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(stack C)\nenable_testing()\nadd_executable(stack_test tests/stack_test.c src/stack.c)\ntarget_include_directories(stack_test PRIVATE src)\nadd_test(NAME push COMMAND stack_test push)\nadd_test(NAME pop COMMAND stack_test pop)\nadd_test(NAME exits COMMAND stack_test exits)\n",
    "src/stack.h": "int push(int value);\nint pop(void);\n",
    "src/stack.c": '#include "stack.h"\n\nstatic int rows[4];\nstatic int used;\n\nint push(int value)\n{\n    rows[used] = value;\n    return used;\n}\n\nint pop(void)\n{\n    int *gone = 0;\n    return used ? rows[--used] : *gone;\n}\n',
    "tests/stack_test.c": '#undef NDEBUG\n#include <assert.h>\n#include <string.h>\n#include <stdio.h>\n#include "stack.h"\n\nint main(int argc, char **argv)\n{\n    if (!strcmp(argv[argc - 1], "push"))\n        assert(push(7) == 1);\n    if (!strcmp(argv[argc - 1], "pop"))\n        return pop();\n    if (!strcmp(argv[argc - 1], "exits"))\n        return puts("the exit status is wrong"), 3;\n    return 0;\n}\n',
}
_CONFIGURE = "cmake -S . -B build && cmake --build build"


def _ctest(
    name: str,
    command: str,
    expected: dict[str, object],
    files: dict[str, str] = ASSERTS,
    setup: str = _CONFIGURE,
    **more: object,
) -> Case:
    return Case("ctest", name, command, files, expected, setup=setup, **more)


SANITIZED = {
    "heap.c": "#include <stdlib.h>\n\nstatic int *make(int n)\n{\n    int *rows = malloc(n * sizeof *rows);\n    for (int i = 0; i <= n; i++)\n        rows[i] = i;\n    return rows;\n}\n\nint main(void)\n{\n    int *rows = make(4);\n    free(rows);\n    return 0;\n}\n",
    "leak.c": "#include <stdlib.h>\n#include <string.h>\n\nstatic char *copy(const char *text)\n{\n    char *own = malloc(strlen(text) + 1);\n    return strcpy(own, text);\n}\n\nint main(void)\n{\n    return copy(\"abc\")[0] == 'b';\n}\n",
    "overflow.c": '#include <stdio.h>\n#include <limits.h>\n\nstatic int next(int n)\n{\n    return n + 1;\n}\n\nint main(void)\n{\n    printf("%d\\n", next(INT_MAX));\n    return 0;\n}\n',
    "race.cpp": "#include <thread>\n\nint counter = 0;\n\nvoid count()\n{\n    for (int i = 0; i < 1000; i++)\n        counter++;\n}\n\nint main()\n{\n    std::thread one(count), two(count);\n    one.join();\n    two.join();\n}\n",
}

CTEST_CASES = (
    _ctest(
        "output-on-failure",
        "ctest --test-dir build --output-on-failure",
        {
            "category": "test",
            "failures": [
                {"file": "tests/stack_test.c", "line": 10, "test_id": "push"},
                {"tool": "ctest", "test_id": "pop"},
                {"tool": "ctest", "test_id": "exits"},
            ],
            "count": 3,
        },
    ),
    _ctest(
        "summary-only",
        "ctest --test-dir build",
        {
            "category": "test",
            "failures": [
                {"tool": "ctest", "test_id": "push"},
                {"tool": "ctest", "test_id": "pop"},
                {"tool": "ctest", "test_id": "exits"},
            ],
            "count": 3,
        },
        wrap="github",
    ),
    _ctest(
        "verbose",
        "ctest --test-dir build -V -j2",
        {"category": "test", "failures": [{"file": "tests/stack_test.c", "line": 10, "test_id": "push"}], "count": 3},
    ),
    _ctest(
        "make-test",
        "make -C build test ARGS=--output-on-failure",
        {"category": "test", "failures": [{"file": "tests/stack_test.c", "line": 10, "test_id": "push"}]},
    ),
    _ctest("googletest", "ctest --test-dir build --output-on-failure", GTEST_EXPECTED, GTEST_PROJECT),
    _ctest(
        "not-built",
        "ctest --test-dir build --output-on-failure",
        {"category": "build", "failures": [{"tool": "ctest", "test_id": "push"}]},
        ASSERTS,
        "cmake -S . -B build",
    ),
    _ctest(
        "timeout",
        "ctest --test-dir build --output-on-failure --timeout 1",
        {"category": "test", "failures": [{"tool": "ctest", "test_id": "waits"}], "count": 1},
        {
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(wait NONE)\nenable_testing()\nadd_test(NAME waits COMMAND sleep 30)\nadd_test(NAME passes COMMAND true)\n",
        },
        "cmake -S . -B build",
    ),
    _ctest(
        "no-tests",
        "ctest --test-dir build --no-tests=error",
        {"category": "config", "failures": [{"tool": "ctest"}], "count": 1},
        {"CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(none NONE)\nenable_testing()\n"},
        "cmake -S . -B build",
    ),
    _ctest(
        "heap-overflow",
        "./heap",
        {"category": "test", "failures": [{"file": "heap.c", "line": 7, "code": "heap-buffer-overflow"}], "count": 1},
        SANITIZED,
        "gcc -g -fsanitize=address heap.c -o heap",
    ),
    _ctest(
        "leak",
        "./leak",
        {"category": "test", "failures": [{"file": "leak.c", "line": 6}], "count": 1},
        SANITIZED,
        "gcc -g -fsanitize=address leak.c -o leak",
    ),
    _ctest(
        "undefined-behaviour",
        "./overflow",
        {"category": "test", "failures": [{"file": "overflow.c", "line": 6, "column": 14}], "count": 1},
        SANITIZED,
        "gcc -g -fsanitize=undefined -fno-sanitize-recover=all overflow.c -o overflow",
    ),
    _ctest(
        "undefined-behaviour-stack",
        "./overflow",
        {"category": "test", "failures": [{"file": "overflow.c", "line": 6}], "count": 1},
        SANITIZED,
        "clang -g -fsanitize=undefined -fno-sanitize-recover=all overflow.c -o overflow",
        environment={"UBSAN_OPTIONS": "print_stacktrace=1"},
    ),
    _ctest(
        "data-race",
        "./race",
        {"category": "test", "failures": [{"file": "race.cpp", "line": 8, "code": "data race"}]},
        SANITIZED,
        "clang++ -g -O1 -fsanitize=thread race.cpp -o race",
    ),
    _ctest(
        "terminate",
        "./app && echo done",
        {"category": "test", "failures": [{"code": "std::runtime_error"}]},
        {"app.cpp": '#include <stdexcept>\n\nint main()\n{\n    throw std::runtime_error("row 3 is wrong");\n}\n'},
        "g++ app.cpp -o app",
    ),
)

NATIVE_CASES = (*GCC_CASES, *CLANG_CASES, *LD_CASES, *MAKE_CASES, *CMAKE_CASES, *GTEST_CASES, *CTEST_CASES)
NATIVE_VERSIONS = {
    **{tool: f"{tool} --version" for tool in ("gcc", "clang", "ld", "make", "cmake", "ctest")},
    "googletest": "sed -n 's/.*Version: //p' /usr/lib/*/pkgconfig/gtest.pc; grep -h ^Version: /usr/lib/*/pkgconfig/gtest.pc",
}
