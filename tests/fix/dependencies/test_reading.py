"""Pure reading: versions, evidence, change logs, names that moved, and which manifest a command uses."""

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.packages import Announcement
from selfheal.fix.dependencies.change_log import quotes
from selfheal.fix.dependencies.distributions import known_distribution, looks_like
from selfheal.fix.dependencies.evidence import may_be_dependency, read_evidence
from selfheal.fix.dependencies.manifests.interface import wish_of
from selfheal.fix.dependencies.moved_names import Move, rewrite
from selfheal.fix.dependencies.plan import plan_for
from selfheal.fix.dependencies.versions import is_pin, raised, unlimited, upper_bound, with_bound


@pytest.mark.parametrize(
    ("bad", "good", "bound"),
    [
        ("3.0.0", "2.3.8", "<3"),
        ("3.0.1", "2.3.8", "<3"),
        ("1.24.0", "1.23.5", "<1.24"),
        ("8.1.1", "8.1.0", "<8.1.1"),
        ("22.1.0", "21.12b0", "<22"),
        ("2022.3.15", "2022.3.2", "<2022.3.15"),
    ],
)
def test_a_bound_is_the_widest_that_is_honest(bad: str, good: str, bound: str):
    """As people write it: the line of releases where that broke, else the very release."""
    assert upper_bound(bad, good) == bound


def test_a_bound_keeps_what_else_was_asked():
    """Lower bounds and exclusions stay; a pin or an upper bound gives way."""
    assert with_bound(">=1.4,!=1.5,<5", "<2") == ">=1.4,!=1.5,<2"
    assert with_bound("==3.1", "<3") == "<3"
    assert with_bound("~=2.1", "<3") == ">=2.1,<3"


def test_a_raised_wish_is_written_in_its_own_manner():
    """A pin stays a pin, a range a range."""
    assert raised("==2.2.5", "2.3.3") == "==2.3.3"
    assert raised("~=2.2", "2.3.3") == "~=2.3.3"
    assert raised(">=2,<3", "3.0.1") == ">=3.0.1,<4"


def test_a_pin_lets_one_version_through_and_no_other_wish_does():
    """A wildcard and a range are none."""
    assert is_pin("==2.2.5") and is_pin("===2.2.5")
    assert not any(map(is_pin, ("==2.2.*", ">=2.2.5", "==2,!=3", "", "nonsense")))


def test_a_line_without_its_versions_keeps_what_else_it_says():
    """Extras and markers; what can't be read stays as it is."""
    assert unlimited("Flask[async]==2.2.5 ; python_version > '3.8'") == 'Flask[async]; python_version > "3.8"'
    assert unlimited("-r other.txt") == "-r other.txt"


@pytest.mark.parametrize("text", ["a==1; " + "(" * 900, "a>=" + "1" * 2000, "a @ file:///etc/passwd", "--index-url x"])
def test_a_requirement_that_no_resolver_should_get_is_left_out(text: str):
    """An attack: too deep for the parser, too long for a question, an address, an option."""
    assert wish_of("requirements.txt", text) is None


OUTPUT = """\
Traceback (most recent call last):
  File "/r/app.py", line 1, in <module>
    from flask import Flask
  File "/v/lib/python3.11/site-packages/flask/__init__.py", line 5, in <module>
  File "/v/lib/python3.11/site-packages/flask/app.py", line 28, in <module>
ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/v/lib/python3.11/site-packages/werkzeug/urls.py)
"""


def test_the_evidence_is_what_is_missing_and_where_the_error_passed():
    """The last frame comes first; the path of an environment is no part of the message."""
    message = OUTPUT.splitlines()[-1]
    found = read_evidence(a_diagnosis(a_failure(message=message)), OUTPUT, tree_of({"app.py": ""}))
    assert [(one.module, one.name) for one in found.missing_names] == [("werkzeug.urls", "url_quote")]
    assert found.packages == ("werkzeug", "flask")
    assert found.message == "ImportError: cannot import name 'url_quote' from 'werkzeug.urls'"


