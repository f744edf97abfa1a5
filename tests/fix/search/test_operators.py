"""The operators make the edit that mends the code, among others that parse."""
# ruff: noqa: E501 - the functions stand on one line each

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from fakes import ScriptedTrials, tree_of
from selfheal.contract.suspects import ChangedLines
from selfheal.contract.trials import CoveredTest, Spectrum
from selfheal.fix.search import candidates
from selfheal.fix.search.candidates import applied, candidates_of
from selfheal.fix.search.hints import hints_of
from selfheal.fix.search.opening import site_of
from selfheal.fix.search.registry import BLUNT, LOOSE, OPERATORS
from selfheal.fix.search.site import Site

MENDED = {
    "comparison": ("def f(a, b):\n    return a < b\n", "def f(a, b):\n    return a <= b\n"),
    "chained comparison": ("def f(a, b, c):\n    return a < b < c\n", "def f(a, b, c):\n    return a < b <= c\n"),
    "arithmetic": ("def f(a, b):\n    return (a) + (b)\n", "def f(a, b):\n    return (a) - (b)\n"),
    "augmented": ("def f(a, b):\n    a += b\n    return a\n", "def f(a, b):\n    a -= b\n    return a\n"),
    "number": ("def f(a):\n    return a[3]\n", "def f(a):\n    return a[2]\n"),
    "range": ("def f(n):\n    return list(range(n))\n", "def f(n):\n    return list(range(n + 1))\n"),
    "variable": ("def f(low, high):\n    return low + low\n", "def f(low, high):\n    return low + high\n"),
    "method": ("def f(t):\n    return t.lstrip()\n", "def f(t):\n    return t.rstrip()\n"),
    "and": ("def f(a, b):\n    return a and b\n", "def f(a, b):\n    return a or b\n"),
    "not": (
        "def f(a):\n    if a:\n        return 1\n    return 2\n",
        "def f(a):\n    if not a:\n        return 1\n    return 2\n",
    ),
    "not in a part": (
        "def f(a, b):\n    if a or b in a:\n        return 1\n    return 2\n",
        "def f(a, b):\n    if not a or b in a:\n        return 1\n    return 2\n",
    ),
    "not in an answer": ("def f(a):\n    return any(a)\n", "def f(a):\n    return not any(a)\n"),
    "slice": ("def f(a):\n    return a[1:]\n", "def f(a):\n    return a[:1]\n"),
    "arguments": ("def f(a, b):\n    return pow(b, a)\n", "def f(a, b):\n    return pow(a, b)\n"),
    "none": ("def f(a):\n    return a or 1\n", "def f(a):\n    return a if a is not None else 1\n"),
    "a value that nobody takes": (
        "def f(a, b):\n    c = a.of(b)\n    c.search(a)\n",
        "def f(a, b):\n    c = a.of(b)\n    return c.search(a)\n",
    ),
    "a function on one side": (
        "def f(a, b):\n    return a.kept and b != len(a)\n",
        "def f(a, b):\n    return a.kept and len(b) != len(a)\n",
    ),
    "a method on one side": (
        "def f(a, b):\n    return a.lower() == b[0]\n",
        "def f(a, b):\n    return a.lower() == b[0].lower()\n",
    ),
    "a value that only a branch gives": (
        "def f(a, b):\n    if a:\n        c = 'x%s' % b\n    return c + '+'\n",
        "def f(a, b):\n    if a:\n        c = 'x%s' % b\n    else:\n        c = '+'\n    return c + '+'\n",
    ),
    "another type that is asked for": (
        "def f(a):\n    if isinstance(a, list):\n        return a\n    return [a]\n",
        "def f(a):\n    if isinstance(a, (list, tuple)):\n        return a\n    return [a]\n",
    ),
    "what is like a type": (
        "def f(a):\n    return 1 if isinstance(a[0], dict) else 2\n",
        'def f(a):\n    return 1 if hasattr(a[0], "keys") else 2\n',
    ),
    "an abstract type": (
        "from collections.abc import Mapping\n\n\ndef f(a):\n    return 1 if isinstance(a, dict) else Mapping\n",
        "from collections.abc import Mapping\n\n\ndef f(a):\n    return 1 if isinstance(a, Mapping) else Mapping\n",
    ),
    "one type of two": (
        "def f(a):\n    return isinstance(a, (str, bytes))\n",
        "def f(a):\n    return isinstance(a, str)\n",
    ),
    "a third type": (
        "def f(a):\n    return isinstance(a, (list, set))\n",
        "def f(a):\n    return isinstance(a, (list, set, tuple))\n",
    ),
    "what is always done": (
        "def f(a, b):\n    for c in b:\n        if c:\n            a.append(c % str(b))\n            continue\n        c = 1\n    return a\n",
        "def f(a, b):\n    for c in b:\n        if c:\n            a.append(c % str(b))\n            continue\n        c = 1\n        a.append(c % b)\n    return a\n",
    ),
    "what else is done": (
        "def f(a, b):\n    for c in b:\n        if c:\n            a.add(c)\n    a.pop()\n    return a\n",
        "def f(a, b):\n    for c in b:\n        if c:\n            a.add(c)\n        else:\n            a.pop()\n    a.pop()\n    return a\n",
    ),
    "the value behind or": (
        "def f(a):\n    sign = (a < 0) and '-'\n    return sign + str(a).strip('+')\n",
        "def f(a):\n    sign = ((a < 0) and '-') or '+'\n    return sign + str(a).strip('+')\n",
    ),
    "a value that may be none": (
        "def f(a, b):\n    c = a.shown if (b) else []\n    return 'x' in c\n",
        "def f(a, b):\n    c = a.shown if (b and a.shown) else []\n    return 'x' in c\n",
    ),
    "return": ("def f(a):\n    b = a + 1\n", "def f(a):\n    b = a + 1\n    return b\n"),
    "reverse": ("def f(a):\n    return sorted(a)\n", "def f(a):\n    return sorted(a, reverse=True)\n"),
    "depth": (
        "def f(a):\n    for x in a:\n        y = x\n        return y\n",
        "def f(a):\n    for x in a:\n        y = x\n    return y\n",
    ),
    "statement": ("def f(a):\n    a = 1\n    return a\n", "def f(a):\n    return a\n"),
    "branch": ("def f(a):\n    return 1 if a else 2\n", "def f(a):\n    return 2 if a else 1\n"),
    "copy": ("def f(a):\n    b = a\n    return b\n", "def f(a):\n    b = a.copy()\n    return b\n"),
    "call": ("def f(a):\n    return abs(a)\n", "def f(a):\n    return a\n"),
    "guard": ("def f(a):\n    return a[0]\n", "def f(a):\n    if not a:\n        return None\n    return a[0]\n"),
    "format": ('def f(a):\n    return f"{a:.2f}"\n', 'def f(a):\n    return f"{a:.1f}"\n'),
    "default": (
        "def f(a, b=[]):\n    b.append(a)\n    return b\n",
        "def f(a, b=None):\n    if b is None:\n        b = []\n    b.append(a)\n    return b\n",
    ),
    "a function that nothing calls": (
        "def f(a, table):\n    take, keep = None, table.keep\n    drop = table.drop\n    for x in a:\n        keep(table, x.key)\n        x.done()\n    return a\n",
        "def f(a, table):\n    take, keep = None, table.keep\n    drop = table.drop\n    for x in a:\n        keep(table, x.key)\n        drop(table, x.key)\n        x.done()\n    return a\n",
    ),
    "a value that nothing asks for": (
        "class C:\n    def f(self, kind, n):\n        if kind == 1:\n            if n is None:\n                n = 0\n            self.kind = kind\n        elif kind == 2:\n            self.at += 1\n        return kind\n",
        "class C:\n    def f(self, kind, n):\n        if kind == 1:\n            if n is None:\n                n = 0\n            self.at += n\n            self.kind = kind\n        elif kind == 2:\n            self.at += 1\n        return kind\n",
    ),
    "a value that another method puts away": (
        "class C:\n    def put(self, x):\n        self.found.append(x)\n\n    def f(self, a):\n        b = [x for x in a if x]\n",
        "class C:\n    def put(self, x):\n        self.found.append(x)\n\n    def f(self, a):\n        b = [x for x in a if x]\n        self.found.append(b)\n",
    ),
    "text at the margin": (
        'class C:\n    def f(self, a=True):\n        """Do.\n\nNow.\n        """\n        return a\n',
        'class C:\n    def f(self, a=False):\n        """Do.\n\nNow.\n        """\n        return a\n',
    ),
    "await": ("async def f(a):\n    return f(a)\n", "async def f(a):\n    return await f(a)\n"),
    "order": ("def f(a):\n    b = a\n    a = 1\n    return b\n", "def f(a):\n    a = 1\n    b = a\n    return b\n"),
    "update": (
        "class C:\n    def __init__(self):\n        self.n = 0\n\n    def f(self):\n        return self.n\n",
        "class C:\n    def __init__(self):\n        self.n = 0\n\n    def f(self):\n        self.n = 0\n        return self.n\n",
    ),
    "update of a set": (
        "class C:\n    def __init__(self):\n        self.n = set()\n\n    def f(self):\n        return self.n\n",
        "class C:\n    def __init__(self):\n        self.n = set()\n\n    def f(self):\n        self.n = set()\n        return self.n\n",
    ),
    "use of an entry": (
        "class C:\n    def __init__(self):\n        self.n: dict = OrderedDict()\n\n    def f(self, k):\n        return self.n[k]\n",
        "class C:\n    def __init__(self):\n        self.n: dict = OrderedDict()\n\n    def f(self, k):\n        self.n.move_to_end(k)\n        return self.n[k]\n",
    ),
    "exchanged": (
        "def f(m, n):\n    return [[m[n - 1 - j][i] for i in range(n)] for j in range(n)]\n",
        "def f(m, n):\n    return [[m[n - 1 - i][j] for i in range(n)] for j in range(n)]\n",
    ),
    "exchanged fields": (
        "def f(a, b):\n    return (a.d, a.m) < (b.d, b.m)\n",
        "def f(a, b):\n    return (a.m, a.d) < (b.m, b.d)\n",
    ),
    "sister": (
        "def f(left, right, i, j):\n    while left[i] < right[j]:\n        i += 1\n    x = []\n    x.extend(left[i:])\n    return x\n",
        "def f(left, right, i, j):\n    while left[i] < right[j]:\n        i += 1\n    x = []\n    x.extend(left[i:])\n    x.extend(right[j:])\n    return x\n",
    ),
    "after the loop": (
        "def f(a, end):\n    x = []\n    for b in a:\n        if b > 0:\n            x.append(b)\n    return x\n",
        "def f(a, end):\n    x = []\n    for b in a:\n        if b > 0:\n            x.append(b)\n    if end > 0:\n        x.append(end)\n    return x\n",
    ),
    "inner operand": (
        "def f(a, n):\n    return range(0, len(a) - n + 1, n)\n",
        "def f(a, n):\n    return range(0, len(a), n)\n",
    ),
    "no text": (
        "def f(a):\n    return a if iter(a) else 1\n",
        "def f(a):\n    return a if iter(a) and not isinstance(a, str) else 1\n",
    ),
    "both bounds": (
        "def f(r, c, n):\n    return r < n and c < n\n",
        "def f(r, c, n):\n    return 0 <= r < n and 0 <= c < n\n",
    ),
    "overwritten": (
        "def f(d, k, v):\n    d[k] = [v]\n    return d\n",
        "def f(d, k, v):\n    d.setdefault(k, []).append(v)\n    return d\n",
    ),
    "field": (
        "class C:\n    def __init__(self, n):\n        self.m = 1\n",
        "class C:\n    def __init__(self, n):\n        self.n = n\n        self.m = 1\n",
    ),
    "first value": (
        "def f(a):\n    for x in a:\n        total += x\n    return total\n",
        "def f(a):\n    total = 0\n    for x in a:\n        total += x\n    return total\n",
    ),
    "collecting": (
        "def f(a):\n    b = []\n    for x in a:\n        y = x + 1\n    return b\n",
        "def f(a):\n    b = []\n    for x in a:\n        y = x + 1\n        b.append(y)\n    return b\n",
    ),
    "before a division": (
        "def f(a, b):\n    return a // 12, b % 12 or 12\n",
        "def f(a, b):\n    return (a - 1) // 12, b % 12 or 12\n",
    ),
    "not ASCII": ("def f(ä, b):\n    return 'é' + ä < b\n", "def f(ä, b):\n    return 'é' + ä <= b\n"),
}


