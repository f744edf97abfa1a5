"""The languages whose functions are found by their grammar. Adding one is a row here and a wheel."""

import importlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language

_NUMBERS = ("number", "int_literal", "integer_literal", "decimal_integer_literal", "number_literal")


@dataclass(frozen=True, slots=True)
class GrammarLanguage:
    """What the node types of a grammar mean. An owner's name goes before those of its methods."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    functions: tuple[str, ...]
    owners: tuple[str, ...]
    types: tuple[str, ...]
    """Definitions that are no functions: classes, structs, interfaces, enums."""
    entry: str = "language"
    numbers: tuple[str, ...] = _NUMBERS


_SCRIPT_FUNCTIONS = ("function_declaration", "generator_function_declaration", "method_definition")
_C_TYPES = ("struct_specifier", "enum_specifier", "type_definition", "preproc_def")

LANGUAGES: tuple[GrammarLanguage, ...] = (
    GrammarLanguage(
        name="JavaScript",
        suffixes=(".js", ".mjs", ".cjs", ".jsx"),
        module="tree_sitter_javascript",
        functions=_SCRIPT_FUNCTIONS,
        owners=("class_declaration",),
        types=("class_declaration",),
    ),
    GrammarLanguage(
        name="TypeScript",
        suffixes=(".ts", ".mts", ".cts"),
        module="tree_sitter_typescript",
        entry="language_typescript",
        functions=_SCRIPT_FUNCTIONS,
        owners=("class_declaration", "abstract_class_declaration"),
        types=("class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration"),
    ),
    GrammarLanguage(
        name="TypeScript",
        suffixes=(".tsx",),
        module="tree_sitter_typescript",
        entry="language_tsx",
        functions=_SCRIPT_FUNCTIONS,
        owners=("class_declaration", "abstract_class_declaration"),
        types=("class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration"),
    ),
    GrammarLanguage(
        name="Go",
        suffixes=(".go",),
        module="tree_sitter_go",
        functions=("function_declaration", "method_declaration"),
        owners=(),
        types=("type_declaration",),
    ),
    GrammarLanguage(
        name="Rust",
        suffixes=(".rs",),
        module="tree_sitter_rust",
        functions=("function_item",),
        owners=("impl_item", "trait_item"),
        types=("struct_item", "enum_item", "trait_item", "type_item"),
    ),
    GrammarLanguage(
        name="Java",
        suffixes=(".java",),
        module="tree_sitter_java",
        functions=("method_declaration", "constructor_declaration"),
        owners=("class_declaration", "record_declaration", "enum_declaration", "interface_declaration"),
        types=("record_declaration", "enum_declaration", "interface_declaration"),
    ),
    GrammarLanguage(
        name="C",
        suffixes=(".c",),
        module="tree_sitter_c",
        functions=("function_definition",),
        owners=(),
        types=_C_TYPES,
    ),
    GrammarLanguage(
        name="C++",
        suffixes=(".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp"),
        module="tree_sitter_cpp",
        functions=("function_definition",),
        owners=("class_specifier", "struct_specifier"),
        types=("class_specifier", *_C_TYPES),
    ),
)
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}


def language_of(path: str) -> GrammarLanguage | None:
    """The language of a file by its name; None for Python, which has exact tools, and for what is no source."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())


@lru_cache(maxsize=16)
def loaded(language: GrammarLanguage) -> "Language | None":
    """The grammar; None where its wheel is not installed."""
    try:
        from tree_sitter import Language

        return Language(getattr(importlib.import_module(language.module), language.entry)())
    except ImportError:
        return None