@pytest.mark.parametrize(
    "message",
    ["assert 1 == 2", "No module named 'app.missing'", "cannot import name 'x' from 'app'", "No module named 'json.x'"],
)
def test_the_repositorys_own_failures_are_not_asked_of_packages(message: str):
    """An environment costs seconds, and an ordinary test failure has nothing to do with one."""
    assert not may_be_dependency(a_diagnosis(a_failure(message=message)), message, tree_of({"app/__init__.py": ""}))


@pytest.mark.parametrize(
    ("message", "output", "is_one"),
    [
        ("AttributeError: 'Engine' object has no attribute 'execute'", "", True),
        ("AttributeError: 'Own' object has no attribute 'execute'", "", False),
        ("AttributeError: 'str' object has no attribute 'decode'", "", False),
        ("TypeError: load() missing 1 required positional argument: 'Loader'", "", True),
        ("TypeError: own() missing 1 required positional argument: 'x'", "", False),
        ("TypeError: own() got an unexpected keyword argument 'x'", '  File "/v/site-packages/lib/a.py", line 3', True),
        ("TypeError: own() got an unexpected keyword argument 'x'", "/v/site-packages/lib/a.py:3: TypeError", True),
        (
            "TypeError: own() got an unexpected keyword argument 'x'",
            '  File "/v/site-packages/lib/a.py", line 3\n  File "/r/app.py", line 3, in f',
            False,
        ),
        ("assert 1 == 2", '  File "/v/site-packages/lib/a.py", line 3', False),
    ],
)
def test_only_what_a_package_raised_or_lacks_is_asked_of_packages(message: str, output: str, is_one: bool):
    """An error that passed through a library on its way from the repository's own code is the code's."""
    tree = tree_of({"app.py": "class Own:\n    pass\n\n\ndef own(x):\n    pass\n"})
    assert may_be_dependency(a_diagnosis(a_failure(message=message)), output, tree) is is_one


LOG = """\
Version 3.0.0
-------------

Released 2023-09-30

-   Remove previously deprecated code. :pr:`2768`
-   ``url_quote`` is gone, it was never meant to be used.

Version 2.3.8
-------------

-   ``url_quote`` is faster.
"""


def quoted(text: str, *words: str, after: str = "2.3.8") -> list[tuple[str, int]]:
    files = (Announcement(file="CHANGES.rst", text=text),)
    found = quotes(files, package="werkzeug", version="3.0.0", after=after, words=frozenset(words))
    return [(quote.text, quote.line) for quote in found]


def test_a_quotation_is_a_line_of_the_log_with_its_number():
    """Only sections after the last good version count, and what names the missing thing comes first."""
    assert quoted(LOG, "url_quote") == [
        ("- ``url_quote`` is gone, it was never meant to be used.", 7),
        ("- Remove previously deprecated code. :pr:`2768`", 6),
    ]


def test_a_log_that_says_nothing_of_it_is_not_quoted():
    """Never made up, and nothing that is merely near."""
    assert quoted("Version 3.0.0\n---\n\n- Faster.\n- Drop support for Python 3.6.\n", "url_quote") == []
    assert quoted("no versions at all, url_quote removed\n", "url_quote") == []
    assert quoted("", "url_quote") == []