def _case(code, **changes):
    module = ast.parse(code)
    functions = [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    suspects = tuple(
        a_suspect(file="m.py", symbol=one.name, first_line=one.lineno, last_line=one.end_lineno)
        for one in functions
        if one.name in ("f", "__init__")
    )
    return a_case({"m.py": code}, suspects=suspects, **changes)


@pytest.mark.parametrize("kind", MENDED)
def test_a_small_fault_has_its_edit_among_the_candidates(kind):
    """One kind of fault a row of the table."""
    broken, right = MENDED[kind]
    case = _case(broken, trials=ScriptedTrials(broken, lambda _: "F"))
    made = {ast.dump(ast.parse(applied(broken, one.splices))) for one in candidates_of(case, most=5000)}
    assert ast.dump(ast.parse(right)) in made


def test_every_candidate_parses_and_changes_something():
    """On our own source, which is of all kinds."""
    for path in sorted(Path(ast.__file__).parent.glob("text*.py"))[:3]:
        code = path.read_text()
        for candidate in candidates_of(_case(code), most=500):
            assert applied(code, candidate.splices) != code
            ast.parse(applied(code, candidate.splices))


def test_what_the_functions_beside_it_do_is_borrowed():
    """With the part of their name in which they differ; what has names that are unknown here is not."""
    whole = (
        "class A:\n    def parse_hard(self, m, state):\n        state.append({'type': 'hard'})\n        return m.end()\n\n"
        "    def parse_soft(self, m, state):\n        state.append({'type': 'soft'})\n        return m.end()\n\n"
        "    def other(self, token):\n        here = self.now\n        self.go(here, token)\n        self.advance()\n\n"
        "    def __init__(self):\n        super().__init__()\n"
    )
    broken = whole.replace("        state.append({'type': 'hard'})\n", "")
    suspect = a_suspect(file="m.py", symbol="A.parse_hard", first_line=2, last_line=3)
    case = a_case({"m.py": broken}, suspects=(suspect,), trials=ScriptedTrials(broken, lambda _: "F"))
    made = [applied(broken, one.splices) for one in candidates_of(case, most=100)]
    assert whole in made
    assert any(text.count("self.advance()") == 2 for text in made)
    assert not any(text.count("self.go(here, token)") == 2 for text in made)
    assert not any("super()" in text.partition("def parse_soft")[0] for text in made), "what the language calls"


@pytest.mark.parametrize(
    ("lost", "line"),
    [
        (
            "        else:\n            return get(self, key)\n",
            "        if key in self.late:\n            return None\n",
        ),
        ("        get(self, key)\n", "        key = str(key)\n"),
    ],
)
def test_what_other_methods_do_with_a_parameter_tells_of_a_lost_statement(lost, line):
    """A default that nothing asks for is there for what is missing."""
    whole = (
        "class A:\n    def other(self, key, get=dict.get):\n        return get(self, key)\n\n"
        "    def third(self, key, get=dict.get):\n        get(self, key)\n        return 1\n\n"
        f"    def f(self, key, get=dict.get):\n{line}{lost}"
    )
    broken = whole.removesuffix(lost)
    suspect = a_suspect(file="m.py", symbol="A.f", first_line=9, last_line=broken.count("\n"))
    case = a_case({"m.py": broken}, suspects=(suspect,), trials=ScriptedTrials(broken, lambda _: "F"))
    assert whole in [applied(broken, one.splices) for one in candidates_of(case, most=60)]


def test_a_raise_is_not_taken_out():
    """A command that dies of it would pass then, and nothing would be mended."""
    code = "def f(a):\n    b = str(a)\n    raise ValueError(b)\n"
    made = [applied(code, one.splices) for one in candidates_of(_case(code), most=5000)]
    assert all("raise" in text for text in made)
    assert any("str" not in text for text in made)


def test_a_call_that_is_a_statement_stays_one():
    """`f.close()` as `f`, or the check that a script makes as the number that it checks, does nothing any more."""
    code = "def f(a):\n    a.close()\n    return int(a)\n\n\nf(3)\n"
    called = a_suspect(file="m.py", symbol=None, first_line=6, last_line=6)
    case = _case(code)
    case = replace(case, suspects=(*case.suspects, called))
    made = [applied(code, one.splices) for one in candidates_of(case, most=5000)]
    assert any("return a\n" in text for text in made)
    assert all("a.close()" in text or "    a\n" not in text for text in made)
    assert all(text.endswith("\n\n\nf(3)\n") for text in made)


def test_what_takes_code_away_needs_tests():
    """Where each candidate is judged by an exit code alone, a failure is silenced as easily as mended."""
    code = "def f(a):\n    a = 1\n    if a:\n        return a\n    return 2\n"
    assert not {one.operator for one in candidates_of(_case(code), most=5000)} & BLUNT
    trials = ScriptedTrials(code, lambda _: "F")
    assert {one.operator for one in candidates_of(_case(code, trials=trials), most=5000)} >= BLUNT


def test_lines_that_no_failing_test_ran_are_left_alone():
    """What did not run can't have caused it."""
    code = "def f(a):\n    if a > 1:\n        return a + 1\n    return a - 1\n"
    covered = CoveredTest(test_id="t", has_failed=True, cpu_s=0.1, lines=(("m.py", (2, 4)),))
    lines = {one.line for one in candidates_of(_case(code, spectrum=Spectrum(tests=(covered,))), most=5000)}
    assert 3 not in lines
    assert {2, 4} <= lines


def test_what_is_missing_behind_a_loop_is_found_where_the_loops_last_line_never_ran():
    """The loop itself ran: a `break` at its end that no failing test reached says nothing against it."""
    code = (
        "def f(spans, end):\n    gaps = []\n    now = 0\n    for begin, finish in spans:\n        if begin > now:\n"
        "            gaps.append((now, min(begin, end)))\n        now = finish\n        if now > end:\n            break\n"
        "    return gaps\n"
    )
    covered = CoveredTest(test_id="t", has_failed=True, cpu_s=0.1, lines=(("m.py", (2, 3, 4, 5, 6, 7, 8, 10)),))
    found = {one.new for one in candidates_of(_case(code, spectrum=Spectrum(tests=(covered,))), most=5000)}
    assert "    if end > now:\n        gaps.append((now, end))\n" in found


def test_what_a_loop_goes_through_seldom_belongs_in_the_place_of_its_variable():
    """However alike the names are; outside of the loop they are as likely as any."""
    code = (
        "def f(items, other):\n    for item in items:\n        g(item, other)\n    return [g(item) for item in items]\n"
    )
    scores = {(one.line, one.new): one.score for one in candidates_of(_case(code), most=5000) if one.old == "item"}
    assert scores[3, "items"] < scores[3, "other"]
    assert scores[4, "items"] < scores[4, "other"]
    after = code.replace("[g(item) for item in items]", "item")
    scores = {(one.line, one.new): one.score for one in candidates_of(_case(after), most=5000) if one.old == "item"}
    assert scores[4, "items"] > scores[4, "other"]


def test_comparisons_that_lack_an_end_side_by_side_lack_it_together():
    """All of them come before one of them, and what stands beside them keeps its form."""
    code = "def f(g, r, c):\n    return r < len(g) and c < len(g[0]) and g[r][c] == 1\n"
    found = [one.new for one in candidates_of(_case(code), most=5000) if one.operator == "open comparison"]
    assert found[0] == "0 <= r < len(g) and 0 <= c < len(g[0]) and g[r][c] == 1"
    assert found.count("0 <= ") == 2


def test_a_variable_that_nothing_asks_is_what_a_condition_forgot():
    """`last` is reckoned and read by nothing: a term about it comes before all others."""
    code = "def f(a):\n    last = len(a) - 1\n    return [x for i, x in enumerate(a) if x and i or a]\n"
    found = [one.new for one in candidates_of(_case(code), most=5000) if one.operator == "wider or narrower"]
    about_it = [text for text in found if "last" in text]
    assert found[: len(about_it)] == about_it
    assert {"(x and i or a) and i != last", "(x and i or a) and x < last", "x and i or a or i == last"} < set(about_it)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.strip('-')", 'a.strip("-")'),
        ("re.sub(\"-\", 'x', a)", 're.sub("-", "x", a)'),
        ("\"it's 'so' \" + 'b'", '"it\'s \'so\' " + "b"'),
        ("'a\"b' + '\\n' + b'x' + f'{a}'", "'a\"b' + '\\n' + b'x' + f'{a}'"),
        ("there['is']", "there['is']"),
        ("    if x == 'é':\n        return 'ü'\n", '    if x == "é":\n        return "ü"\n'),
        ("'unfinished", "'unfinished"),
        ("(a, 'b'", "(a, 'b'"),
    ],
)
def test_new_strings_are_quoted_as_the_file_does(text, expected):
    """Or the project's formatter would fail on the patch; what stands there already keeps its form."""
    code = 'def f(a):\n    """Do."""\n    return "x" + "y" + there[\'is\']\n'
    module = ast.parse(code)
    site = Site("m.py", code, module, module.body[0])
    assert site.quoted_alike(text) == expected
    single = code.replace('"', "'")
    assert Site("m.py", single, module, module.body[0]).quoted_alike(text) == text


