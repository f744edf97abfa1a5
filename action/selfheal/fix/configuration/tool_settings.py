"""Which files each tool reads its settings from, and the settings that it knows."""

TOOL_FILES: dict[str, tuple[str, ...]] = {
    "bandit": (".bandit", "pyproject.toml"),
    "black": ("pyproject.toml",),
    "coverage": (".coveragerc", "setup.cfg", "tox.ini", "pyproject.toml"),
    "flake8": (".flake8", "setup.cfg", "tox.ini"),
    "isort": (".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini", ".editorconfig"),
    "mypy": ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"),
    "pylint": (".pylintrc", "pylintrc", ".pylintrc.toml", "pyproject.toml", "setup.cfg", "tox.ini"),
    "pytest": ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"),
    "ruff": ("ruff.toml", ".ruff.toml", "pyproject.toml"),
}
"""In the order in which the tools look for them."""

RUFF_LINT = (
    "allowed-confusables", "dummy-variable-rgx", "explicit-preview-rules", "extend-fixable", "extend-ignore",
    "extend-per-file-ignores", "extend-safe-fixes", "extend-select", "extend-unsafe-fixes", "external", "fixable",
    "flake8-annotations", "flake8-bandit", "flake8-boolean-trap", "flake8-bugbear", "flake8-builtins",
    "flake8-comprehensions", "flake8-copyright", "flake8-errmsg", "flake8-gettext", "flake8-implicit-str-concat",
    "flake8-import-conventions", "flake8-pytest-style", "flake8-quotes", "flake8-self", "flake8-tidy-imports",
    "flake8-type-checking", "flake8-unused-arguments", "future-annotations", "ignore", "isort", "logger-objects",
    "mccabe", "pep8-naming", "per-file-ignores", "pycodestyle", "pydoclint", "pydocstyle", "pyflakes", "pylint",
    "pyupgrade", "select", "task-tags", "typing-extensions", "typing-modules", "unfixable",
)  # fmt: skip
"""What stood at the top of ruff's settings before `[lint]` came (docs.astral.sh, settings)."""

