#!/bin/sh
# Install the Python tools that the recordings are made with. Needs python3 (3.11 or newer) and network.
#
# With the argument `checkers` only those that the tests of repairs run.
#
# Several environments, because an installed plugin changes what a tool prints: `python` for most tools,
# `pytest-plugins` for plugins that redraw pytest's output, `uv-older` for a uv whose messages look otherwise.
set -eu
TOOLS=${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}
PYTHON=${PYTHON:-python3}
mkdir -p "$TOOLS/bin"

[ -x "$TOOLS/python/bin/python" ] || "$PYTHON" -m venv "$TOOLS/python"
"$TOOLS/python/bin/python" -m pip install -q --upgrade pip
"$TOOLS/python/bin/python" -m pip install -q flake8==7.5.0 pylint==4.1.4 'pyright[nodejs]==1.1.414' \
    clang-format==23.1.5 pre-commit==4.7.0 pre-commit-hooks==6.0.0

# wrap NAME…: wrappers, not links: an interpreter finds its environment by the folder that it was started from.
wrap() {
    for name in "$@"; do
        printf '#!/bin/sh\nexec "%s" "$@"\n' "$TOOLS/python/bin/$name" >"$TOOLS/bin/$name"
        chmod +x "$TOOLS/bin/$name"
    done
}
wrap flake8 pylint pyright clang-format pre-commit end-of-file-fixer trailing-whitespace-fixer
[ "${1-}" != checkers ] || exit 0

"$TOOLS/python/bin/python" -m pip install -q \
    pytest==9.2.0 pytest-xdist pytest-timeout pytest-cov pytest-rerunfailures hypothesis \
    mypy==2.4.1 ruff==0.17.6 black==26.10.1 isort==9.0.2 \
    colorama coverage sphinx mkdocs uv poetry tox nox setuptools wheel build hatchling \
    autoflake==2.4.0 pyupgrade==3.22.0 yapf==0.43.0 autopep8==2.3.2 docformatter==1.7.8 \
    redis requests httpx 'psycopg[binary]'

[ -x "$TOOLS/pytest-plugins/bin/python" ] || "$PYTHON" -m venv "$TOOLS/pytest-plugins"
"$TOOLS/pytest-plugins/bin/python" -m pip install -q \
    pytest==9.2.0 pytest-asyncio pytest-sugar pytest-pretty pytest-ruff pytest-mypy ruff==0.17.6 mypy==2.4.1

[ -x "$TOOLS/uv-older/bin/python" ] || "$PYTHON" -m venv "$TOOLS/uv-older"
"$TOOLS/uv-older/bin/python" -m pip install -q uv==0.7.22

wrap python python3 pip pytest coverage mypy stubtest ruff black isort \
    sphinx-build mkdocs uv poetry tox nox check-yaml check-json check-toml \
    debug-statement-hook check-merge-conflict autoflake pyupgrade yapf autopep8 docformatter