def test_the_likelier_edit_comes_first():
    """A comparison on the suspicious line before a guard in front of everything."""
    first = candidates_of(_case("def f(a, b):\n    return a < b\n"), most=1)[0]
    assert (first.operator, first.new) == ("comparison", "<=")
    assert first.words == "comparison: < becomes <= at line 2"


def test_what_two_operators_make_stands_where_the_likelier_puts_it():
    """Once, and not where the other one has it."""
    code = "def f(a, new):\n    if a and new != len(a):\n        return g(a)\n    return 1\n"
    case = _case(code, trials=ScriptedTrials(code, lambda _: "F"))
    for found in (candidates.ranked(case), candidates_of(case, most=5000)):
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)
        assert len({one.splices for one in found}) == len(found)
    made = [one.operator for one in found if one.new == "len(new)" and one.old == "new"]
    assert made == ["one-sided call"]


def test_constants_of_the_failing_test_are_tried():
    """What the test compares with is often what should stand there."""
    files = {"m.py": "def f():\n    return 'red'\n", "t.py": "def test_f():\n    assert f() == 'green'\n"}
    case = a_case(
        files,
        suspects=(a_suspect(file="m.py", symbol="f", first_line=1, last_line=2),),
        diagnosis=a_diagnosis(a_failure(test_id="t.py::test_f", file="t.py")),
    )
    assert "'green'" in {one.new for one in candidates_of(case, most=5000)}