_RUFF = (
    "analyze", "builtins", "cache-dir", "exclude", "extend", "extend-exclude", "extend-include", "extension", "fix",
    "fix-only", "force-exclude", "format", "include", "indent-width", "line-length", "lint", "namespace-packages",
    "output-format", "per-file-target-version", "preview", "required-version", "respect-gitignore", "show-fixes",
    "src", "target-version", "unsafe-fixes", "convention", "docstring-code-format", "docstring-code-line-length",
    "ignore-decorators", "indent-style", "known-first-party", "known-third-party", "line-ending", "max-args",
    "max-branches", "max-complexity", "max-doc-length", "max-line-length", "max-returns", "max-statements",
    "property-decorators", "quote-style", "skip-magic-trailing-comma",
)  # fmt: skip
_BLACK = (
    "code", "color", "diff", "exclude", "extend-exclude", "force-exclude", "include", "ipynb", "line-length",
    "preview", "pyi", "python-cell-magics", "required-version", "skip-magic-trailing-comma",
    "skip-source-first-line", "skip-string-normalization", "target-version", "unstable", "verbose", "workers",
    "enable-unstable-feature", "quiet", "safe", "fast",
)  # fmt: skip
_ISORT = (
    "add_imports", "append_only", "atomic", "auto_identify_namespace_packages", "balanced_wrapping",
    "blocked_extensions", "case_sensitive", "color_output", "combine_as_imports", "combine_star",
    "combine_straight_imports", "comment_prefix", "default_section", "ensure_newline_before_comments",
    "extend_skip", "extend_skip_glob", "extra_standard_library", "filter_files", "float_to_top", "follow_links",
    "force_adds", "force_alphabetical_sort", "force_alphabetical_sort_within_sections", "force_grid_wrap",
    "force_single_line", "force_sort_within_sections", "force_to_top", "forced_separate", "from_first",
    "group_by_package", "honor_noqa", "import_footers", "import_headings", "include_trailing_comma", "indent",
    "known_first_party", "known_future_library", "known_local_folder", "known_standard_library",
    "known_third_party", "length_sort", "length_sort_sections", "length_sort_straight", "lexicographical",
    "line_ending", "line_length", "lines_after_imports", "lines_before_imports", "lines_between_sections",
    "lines_between_types", "multi_line_output", "namespace_packages", "no_inline_sort", "no_lines_before",
    "no_sections", "only_modified", "only_sections", "order_by_type", "overwrite_in_place", "profile", "py_version",
    "remove_imports", "remove_redundant_aliases", "reverse_relative", "reverse_sort", "sections",
    "single_line_exclusions", "skip", "skip_gitignore", "skip_glob", "sort_order", "src_paths", "star_first",
    "supported_extensions", "treat_all_comments_as_code", "treat_comments_as_code", "use_parentheses", "virtual_env",
    "wrap_length",
)  # fmt: skip
_COVERAGE = (
    "branch", "command_line", "concurrency", "context", "core", "cover_pylib", "data_file", "debug", "debug_file",
    "disable_warnings", "dynamic_context", "parallel", "patch", "plugins", "relative_files", "include", "omit",
    "sigterm", "source", "source_pkgs", "source_dirs", "timid", "exclude_lines", "exclude_also", "fail_under",
    "format", "ignore_errors", "include_namespace_packages", "partial_branches", "partial_also", "precision",
    "contexts", "show_missing", "skip_covered", "skip_empty", "sort", "extra_css", "directory", "title",
    "show_contexts", "output", "package_depth", "pretty_print",
)  # fmt: skip
_PYLINT = (
    "additional-builtins", "allow-global-unused-variables", "argument-naming-style", "argument-rgx",
    "attr-naming-style", "bad-names", "callbacks", "class-naming-style", "confidence", "const-naming-style",
    "defining-attr-methods", "deprecated-modules", "disable", "docstring-min-length", "dummy-variables-rgx",
    "enable", "evaluation", "exclude-protected", "expected-line-ending-format", "extension-pkg-allow-list",
    "extension-pkg-whitelist", "fail-on", "fail-under", "function-naming-style", "generated-members", "good-names",
    "ignore", "ignore-comments", "ignore-docstrings", "ignore-imports", "ignore-long-lines", "ignore-mixin-members",
    "ignore-paths", "ignore-patterns", "ignore-signatures", "ignored-argument-names", "ignored-classes",
    "ignored-modules", "include-naming-hint", "indent-after-paren", "indent-string", "init-hook", "init-import",
    "jobs", "known-standard-library", "known-third-party", "limit-inference-results", "load-plugins",
    "logging-format-style", "logging-modules", "max-args", "max-attributes", "max-bool-expr", "max-branches",
    "max-line-length", "max-locals", "max-module-lines", "max-nested-blocks", "max-parents",
    "max-positional-arguments", "max-public-methods", "max-returns", "max-statements", "method-naming-style",
    "min-public-methods", "min-similarity-lines", "module-naming-style", "msg-template",
    "never-returning-functions", "no-docstring-rgx", "notes", "output-format", "overgeneral-exceptions",
    "persistent", "preferred-modules", "property-classes", "py-version", "recursive", "reports", "score",
    "single-line-class-stmt", "single-line-if-stmt", "source-roots", "spelling-dict",
    "suggestion-mode", "unsafe-load-any-extension", "valid-classmethod-first-arg",
    "valid-metaclass-classmethod-first-arg", "variable-naming-style", "variable-rgx",
)  # fmt: skip

TOOL_KEYS: dict[str, tuple[str, ...]] = {
    "black": _BLACK,
    "coverage": _COVERAGE,
    "isort": _ISORT,
    "pylint": _PYLINT,
    "ruff": (*_RUFF, *RUFF_LINT),
}
"""From each tool's own documentation; where a tool lists its keys itself, that list is used instead."""
