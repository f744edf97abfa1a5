"""The keys that tools know, where their messages don't list them."""

PYTEST = (
    "addopts", "cache_dir", "collect_imported_tests", "confcutdir", "console_output_style", "doctest_encoding",
    "doctest_optionflags", "empty_parameter_set_mark", "enable_assertion_pass_hook", "faulthandler_timeout",
    "filterwarnings", "junit_duration_report", "junit_family", "junit_log_passing_tests", "junit_logging",
    "junit_suite_name", "log_auto_indent", "log_cli", "log_cli_date_format", "log_cli_format", "log_cli_level",
    "log_date_format", "log_file", "log_file_date_format", "log_file_format", "log_file_level", "log_file_mode",
    "log_format", "log_level", "markers", "minversion", "norecursedirs", "python_classes", "python_files",
    "python_functions", "pythonpath", "required_plugins", "strict", "strict_config", "strict_markers",
    "testpaths", "tmp_path_retention_count", "tmp_path_retention_policy", "truncation_limit_chars",
    "truncation_limit_lines", "usefixtures", "verbosity_assertions", "verbosity_test_cases", "xfail_strict",
    "asyncio_mode", "asyncio_default_fixture_loop_scope", "timeout", "timeout_method", "django_find_project",
    "DJANGO_SETTINGS_MODULE", "env", "mock_use_standalone_module",
)  # fmt: skip
"""pytest's own options and those of its commonest plugins (docs.pytest.org, reference, configuration options)."""

PROJECT = {
    "name": "str", "version": "str", "description": "str", "readme": "any", "requires-python": "str", "license": "any",
    "license-files": "any", "authors": "list", "maintainers": "list", "keywords": "list", "classifiers": "list",
    "urls": "dict", "scripts": "dict", "gui-scripts": "dict", "entry-points": "dict", "dependencies": "list",
    "optional-dependencies": "dict", "dynamic": "list", "import-names": "list", "import-namespaces": "list",
}  # fmt: skip
"""The keys of `[project]` and the kind of value of each (packaging.python.org, pyproject.toml specification)."""

MKDOCS = (
    "site_name", "site_url", "repo_url", "repo_name", "edit_uri", "edit_uri_template", "site_description",
    "site_author", "copyright", "remote_branch", "remote_name", "nav", "not_in_nav", "exclude_docs", "draft_docs",
    "validation", "theme", "docs_dir", "site_dir", "extra_css", "extra_javascript", "extra_templates", "extra",
    "watch", "use_directory_urls", "strict", "dev_addr", "markdown_extensions", "hooks", "plugins", "INHERIT",
)  # fmt: skip
"""mkdocs.org, user guide, configuration."""

HOOKS = (
    "trailing-whitespace", "end-of-file-fixer", "check-yaml", "check-json", "check-toml", "check-xml",
    "check-ast", "check-case-conflict", "check-merge-conflict", "check-added-large-files",
    "check-docstring-first", "check-executables-have-shebangs", "check-symlinks", "debug-statements",
    "detect-private-key", "mixed-line-ending", "name-tests-test", "no-commit-to-branch", "pretty-format-json",
    "requirements-txt-fixer", "sort-simple-yaml", "fix-byte-order-marker", "ruff", "ruff-check", "ruff-format",
    "black", "isort", "flake8", "mypy", "pyupgrade", "codespell", "prettier", "eslint", "bandit", "autoflake",
    "clang-format", "shellcheck", "yamllint",
)  # fmt: skip
"""The ids of the hooks that are used most."""

COMPOSE = (
    "image", "build", "command", "entrypoint", "environment", "env_file", "ports", "volumes", "depends_on",
    "networks", "restart", "container_name", "healthcheck", "labels", "user", "working_dir", "expose",
    "extra_hosts", "deploy", "secrets", "configs", "logging", "profiles", "privileged", "tty", "stdin_open",
    "hostname", "platform", "cap_add", "cap_drop", "tmpfs", "ulimits", "init", "services", "version", "name",
    "driver", "external",
)  # fmt: skip
"""The Compose specification's commonest keys."""