@pytest.mark.parametrize("raw", [b"def f(:\n", b"\xff\xfe", b"def f():\r\n    return 1\r\n", b""])
def test_what_can_not_be_read_has_no_candidates(raw):
    """Broken, foreign and empty files are ordinary input."""
    from selfheal.contract.tree import MemoryTree

    case = a_case({}, tree=MemoryTree({"m.py": raw}), suspects=(a_suspect(file="m.py", symbol="f"),))
    assert candidates_of(case, most=10) == ()


def test_operators_are_named_once():
    """The registry is a table: a name a row."""
    names = [one.name for one in OPERATORS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("suspect", "wanted"),
    [
        (a_suspect(file="m.py", symbol=None, first_line=1, last_line=1), "LIMIT = 4\n"),
        (a_suspect(file="m.py", symbol="Box", first_line=4, last_line=8), "    size = 1\n"),
    ],
)
def test_what_is_wrong_outside_of_functions_is_tried_too(suspect, wanted):
    """A module's constant, and the field of a class; never a `return` or a guard that belongs into a function."""
    code = "LIMIT = 3\n\n\nclass Box:\n    size = 2\n\n    def f(self):\n        return self.size < LIMIT\n"
    case = a_case({"m.py": code}, suspects=(suspect,), trials=ScriptedTrials(code, lambda _: "P"))
    made = [applied(code, one.splices) for one in candidates_of(case, most=500)]
    assert any(wanted in text for text in made)
    assert all("return self.size < LIMIT" in text for text in made)
    assert not any("\nreturn" in text or "if not" in text for text in made)


