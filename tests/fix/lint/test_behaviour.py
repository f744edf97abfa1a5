"""A rewrite that may change what the program does says so, or is not made."""

from dataclasses import dataclass

import pytest

from fix.lint.linted import a_finding, mend
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate


@dataclass(frozen=True, slots=True)
class Attack:
    """A finding on a line of a file, and what the exact repair makes of the file; empty where it has to keep off."""

    code: str
    before: str
    after: str = ""
    line: int = 1
    message: str = ""

    def mended(self) -> CandidatePatch | NoCandidate:
        tool = "pylint" if self.code.startswith("C0") else "ruff"
        return mend({"pkg/core.py": self.before}, a_finding(self.code, self.message, line=self.line, tool=tool))


DOUBTFUL = {
    "a column of a query is compared, and the module that made it is another": Attack(
        "E711", "found = query.filter(User.email == None)\n", "found = query.filter(User.email is None)\n"
    ),
    "a mask of an array that another module made": Attack("E711", "mask = data == None\n", "mask = data is None\n"),
    "a bare except holds an interrupt too": Attack(
        "E722",
        "while True:\n    try:\n        step()\n    except:\n        report()\n",
        ("while True:\n    try:\n        step()\n    except Exception:\n        report()\n"),
        line=4,
    ),
    "an instance keeps the default that all shared": Attack(
        "B006",
        "def keep(self, items=[]):\n    self.items = items\n",
        ("def keep(self, items=None):\n    if items is None:\n        items = []\n    self.items = items\n"),
    ),
    "a default that is handed on": Attack(
        "B006",
        "def keep(items=[]):\n    register(items)\n",
        ("def keep(items=None):\n    if items is None:\n        items = []\n    register(items)\n"),
    ),
    "an unused sum may be an operator that does something": Attack(
        "F841",
        "def chain(first, second):\n    order = first >> second\n",
        "def chain(first, second):\n    pass\n",
        line=2,
        message="`order`",
    ),
    "an unused set uses an iterator up": Attack(
        "F841",
        "def drain(rows):\n    seen = set(rows)\n    return list(rows)\n",
        "def drain(rows):\n    return list(rows)\n",
        line=2,
        message="`seen`",
    ),
    "a name is asked for because it may not be there": Attack(
        "F841",
        (
            "def has():\n"
            "    try:\n"
            "        there = unicode\n"
            "    except NameError:\n"
            "        return False\n"
            "    return True\n"
        ),
        ("def has():\n    try:\n        pass\n    except NameError:\n        return False\n    return True\n"),
        line=3,
        message="`there`",
    ),
    "a value behind a percent sign may be a tuple": Attack(
        "UP031", 'def say(value):\n    return "%s" % value\n', 'def say(value):\n    return f"{value}"\n', line=2
    ),
    "a percent sign cuts a fraction off": Attack(
        "UP031",
        'def say(value):\n    return "%d%s" % (value, 1)\n',
        'def say(value):\n    return f"{value}{1}"\n',
        line=2,
    ),
    "two calls are shown in another order": Attack(
        "UP032", 'text = "{1} {0}".format(pop(), pop(0))\n', 'text = f"{pop(0)} {pop()}"\n'
    ),
    "a row's keys are asked, not its values": Attack(
        "SIM118",
        'def has(row):\n    return "name" in row.keys()\n',
        'def has(row):\n    return "name" in row\n',
        line=2,
    ),
    "an array has a length, but no truth": Attack(
        "PLC1802",
        "def is_empty(data):\n    if not len(data):\n        return 1\n",
        "def is_empty(data):\n    if not data:\n        return 1\n",
        line=2,
    ),
    "`any` stops at the first answer": Attack(
        "C419", "done = any([send(one) for one in jobs])\n", "done = any(send(one) for one in jobs)\n"
    ),
    "an inner order decides between equals": Attack(
        "C414", "ranked = sorted(sorted(rows), key=size)\n", "ranked = sorted(rows, key=size)\n"
    ),
    "a mapping whose keys are pairs": Attack("C416", "known = {a: b for a, b in pairs}\n", "known = dict(pairs)\n"),
    "a function that a test puts another in place of": Attack(
        "PLW0108", "rank = sorted(rows, key=lambda row: size(row))\n", "rank = sorted(rows, key=size)\n"
    ),
    "a comparison that gives an array": Attack(
        "SIM103",
        "def same(a, b):\n    if a == b:\n        return True\n    return False\n",
        "def same(a, b):\n    return a == b\n",
        line=2,
    ),
    "a logger of whoever": Attack(
        "G004",
        'from app.log import logger\n\nlogger.info(f"a {b}")\n',
        'from app.log import logger\n\nlogger.info("a %s", b)\n',
        line=3,
    ),
    "a path may be bytes": Attack(
        "PTH110",
        "import os\nfrom pathlib import Path\n\nthere = os.path.exists(name)\n",
        "import os\nfrom pathlib import Path\n\nthere = Path(name).exists()\n",
        line=4,
    ),
    "a dictionary that is counted through": Attack(
        "C0200",
        ("def show(rows):\n    for i in range(len(rows)):\n        print(rows[i])\n"),
        "def show(rows):\n    for row in rows:\n        print(row)\n",
        line=2,
    ),
    "a callback whose arguments come by name": Attack(
        "ARG001",
        ("def start(bus):\n    def on_event(event):\n        return 1\n    bus.connect(on_event)\n"),
        ("def start(bus):\n    def on_event(_event):\n        return 1\n    bus.connect(on_event)\n"),
        line=2,
        message="Unused function argument: `event`",
    ),
}