@pytest.mark.parametrize(
    ("before", "move", "after"),
    [
        (
            "import numpy as np\nx = np.float(1) + np.float64(2)\n",
            Move("numpy", "float", "builtins", "float"),
            "import numpy as np\nx = float(1) + np.float64(2)\n",
        ),
        (
            "import numpy\nEMPTY = numpy.NaN  # none\n",
            Move("numpy", "NaN", "numpy", "nan"),
            "import numpy\nEMPTY = numpy.nan  # none\n",
        ),
        (
            "from flask import Flask, escape as e, g\n\nprint(e('x'))\n",
            Move("flask", "escape", "markupsafe", "escape"),
            "from flask import Flask, g\nfrom markupsafe import escape as e\n\nprint(e('x'))\n",
        ),
        (
            "def f():\n    from werkzeug import secure_filename\n    return secure_filename\n",
            Move("werkzeug", "secure_filename", "werkzeug.utils", "secure_filename"),
            "def f():\n    from werkzeug.utils import secure_filename\n    return secure_filename\n",
        ),
        (
            "import flask\n\nprint(flask.escape('ü'), flask.escape)\n",
            Move("flask", "escape", "markupsafe", "escape"),
            "import flask\nimport markupsafe\n\nprint(markupsafe.escape('ü'), markupsafe.escape)\n",
        ),
        (
            "from numpy import int as i, zeros\nx = zeros(1, i)\n",
            Move("numpy", "int", "builtins", "int"),
            "from numpy import zeros\nx = zeros(1, int)\n",
        ),
        ("np = 1\nx = other.float\n", Move("numpy", "float", "builtins", "float"), "np = 1\nx = other.float\n"),
        ("from .flask import escape\n", Move("flask", "escape", "markupsafe", "escape"), "from .flask import escape\n"),
    ],
)
def test_a_moved_name_is_rewritten_where_it_is_used_and_nowhere_else(before: str, move: Move, after: str):
    """By syntax: imports with and without another name, attributes of the module under any name."""
    assert rewrite(before, move) == after


def test_the_manifest_is_that_of_the_folder_where_the_command_works():
    """Several services in one repository: the other one's manifest is not this command's."""
    tree = tree_of(
        {
            "requirements.txt": "a\n",
            "api/requirements.txt": "-r common/base.txt\n-c limits.txt\nb\n",
            "api/common/base.txt": "c==1\n",
            "api/common/requirements.txt": "",
            "api/limits.txt": "d<2\n",
            "api/requirements-dev.txt": "pytest\n",
            "web/requirements.txt": "e\n",
        }
    )
    plan = plan_for("cd api && python -m pytest -q", tree)
    assert plan is not None
    assert plan.files == ("api/requirements.txt", "api/requirements-dev.txt")
    root = plan_for("pip install -r web/requirements.txt && flake8", tree)
    assert root is not None
    assert root.files == ("web/requirements.txt",)
    assert root.wanted(tree).lines == ("e", "flake8")


def test_included_lists_are_read_and_climbing_out_is_not():
    """An attack: an include that leaves the repository names nothing."""
    includes = "-r ../../etc/requirements.txt\n-r requirements.txt\n-r more/requirements.txt\n"
    tree = tree_of({"requirements.txt": f"{includes}a\n", "more/requirements.txt": "b\n"})
    plan = plan_for("pytest", tree)
    assert plan is not None
    assert plan.wanted(tree).lines == ("a", "b", "pytest")


def test_no_manifest_gives_no_plan():
    """Then there is nothing that could be edited."""
    assert plan_for("pytest", tree_of({"app.py": ""})) is None


@pytest.mark.parametrize(
    ("module", "name"), [("yaml", "PyYAML"), ("google.protobuf.message", "protobuf"), ("zzz", None)]
)
def test_a_module_is_known_by_the_table_or_not_at_all(module: str, name: str | None):
    """No guess."""
    assert known_distribution(module) == name


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("reqeusts", "requests"),
        ("numpyy", "numpy"),
        ("requests", None),
        ("something-else", None),
        ("nmpy", "numpy"),
    ],
)
def test_a_look_alike_is_told(name: str, like: str | None):
    """One letter more, less, other, or two swapped."""
    assert looks_like(name) == like


def test_a_name_in_quotes_is_looked_for_however_common_it_is():
    """`missing` is a parameter here; and a class is found as people write it in a sentence."""
    log = (
        "Version 2.0\n-----------\n\n- Remove the ``missing`` parameter of fields.\n"
        "- Removed shims for deprecated entry point interfaces.\n- Other things.\n"
    )
    files = (Announcement(file="CHANGES.rst", text=log),)
    told = quotes(files, package="x", version="2.0", after="1.0", words=frozenset(), names=frozenset({"missing"}))
    assert told[0].line == 4
    told = quotes(files, package="x", version="2.0", after="1.0", words=frozenset({"EntryPoints"}))
    assert [quote.line for quote in told] == [5]