def test_every_operator_has_a_prior_and_every_prior_an_operator():
    """The fitted table and the registry speak of the same ones."""
    priors = json.loads((Path(candidates.__file__).parent / "priors.json").read_text())
    assert set(priors) == {one.name for one in OPERATORS}
    assert all(0 < prior <= 3 for prior in priors.values())
    assert {one.name for one in OPERATORS} >= LOOSE


def _order(code: str) -> list[str]:
    last = code.count("\n")
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=last)
    case = a_case({"m.py": code}, suspects=(suspect,), trials=ScriptedTrials(code, lambda _: "P"))
    return [applied(code, one.splices) for one in candidates_of(case, most=500)]


def test_a_step_of_one_becomes_none_or_two_late() -> None:
    """`x + 0` is written by nobody, `x + 2` by few: both pass a test by chance more often than they are meant."""
    order = _order("def f(x):\n    return x + 1\n")
    places = [order.index(f"def f(x):\n    return {text}\n") for text in ("x - 1", "x", "x + 0", "x + 2")]
    assert max(places[:2]) < min(places[2:])


def test_a_name_that_nothing_asks_is_tried_first() -> None:
    """What is given a value, or only filled, and read by nothing is there for what was lost."""
    order = _order("def f(x, limit):\n    return min(x, x)\n")
    assert "limit" in order[0].partition(":")[2]
    code = "def f(x, y):\n    seen = set()\n    seen.add(x)\n    return g(x, y)\n"
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=4)
    site = site_of(a_case({"m.py": code}), suspect)
    assert site is not None
    assert site.unread_names == {"seen"}