SURE = {
    "only the truth counts": Attack("E711", "if value == None:\n    value = 3\n", "if value is None:\n    value = 3\n"),
    "what is caught is raised again": Attack(
        "E722",
        "try:\n    step()\nexcept:\n    undo()\n    raise\n",
        "try:\n    step()\nexcept BaseException:\n    undo()\n    raise\n",
        line=3,
    ),
    "a default that is gone through": Attack(
        "B006",
        "def add(items=[]):\n    return sum(items)\n",
        ("def add(items=None):\n    if items is None:\n        items = []\n    return sum(items)\n"),
    ),
    "the call stays": Attack(
        "F841", "def run(job):\n    done = job.start()\n", "def run(job):\n    job.start()\n", line=2, message="`done`"
    ),
    "brackets of the text beside it are its own": Attack("F541", 'text = f"{{a}}" "{{b}}"\n', 'text = "{a}" "{{b}}"\n'),
    "a message that is looked up by its words": Attack("F541", 'said = _(f"Done")\n', 'said = _("Done")\n'),
    "values one by one": Attack(
        "UP031", 'def say(a, b):\n    return "%s=%r" % (a, b)\n', 'def say(a, b):\n    return f"{a}={b!r}"\n', line=2
    ),
    "a dictionary says that it is one": Attack(
        "SIM118",
        "def has(row: dict[str, int]):\n    return 1 in row.keys()\n",
        "def has(row: dict[str, int]):\n    return 1 in row\n",
        line=2,
    ),
    "two sets of keys beside a question": Attack(
        "SIM118",
        ("def same(a: dict[str, int], b: dict[str, int], k):\n    return b.keys() == a.keys() and k in a.keys()\n"),
        ("def same(a: dict[str, int], b: dict[str, int], k):\n    return b.keys() == a.keys() and k in a\n"),
        line=2,
    ),
    "what is asked about may have no hash": Attack("PLR1714", "is_two = a == 1 or a == 2\n", "is_two = a in (1, 2)\n"),
}

LEFT_ALONE = {
    "what is awaited in a list can't be read from a generator": Attack(
        "C419", "done = any([await send(x) for x in jobs])\n"
    ),
    "a list that grows while it is gone through": Attack(
        "C0200", ("for i in range(len(rows)):\n    if rows[i] > 1:\n        rows.append(rows[i] - 1)\n")
    ),
    "brackets that bind": Attack("C0325", "value = not (a or b)\n"),
    "a name that a class spells otherwise": Attack("B009", 'value = getattr(self, "__secret")\n'),
    "`super` in a function of the method": Attack(
        "UP008",
        (
            "class A(B):\n"
            "    def run(self):\n"
            "        def inner():\n"
            "            return super(A, self).run()\n"
            "        return inner()\n"
        ),
        line=4,
    ),
    "a reader that outlives its file": Attack(
        "SIM115",
        ("def rows(path):\n    file = open(path)\n    reader = csv.reader(file)\n    return list(reader)\n"),
        line=2,
    ),
    "a file that is read line by line later": Attack(
        "SIM115", ("def rows(path):\n    file = open(path)\n    return (line for line in file)\n"), line=2
    ),
    "a logger that puts no values in": Attack("G004", 'from loguru import logger\n\nlogger.info(f"a {b}")\n', line=3),
    "a value of the module's": Attack(
        "RET504", "def load():\n    global cache\n    cache = read()\n    return cache\n", line=4
    ),
    "a value that is written down whatever happens": Attack(
        "RET504",
        ("def load():\n    try:\n        got = read()\n        return got\n    finally:\n        log(got)\n"),
        line=4,
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_may_do_something_else_is_for_a_human_to_see(name: str) -> None:
    """The finding is gone, and the candidate says what to look at."""
    attack = DOUBTFUL[name]
    made = attack.mended()
    assert isinstance(made, CandidatePatch), made
    assert [(edit.content or b"").decode() for edit in made.edits] == [attack.after]
    assert made.disposition is Disposition.NEEDS_HUMAN


@pytest.mark.parametrize("name", SURE)
def test_what_does_the_same_needs_no_human(name: str) -> None:
    """Beside each doubtful rewrite there is one that is none: a false alarm costs a good fix."""
    attack = SURE[name]
    made = attack.mended()
    assert isinstance(made, CandidatePatch), made
    assert [(edit.content or b"").decode() for edit in made.edits] == [attack.after]
    assert made.disposition is Disposition.AUTO


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_would_break_is_left_alone(name: str) -> None:
    """Here the rewrite that its rule asks for is a mistake."""
    made = LEFT_ALONE[name].mended()
    assert isinstance(made, NoCandidate), [edit.content for edit in made.edits]
