"""What pip, uv and poetry print when they resolve, build and install. Nothing is fetched: wheels are made on the spot."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from collections.abc import Mapping
from dataclasses import replace

from recordings.case import Case

PACKAGING_VERSIONS = {"pip": "pip --version", "uv": "uv --version", "poetry": "poetry --version"}
_OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": "wheels",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
    "UV_OFFLINE": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "POETRY_VIRTUALENVS_CREATE": "false",
}


def _wheels(*releases: tuple[str, str, str]) -> str:
    """A script that makes empty wheels, each a name, a version and what it needs."""
    return f"""python - <<'END'
import pathlib, zipfile
pathlib.Path('wheels').mkdir()
for name, version, requires in {list(releases)!r}:
    info = f'{{name}}-{{version}}.dist-info'
    with zipfile.ZipFile(f'wheels/{{name}}-{{version}}-py3-none-any.whl', 'w') as wheel:
        wheel.writestr(f'{{name}}.py', '')
        needs = f'Requires-Dist: {{requires}}\\n' if requires else ''
        wheel.writestr(f'{{info}}/METADATA', f'Metadata-Version: 2.1\\nName: {{name}}\\nVersion: {{version}}\\n{{needs}}')
        wheel.writestr(f'{{info}}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        wheel.writestr(f'{{info}}/RECORD', '')
END
"""


CLASHING = _wheels(("alpha", "1.0", "gamma<2"), ("beta", "1.0", "gamma>=2"), ("gamma", "1.0", ""), ("gamma", "2.0", ""))
ONE = _wheels(("alpha", "1.0", ""))
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n'
PROJECT = '[project]\nname = "shop"\nversion = "1.0"\nrequires-python = ">=3.11"\n'


def _case(
    tool: str,
    name: str,
    command: str,
    files: Mapping[str, str],
    category: str,
    failure: Mapping[str, object],
    **changes: object,
) -> Case:
    return Case(
        **{
            "tool": tool,
            "name": name,
            "command": command,
            "files": files,
            "expected": {"category": category, "failures": [failure]},
            "environment": _OFFLINE,
            **changes,
        }
    )


EXTENSION = {
    "setup.py": "from setuptools import Extension, setup\n\nsetup(name='shop', version='1.0', py_modules=[], ext_modules=[Extension('fast', ['src/fast.c'])])\n",
    "src/fast.c": "int add(int a, int b) {\n    return a + c;\n}\n",
}

PIP_CASES = (
    _case(
        "pip",
        "conflict",
        "pip install --target out -r requirements.txt",
        {"requirements.txt": "alpha==1.0\nbeta==1.0\n"},
        "dependency",
        {"tool": "pip", "code": "ResolutionImpossible", "file": "requirements.txt", "line": 1},
        setup=CLASHING,
    ),
    _case(
        "pip",
        "no-such-version",
        "pip install --target out -r requirements.txt",
        {"requirements.txt": "# what we need\nalpha==9.9\n"},
        "dependency",
        {"tool": "pip", "code": "no-matching-distribution", "file": None},
        setup=ONE,
        wrap="github",
    ),
    _case(
        "pip",
        "invalid-requirement",
        "pip install --target out -r requirements.txt",
        {"requirements.txt": "alpha\nbeta=>2.0\n"},
        "config",
        {"tool": "pip", "code": "invalid-requirement", "file": "requirements.txt", "line": 2},
        setup=ONE,
    ),
    _case(
        "pip",
        "missing-requirements-file",
        "pip install -r requirements/dev.txt",
        {"requirements.txt": "alpha\n"},
        "config",
        {"tool": "pip", "code": "requirements-file", "file": "requirements/dev.txt"},
    ),
    _case(
        "pip",
        "requires-python",
        "pip install --no-build-isolation --target out .",
        {"pyproject.toml": SETUPTOOLS + PROJECT.replace("3.11", "3.99"), "shop.py": ""},
        "dependency",
        {"tool": "pip", "code": "requires-python"},
    ),
    _case(
        "pip",
        "setup-py-raises",
        "pip install --no-build-isolation --target out .",
        {
            "setup.py": "import os\nfrom setuptools import setup\n\nsetup(name='shop', version=open('VERSION').read())\n",
            "shop.py": "",
        },
        "build",
        {"tool": "pip", "code": "FileNotFoundError", "file": "setup.py", "line": 4},
    ),
    _case(
        "pip",
        "compiler-error",
        "pip install --no-build-isolation --target out .",
        EXTENSION,
        "build",
        {"file": "src/fast.c", "line": 2},
    ),
    _case(
        "pip",
        "pyproject-invalid",
        "pip install --no-build-isolation --target out .",
        {
            "pyproject.toml": SETUPTOOLS + '[project]\nname = "shop"\nversion = "1.0"\ndependencies = "alpha"\n',
            "shop.py": "",
        },
        "config",
        {"tool": "pip", "file": "pyproject.toml"},
    ),
    _case(
        "pip",
        "pyproject-broken",
        "pip install --no-build-isolation --target out .",
        {"pyproject.toml": '[project]\nname = "shop"\nversion = 1.0.0\n', "shop.py": ""},
        "syntax",
        {"tool": "pip", "file": "pyproject.toml", "line": 3},
    ),
    _case(
        "pip",
        "backend-missing",
        "pip install --no-build-isolation --target out .",
        {"pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "flitx.api"\n\n' + PROJECT, "shop.py": ""},
        "dependency",
        {"tool": "pip", "code": "BackendUnavailable"},
    ),
    _case(
        "pip",
        "hash-mismatch",
        "pip install --target out --require-hashes -r requirements.txt",
        {"requirements.txt": f"alpha==1.0 --hash=sha256:{'0' * 64}\n"},
        "dependency",
        {"tool": "pip", "code": "hash-mismatch", "file": "requirements.txt", "line": 1},
        setup=ONE,
    ),
    _case(
        "pip",
        "not-a-project",
        "pip install -e .",
        {"shop/__init__.py": ""},
        "config",
        {"tool": "pip", "code": "not-a-project"},
    ),
    _case(
        "pip",
        "externally-managed",
        "PYTHONPATH=$TOOLS/python/lib/python3.11/site-packages /usr/bin/python3 -m pip install alpha",
        {"a.py": ""},
        "environment",
        {"tool": "pip", "code": "externally-managed-environment"},
        setup=ONE,
    ),
    _case(
        "pip",
        "check",
        "PYTHONPATH=out pip check",
        {"a.py": ""},
        "dependency",
        {"tool": "pip", "code": "check"},
        setup=CLASHING
        + "pip install --no-deps --target out wheels/alpha-1.0-py3-none-any.whl wheels/gamma-2.0-py3-none-any.whl",
    ),
    _case(
        "pip",
        "unknown-option",
        "pip install --no-such-option -r requirements.txt",
        {"requirements.txt": "alpha\n"},
        "config",
        {"tool": "pip", "code": "usage"},
    ),
)

UV_PROJECT = PROJECT + 'dependencies = ["alpha"]\n\n[tool.uv]\nno-index = true\nfind-links = ["wheels"]\n'
UV_CASES = (
    _case(
        "uv",
        "conflict",
        "uv lock",
        {"pyproject.toml": UV_PROJECT.replace('["alpha"]', '["alpha", "beta"]')},
        "dependency",
        {"tool": "uv", "code": "no-solution"},
        setup=CLASHING,
    ),
    _case(
        "uv",
        "conflict-colour",
        "uv pip install --target out --no-index --find-links wheels --color always alpha==1.5",
        {"pyproject.toml": UV_PROJECT},
        "dependency",
        {"tool": "uv", "code": "no-solution"},
        setup=ONE,
        wrap="github",
    ),
    _case(
        "uv",
        "lock-out-of-date",
        "uv sync --locked",
        {"pyproject.toml": UV_PROJECT},
        "dependency",
        {"tool": "uv", "code": "lock-outdated", "file": "uv.lock"},
        setup=ONE + "uv lock && sed -i 's/\\[\"alpha\"\\]/[]/' pyproject.toml",
    ),
    _case(
        "uv",
        "lock-missing",
        "uv sync --frozen",
        {"pyproject.toml": UV_PROJECT},
        "dependency",
        {"tool": "uv", "code": "lock-missing", "file": "uv.lock"},
        setup=ONE,
    ),
    _case(
        "uv",
        "pyproject-broken",
        "uv sync",
        {"pyproject.toml": '[project]\nname = "shop"\nversion = 1.0.0\n'},
        "syntax",
        {"tool": "uv", "file": "pyproject.toml", "line": 3, "column": 14},
    ),
    _case(
        "uv",
        "pyproject-invalid",
        "uv sync",
        {"pyproject.toml": '[project]\nname = "shop"\nversion = "1.0"\ndependencies = "alpha"\n'},
        "config",
        {"tool": "uv", "file": "pyproject.toml", "line": 4},
    ),
    _case(
        "uv",
        "build-fails",
        "uv pip install --target out --no-build-isolation --python $TOOLS/python/bin/python .",
        {
            "setup.py": "from setuptools import setup\n\nimport shop\n\nsetup(name='shop', version=shop.VERSION)\n",
            "shop.py": "VERSION_INFO = (1, 0)\n",
        },
        "build",
        {"tool": "uv", "code": "AttributeError", "file": "setup.py", "line": 5},
    ),
    _case(
        "uv",
        "compiler-error",
        "uv build --wheel --no-build-isolation --python $TOOLS/python/bin/python",
        EXTENSION,
        "build",
        {"file": "src/fast.c", "line": 2},
    ),
    _case(
        "uv",
        "python-not-found",
        "uv venv --python 3.99",
        {"pyproject.toml": PROJECT},
        "environment",
        {"tool": "uv", "code": "python-not-found"},
    ),
    _case(
        "uv",
        "python-does-not-fit",
        "uv sync",
        {"pyproject.toml": PROJECT.replace(">=3.11", ">=3.99")},
        "environment",
        {"tool": "uv", "code": "python-not-found"},
    ),
    _case(
        "uv",
        "no-such-group",
        "uv sync --group docs",
        {"pyproject.toml": UV_PROJECT},
        "config",
        {"tool": "uv", "code": "no-such-group", "file": "pyproject.toml"},
        setup=ONE + "uv lock",
    ),
    _case(
        "uv",
        "requirements-invalid",
        "uv pip install --target out -r requirements.txt",
        {"requirements.txt": "alpha\nbeta=>2.0\n"},
        "config",
        {"tool": "uv", "code": "invalid-requirement", "file": "requirements.txt"},
    ),
    _case(
        "uv",
        "hash-mismatch",
        "uv pip install --target out --no-index --find-links wheels --require-hashes -r requirements.txt",
        {"requirements.txt": f"alpha==1.0 --hash=sha256:{'0' * 64}\n"},
        "dependency",
        {"tool": "uv", "code": "hash-mismatch"},
        setup=ONE,
    ),
)


def _as_older(case: Case) -> Case:
    """The same with a uv that still drew boxes and put its messages on one line."""
    return replace(
        case,
        name=f"{case.name}-older",
        command=case.command.replace("uv ", "$TOOLS/uv-older/bin/uv ", 1),
        setup=case.setup.replace("uv lock", "$TOOLS/uv-older/bin/uv lock"),
    )


UV_CASES += tuple(
    _as_older(case)
    for case in UV_CASES
    if case.name
    in (
        "conflict",
        "lock-out-of-date",
        "pyproject-broken",
        "build-fails",
        "compiler-error",
        "hash-mismatch",
        "requirements-invalid",
    )
)

POETRY = '[tool.poetry]\nname = "shop"\nversion = "1.0"\ndescription = ""\nauthors = []\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.11"\n'
GAMMA = '[tool.poetry]\nname = "gamma"\nversion = "1.0"\ndescription = ""\nauthors = []\n\n[tool.poetry.dependencies]\npython = ">=3.11"\n'
POETRY_CASES = (
    _case(
        "poetry",
        "version-solving",
        "poetry lock --no-interaction",
        {
            "pyproject.toml": POETRY + 'alpha = {path = "alpha"}\ngamma = {path = "gamma"}\n',
            "alpha/pyproject.toml": GAMMA.replace("gamma", "alpha") + 'gamma = ">=2"\n',
            "alpha/alpha/__init__.py": "",
            "gamma/pyproject.toml": GAMMA,
            "gamma/gamma/__init__.py": "",
        },
        "dependency",
        {"tool": "poetry", "code": "SolverProblemError", "file": "pyproject.toml"},
    ),
    _case(
        "poetry",
        "version-solving-colour",
        "poetry lock --ansi --no-interaction",
        {
            "pyproject.toml": POETRY + 'gamma = {path = "gamma"}\n',
            "gamma/pyproject.toml": GAMMA.replace(">=3.11", ">=3.99"),
            "gamma/gamma/__init__.py": "",
        },
        "dependency",
        {"tool": "poetry", "code": "SolverProblemError", "file": "pyproject.toml"},
        wrap="github",
    ),
    _case(
        "poetry",
        "lock-out-of-date",
        "poetry install --no-interaction",
        {
            "pyproject.toml": POETRY + 'gamma = {path = "gamma"}\n',
            "gamma/pyproject.toml": GAMMA,
            "gamma/gamma/__init__.py": "",
        },
        "dependency",
        {"tool": "poetry", "code": "lock-outdated", "file": "poetry.lock"},
        setup="poetry lock --no-interaction && sed -i '/^gamma/d' pyproject.toml",
    ),
    _case(
        "poetry",
        "check-lock",
        "poetry check --lock",
        {"pyproject.toml": POETRY},
        "dependency",
        {"tool": "poetry", "code": "lock-missing", "file": "poetry.lock"},
    ),
    _case(
        "poetry",
        "pyproject-invalid",
        "poetry install --no-interaction",
        {
            "pyproject.toml": POETRY.replace('description = ""', "description = 3").replace(
                "package-mode = false", 'package-mode = "no"'
            )
        },
        "config",
        {"tool": "poetry", "file": "pyproject.toml", "code": "pyproject-invalid"},
    ),
    _case(
        "poetry",
        "pyproject-broken",
        "poetry install --no-interaction",
        {"pyproject.toml": POETRY.replace('version = "1.0"', "version = 1.0.0")},
        "syntax",
        {"tool": "poetry", "file": "pyproject.toml", "line": 3, "code": "TOMLDecodeError"},
    ),
    _case(
        "poetry",
        "python-does-not-fit",
        "poetry install --no-interaction",
        {"pyproject.toml": POETRY.replace(">=3.11", ">=3.99")},
        "environment",
        {"tool": "poetry", "code": "python-not-found"},
        setup="poetry lock --no-interaction || true",
    ),
    _case(
        "poetry",
        "command-not-found",
        "poetry run frobnicate --all",
        {"pyproject.toml": POETRY},
        "environment",
        {"tool": "poetry", "code": "command-not-found"},
    ),
    _case(
        "poetry",
        "no-such-group",
        "poetry install --with docs --no-interaction",
        {"pyproject.toml": POETRY},
        "config",
        {"tool": "poetry", "code": "no-such-group", "file": "pyproject.toml"},
        setup="poetry lock --no-interaction",
    ),
    _case(
        "poetry",
        "path-missing",
        "poetry lock --no-interaction",
        {"pyproject.toml": POETRY + 'alpha = {path = "libs/alpha"}\n'},
        "dependency",
        {"tool": "poetry", "file": "pyproject.toml", "code": "path-missing"},
    ),
)

PACKAGING_CASES = (*PIP_CASES, *UV_CASES, *POETRY_CASES)