@pytest.mark.parametrize(
    "code",
    [
        "def f(a):\n    b = a\n    return b\n",
        "def f(a):\n    for x in a:\n        if x:\n            print(b)\n        b = x\n",
        "def f(a):\n    global b\n    b = a\n",
        "def f(a):\n    _ = g(a)\n    g(a)\n",
        "def f(a):\n    b = a\n    def g():\n        return b\n    return g\n",
    ],
)
def test_what_is_asked_for_is_not_forgotten(code) -> None:
    """Later, in the next turn of a loop, by another function; or it is not meant to be asked for."""
    found = candidates_of(_case(code), most=1500)
    assert not [one for one in found if one.operator == "forgotten name"]


def test_what_annotations_and_bare_decorators_say_is_left_alone() -> None:
    """It changes nothing of what the function does; a default does."""
    code = (
        "import functools\n\n\n@functools.cache\ndef f(a: int, b: bool = True) -> list[int]:\n"
        "    c: dict[str, int] = {}\n    return [a] if b else c\n"
    )
    suspect = a_suspect(file="m.py", symbol="f", first_line=4, last_line=7)
    case = a_case({"m.py": code}, suspects=(suspect,), trials=ScriptedTrials(code, lambda _: "F"))
    made = [applied(code, one.splices) for one in candidates_of(case, most=2000)]
    assert any("b: bool = False" in one for one in made)
    kept = ("@functools.cache\n", "a: int,", "b: bool", "-> list[int]:")
    assert all(part in one for one in made for part in kept)
    assert all("c: dict[str, int] = " in one for one in made if "\n    c" in one)


def test_nothing_is_moved_behind_a_return() -> None:
    """Where it never runs it is taken away, which is another kind of edit, and said to be so."""
    code = "def f(a):\n    a = g(a)\n    b = h(a)\n    return b\n"
    made = {applied(code, one.splices) for one in candidates_of(_case(code), most=5000)}
    assert "def f(a):\n    b = h(a)\n    a = g(a)\n    return b\n" in made
    assert "def f(a):\n    a = g(a)\n    return b\n    b = h(a)\n" not in made


def test_the_name_that_has_no_value_is_doubted_first() -> None:
    """At the line where the failure says so, and nowhere else."""
    code = "def f(text, match):\n    if match:\n        return g(at)\n    at = g(text)\n    return h(at)\n"
    message = "UnboundLocalError: cannot access local variable 'at' where it is not associated with a value"
    failure = a_failure(message=message, file="m.py", line=3)
    first, second, *rest = candidates_of(_case(code, diagnosis=a_diagnosis(failure)), most=5000)
    assert {(one.line, one.old, one.new) for one in (first, second)} == {(3, "at", "text"), (3, "at", "match")}
    assert max(one.score for one in rest if one.operator == "variable") < first.score / 4


def test_the_attribute_that_is_not_there_is_doubted_first() -> None:
    """However unlike it the others of the class are, and however many."""
    fields = "".join(f"        self.field_{n} = {n}\n" for n in range(20))
    code = f"class C:\n    def __init__(self):\n{fields}        self.at = 1\n\n    def f(self):\n        g(self)\n"
    code += "        return self.in_image + self.field_1\n"
    line = code.count("\n")
    message = "AttributeError: 'C' object has no attribute 'in_image'"
    suspect = a_suspect(file="m.py", symbol="C.f", first_line=line - 2, last_line=line)
    failure = a_failure(message=message, file="m.py", line=line)
    case = a_case({"m.py": code}, suspects=(suspect,), diagnosis=a_diagnosis(failure))
    found = candidates_of(case, most=5000)
    first = found[: sum(one.old == "in_image" and one.operator == "attribute or method" for one in found)]
    assert "at" in {one.new for one in first}
    assert {one.old for one in first} == {"in_image"}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("UnboundLocalError: cannot access local variable 'at' where it is not associated with a value", "at"),
        ("UnboundLocalError: local variable 'at' referenced before assignment", "at"),
        ("NameError: cannot access free variable 'at' where it is not associated with a value", "at"),
        ("NameError: name 'at' is not defined", "at"),
        ("AssertionError: name 'at' is not defined", ""),
        ("AttributeError: 'State' object has no attribute 'at'", ""),
    ],
)
def test_a_failure_names_what_has_no_value(message, name) -> None:
    """In the words of each version of Python; what a test says itself is no such failure."""
    module = ast.parse("def f():\n    return at\n")
    failure = a_failure(message=message, file="m.py", line=2)
    hints = hints_of(failure, module.body[0], module, tree_of({}), path="m.py")
    assert hints.unbound == name


@pytest.mark.parametrize("what", ["'State' object", "type object 'State'", "module 'm'"])
def test_a_failure_names_the_attribute_that_is_not_there(what: str) -> None:
    """Whatever lacks it; that is no variable without a value."""
    module = ast.parse("def f():\n    return a.at\n")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    failure = a_failure(message=f"AttributeError: {what} has no attribute 'at'", file="m.py", line=2)
    hints = hints_of(failure, function, module, tree_of({}), path="m.py")
    assert (hints.lacking, hints.unbound) == ("at", "")


@pytest.mark.parametrize(
    ("path", "line", "expected"), [("m.py", 2, 2), ("n.py", 2, 0), ("m.py", 4, 0), ("m.py", 5, 0), ("m.py", 3, 3)]
)
def test_where_an_error_arose_is_a_hint(path, line, expected) -> None:
    """In the same file, and not where it is raised or asserted."""
    module = ast.parse("def f(a):\n    b = a + 1\n    if b:\n        raise ValueError(\n            b)\n")
    failure = a_failure(message="TypeError: no", file=path, line=line)
    hints = hints_of(failure, module.body[0], module, tree_of({}), path="m.py")
    assert hints.crashed_at == expected


def test_where_it_crashed_every_name_is_tried() -> None:
    """Elsewhere the likest ten; and what stands there comes before the same elsewhere."""
    names = ", ".join(f"number{n}" for n in range(20))
    code = f"def f(text, {names}):\n    a = number1 * text\n    b = number1 * text\n    return a + b\n"
    failure = a_failure(message="TypeError: can't multiply", file="m.py", line=3)
    found = candidates_of(_case(code, diagnosis=a_diagnosis(failure)), most=5000)
    tried = {
        line: {
            one.new: one.score for one in found if (one.line, one.old, one.operator) == (line, "number1", "variable")
        }
        for line in (2, 3)
    }
    assert len(tried[2]) == 10
    assert "text" not in tried[2]
    assert len(tried[3]) > 20
    assert "text" in tried[3]
    assert all(tried[3][name] > score for name, score in tried[2].items())


def test_an_attribute_that_nothing_asks_for_is_tried_first() -> None:
    """What the class keeps is kept for somebody."""
    code = (
        "class C:\n    def __init__(self, scale, strict):\n        self.scale = scale\n        self.strict = strict\n\n"
        "    def f(self, a):\n        return a if self.scale else self.scale\n"
    )
    case = a_case({"m.py": code}, suspects=(a_suspect(file="m.py", symbol="C.f", first_line=6, last_line=7),))
    found = [one for one in candidates_of(case, most=5000) if one.operator == "attribute or method"]
    assert found[0].new == found[1].new == "strict"
    read = code.replace("else self.scale", "else self.strict")
    case = a_case({"m.py": read}, suspects=case.suspects)
    others = [one for one in candidates_of(case, most=5000) if (one.old, one.new) == ("scale", "strict")]
    assert found[0].score > 2 * others[0].score


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("def f(a, b):\n    c = make(a)\n    c.search(a, b)\n", "    return c.search"),
        ("def f(a, new):\n    if a and new != len(a):\n        return g(a)\n    return 1\n", "len(new) != len(a)"),
    ],
)
def test_what_stands_beside_tells_what_is_missing(code: str, right: str) -> None:
    """It is among the first ten, though such edits could be made anywhere."""
    assert any(right in text for text in _order(code)[:10])


def test_where_the_commit_changed_something_comes_first() -> None:
    """The lines that it rewrote, and the place at which those stood that it took away; nothing else."""
    code = "def f(a, b):\n    c = a < b\n    d = a < b\n    if c:\n        a.append(b)\n    return d\n\n\ndef g(a):\n    a.pop()\n"
    plain = {one.splices: one.score for one in candidates_of(_case(code), most=5000)}
    changes = (
        ChangedLines(file="m.py", first_line=3, last_line=3, before="x\n", after="    d = a < b\n"),
        ChangedLines(file="m.py", first_line=6, last_line=5, before="    else:\n", after=""),
        ChangedLines(file="n.py", first_line=2, last_line=2),
        ChangedLines(file="m.py", first_line=90, last_line=99),
    )
    found = candidates_of(_case(code, changes=changes), most=5000)
    risen = {one.splices[0] for one in found if one.score > 2 * plain[one.splices]}
    third, fourth, gone = (code.index(text) for text in ("    d = a", "    if c", "    return d"))
    assert all((third <= one.last and one.first <= fourth) or one.first <= gone <= one.last for one in risen)
    assert any(one.first == gone and one.text.startswith("    else:") for one in risen)
    assert any(code[one.first : one.last] == "<" and third < one.first for one in risen)


def test_what_the_functions_beside_it_do_may_be_the_other_branch() -> None:
    """Nothing in the function itself does it."""
    code = (
        "def kept(a, keep):\n    b = []\n    for c in a:\n        if keep(c):\n            b = []\n    return b\n\n\n"
        "def heads(a, keep):\n    b = []\n    for c in a:\n        b.append(c)\n    return b\n"
    )
    whole = code.replace(
        "            b = []\n    return", "            b = []\n        else:\n            b.append(c)\n    return"
    )
    case = a_case({"m.py": code}, suspects=(a_suspect(file="m.py", symbol="kept", first_line=1, last_line=6),))
    assert whole in [applied(code, one.splices) for one in candidates_of(case, most=150)]


def test_what_is_imported_is_known_and_what_another_function_imports_is_not() -> None:
    """A statement that uses it may be put in where the file imports it."""
    code = (
        "import re\ntry:\n    import json\nexcept ImportError:\n    json = None\n\n\ndef f(a):\n    import os.path\n"
        "    return a\n\n\ndef g(a):\n    from math import pi\n    return pi\n"
    )
    case = a_case({"m.py": code}, suspects=(a_suspect(file="m.py", symbol="f", first_line=8, last_line=10),))
    site = site_of(case, case.suspects[0])
    assert site is not None
    assert {"re", "json", "os"} <= site.known_names
    assert "pi" not in site.known_names
