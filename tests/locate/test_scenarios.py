"""The function that holds the bug is the first suspect, in projects as people write them."""
# ruff: noqa: E501 - the projects' sources stand on one line each

import pytest

from selfheal.contract.diagnosis import Category, Failure
from selfheal.contract.suspects import Suspect

from .projects import project


def _first(suspects: tuple[Suspect, ...]) -> tuple[str, str | None]:
    assert suspects
    return suspects[0].file, suspects[0].symbol


def test_wrong_operator_behind_an_assertion() -> None:
    """The method in the failed assertion comes before the one that filled the object."""
    shop = project(
        shop__INIT="",
        shop__cart="""
            class Cart:
                def __init__(self):
                    self.items = []

                def add(self, price, count=1):
                    if count < 1:
                        raise ValueError("count")
                    self.items.append((price, count))

                def total(self):
                    return sum(price + count for price, count in self.items)
            """,
        tests__test_cart="""
            from shop.cart import Cart


            def test_total():
                cart = Cart()
                cart.add(5, 3)
                assert cart.total() == 15
            """,
    )
    failure = shop.failure("tests/test_cart.py::test_total", ("tests/test_cart.py", "assert cart"))

    assert _first(shop.suspects(failure)) == ("shop/cart.py", "Cart.total")


def test_crash_two_files_away() -> None:
    """The innermost frame of the repository comes first, its callers after it."""
    app = project(
        app__INIT="",
        app__api="from app.service import price_of\n\n\ndef quote(item):\n    return {'price': price_of(item)}\n",
        app__service="from app.tax import with_tax\n\n\ndef price_of(item):\n    return with_tax(item['net'], item)\n",
        app__tax="RATES = {'de': 0.19}\n\n\ndef with_tax(net, item):\n    return net * (1 + RATES[item['land']])\n",
        tests__test_api="from app.api import quote\n\n\ndef test_quote():\n    assert quote({'net': 1})\n",
    )
    failure = app.failure(
        "tests/test_api.py::test_quote",
        ("tests/test_api.py", "assert quote"),
        ("app/api.py", "return {"),
        ("app/service.py", "return with_tax"),
        ("app/tax.py", "return net"),
        message="KeyError: 'land'",
        code="KeyError",
    )
    suspects = app.suspects(failure)

    assert [suspect.symbol for suspect in suspects[:3]] == ["with_tax", "price_of", "quote"]
    assert "KeyError was raised at line 5" in suspects[0].evidence


def test_wrong_result_two_files_away() -> None:
    """Functions that only pass on are less suspicious than the one that computes."""
    app = project(
        src__app__INIT="",
        src__app__api="from app.service import Service\n\n\ndef quote(net):\n    return Service().price(net)\n",
        src__app__service="from .tax import with_tax\n\n\nclass Service:\n    def price(self, net):\n        return with_tax(net)\n",
        src__app__tax="def with_tax(net):\n    if net <= 0:\n        return 0\n    return net * 1.19 - 1\n",
        tests__test_api="from app.api import quote\n\n\ndef test_quote():\n    assert quote(100) == 119\n",
    )
    failure = app.failure("tests/test_api.py::test_quote", ("tests/test_api.py", "assert quote"))

    assert _first(app.suspects(failure)) == ("src/app/tax.py", "with_tax")


def test_method_through_an_instance_of_an_attribute() -> None:
    """`self.store = Store()` leads from one class to the method of the other."""
    app = project(
        app__INIT="",
        app__store="class Store:\n    def find(self, key):\n        return [row for row in self.rows if row[0] != key]\n",
        app__report="from app.store import Store\n\n\nclass Report:\n    def __init__(self):\n        self.store = Store()\n\n"
        "    def rows(self, key):\n        return self.store.find(key)\n",
        tests__test_report="from app.report import Report\n\n\ndef test_rows():\n    report = Report()\n"
        "    rows = report.rows('a')\n    assert rows == []\n",
    )
    failure = app.failure("tests/test_report.py::test_rows", ("tests/test_report.py", "assert rows"))

    assert _first(app.suspects(failure)) == ("app/store.py", "Store.find")


def test_reexport_and_alias() -> None:
    """A package's __init__ that renames what it offers is seen through."""
    app = project(
        src__textkit__INIT="from .impl import slug as slugify\n",
        src__textkit__impl="def slug(text):\n    return text.lower().replace(' ', '_')\n",
        tests__test_slug="import textkit as tk\n\n\ndef test_slug():\n    assert tk.slugify('A b') == 'a-b'\n",
    )
    failure = app.failure("tests/test_slug.py::test_slug", ("tests/test_slug.py", "assert tk"))

    assert _first(app.suspects(failure)) == ("src/textkit/impl.py", "slug")


def test_object_built_by_a_fixture() -> None:
    """A fixture in a conftest file says what the test's argument is."""
    app = project(
        bank__account="class Account:\n    def __init__(self, balance):\n        self.balance = balance\n\n"
        "    def withdraw(self, amount):\n        if amount > self.balance:\n            raise ValueError('too much')\n"
        "        self.balance += amount\n        return self.balance\n",
        tests__conftest="import pytest\n\nfrom bank.account import Account\n\n\n@pytest.fixture\ndef account():\n    yield Account(100)\n",
        tests__unit__test_account="def test_withdraw(account):\n    assert account.withdraw(30) == 70\n",
    )
    failure = app.failure("tests/unit/test_account.py::test_withdraw", ("tests/unit/test_account.py", "assert account"))

    assert _first(app.suspects(failure)) == ("bank/account.py", "Account.withdraw")


def test_decorator_that_crashes() -> None:
    """The frame inside a decorator's wrapper names the wrapper."""
    app = project(
        lib__retry="import functools\n\n\ndef retry(times):\n    def decorate(function):\n        @functools.wraps(function)\n"
        "        def wrapper(*args):\n            for attempt in range(times):\n                result = function(args)\n"
        "            return result\n        return wrapper\n    return decorate\n",
        lib__net="from lib.retry import retry\n\n\n@retry(2)\ndef fetch(url):\n    return url.upper()\n",
        tests__test_net="from lib.net import fetch\n\n\ndef test_fetch():\n    assert fetch('a') == 'A'\n",
    )
    failure = app.failure(
        "tests/test_net.py::test_fetch",
        ("tests/test_net.py", "assert fetch"),
        ("lib/retry.py", "result = function"),
        ("lib/net.py", "return url"),
        message="AttributeError: 'tuple' object has no attribute 'upper'",
        code="AttributeError",
    )
    suspects = app.suspects(failure, changed=(app.change("lib/retry.py", "result = function"),))

    assert _first(suspects) == ("lib/retry.py", "retry.decorate.wrapper")
    assert suspects[0].first_line == 6  # its own decorator included


def test_wrong_decorator_behind_an_assertion() -> None:
    """A decorator of what the test calls is used by it."""
    app = project(
        lib__shout="def shout(function):\n    def wrapper(name):\n        text = function(name)\n        return text + '!' * 2\n    return wrapper\n",
        lib__greet="from lib.shout import shout\n\n\n@shout\ndef greet(name):\n    return name\n",
        tests__test_greet="from lib.greet import greet\n\n\ndef test_greet():\n    assert greet('bob') == 'bob!'\n",
    )
    failure = app.failure("tests/test_greet.py::test_greet", ("tests/test_greet.py", "assert greet"))

    assert _first(app.suspects(failure)) == ("lib/shout.py", "shout")


def test_async_function() -> None:
    """What is awaited is what is called."""
    app = project(
        app__jobs="import asyncio\n\n\nclass Queue:\n    def __init__(self):\n        self.jobs = []\n\n    async def take(self):\n"
        "        await asyncio.sleep(0)\n        return self.jobs.pop(-1) if self.jobs else None\n\n\nasync def connect() -> Queue:\n    return Queue()\n",
        tests__test_jobs="from app.jobs import connect\n\n\nasync def test_take():\n    queue = await connect()\n"
        "    queue.jobs = [1, 2]\n    job = await queue.take()\n    assert job == 1\n",
    )
    failure = app.failure("tests/test_jobs.py::test_take", ("tests/test_jobs.py", "assert job"))

    assert _first(app.suspects(failure)) == ("app/jobs.py", "Queue.take")


def test_nested_function() -> None:
    """A crash in a closure names the closure."""
    app = project(
        app__fmt="def formatter(width):\n    def pad(text):\n        return text.ljust(width) + suffix\n\n    return pad\n",
        tests__test_fmt="from app.fmt import formatter\n\n\ndef test_pad():\n    assert formatter(3)('a') == 'a  '\n",
    )
    failure = app.failure(
        "tests/test_fmt.py::test_pad",
        ("tests/test_fmt.py", "assert formatter"),
        ("app/fmt.py", "return text"),
        message="NameError: name 'suffix' is not defined",
        code="NameError",
    )

    assert _first(app.suspects(failure)) == ("app/fmt.py", "formatter.pad")


def test_classmethod() -> None:
    """An alternative constructor, called on the class."""
    app = project(
        app__money="class Money:\n    def __init__(self, cents):\n        self.cents = cents\n\n    @classmethod\n    def parse(cls, text):\n"
        "        whole, _, part = text.partition('.')\n        return cls(int(whole) * 10 + int(part))\n",
        tests__test_money="from app.money import Money\n\n\ndef test_parse():\n    assert Money.parse('1.50').cents == 150\n",
    )
    failure = app.failure("tests/test_money.py::test_parse", ("tests/test_money.py", "assert Money"))
    suspects = app.suspects(failure)

    assert _first(suspects) == ("app/money.py", "Money.parse")
    assert suspects[0].first_line == 5


def test_property() -> None:
    """A property is called without parentheses."""
    app = project(
        app__rect="class Rect:\n    def __init__(self, width, height):\n        self.width = width\n        self.height = height\n\n"
        "    @property\n    def area(self):\n        return self.width * self.width\n",
        tests__test_rect="from app.rect import Rect\n\n\ndef test_area():\n    rect = Rect(2, 3)\n    assert rect.area == 6\n",
    )
    failure = app.failure("tests/test_rect.py::test_area", ("tests/test_rect.py", "assert rect"))

    assert _first(app.suspects(failure)) == ("app/rect.py", "Rect.area")


def test_dataclass_default() -> None:
    """A field that the assertion reads, and no method sets, lies in the class body."""
    app = project(
        app__config="from dataclasses import dataclass\n\n\n@dataclass\nclass Config:\n    retries: int = 3\n    timeout_s: float = 0.3\n\n"
        "    def describe(self):\n        return f'{self.retries} x {self.timeout_s}'\n",
        tests__test_config="from app.config import Config\n\n\ndef test_default():\n    assert Config().timeout_s == 30\n",
    )
    failure = app.failure("tests/test_config.py::test_default", ("tests/test_config.py", "assert Config"))
    suspects = app.suspects(failure)

    assert _first(suspects) == ("app/config.py", "Config")
    assert (suspects[0].first_line, suspects[0].last_line) == (4, 10)


def test_module_constant() -> None:
    """A constant is a statement at module level, without a symbol."""
    app = project(
        app__INIT="",
        app__limits="import os\n\nNAME = 'x'\nMAX_ROWS = 10 ** 2\n\n\ndef allowed():\n    return True\n",
        tests__test_limits="from app import limits\n\n\ndef test_limit():\n    assert limits.MAX_ROWS == 1000\n",
    )
    failure = app.failure("tests/test_limits.py::test_limit", ("tests/test_limits.py", "assert limits"))
    suspects = app.suspects(failure)

    assert _first(suspects) == ("app/limits.py", None)
    assert (suspects[0].first_line, suspects[0].last_line) == (4, 4)


def test_parametrised_test() -> None:
    """The id's parameters are no part of the test's name."""
    app = project(
        app__roman="NUMERALS = ((10, 'X'), (5, 'V'), (1, 'I'))\n\n\ndef to_roman(number):\n    text = ''\n    for value, numeral in NUMERALS:\n"
        "        while number > value:\n            text += numeral\n            number -= value\n    return text\n",
        tests__test_roman="import pytest\n\nfrom app.roman import to_roman\n\n\n@pytest.mark.parametrize('n, text', [(1, 'I'), (6, 'VI')])\n"
        "def test_roman(n, text):\n    assert to_roman(n) == text\n",
    )
    failure = app.failure("tests/test_roman.py::test_roman[6-VI]", ("tests/test_roman.py", "assert to_roman"))

    assert _first(app.suspects(failure)) == ("app/roman.py", "to_roman")


def test_unittest_case() -> None:
    """A dotted id, an object made in setUp, and an assertion method."""
    app = project(
        app__stack="class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        self.items.append(item)\n\n"
        "    def pop(self):\n        return self.items.pop(0)\n",
        tests__INIT="",
        tests__test_stack="import unittest\n\nfrom app.stack import Stack\n\n\nclass StackTest(unittest.TestCase):\n    def setUp(self):\n"
        "        self.stack = Stack()\n\n    def test_pop(self):\n        self.stack.push(1)\n        self.stack.push(2)\n"
        "        self.assertEqual(self.stack.pop(), 2)\n",
    )
    failure = app.failure(
        "tests.test_stack.StackTest.test_pop", ("tests/test_stack.py", "assertEqual"), tool="unittest"
    )

    assert _first(app.suspects(failure)) == ("app/stack.py", "Stack.pop")


def test_generator() -> None:
    """A generator function that is consumed by list()."""
    app = project(
        app__chunks="def chunks(items, size):\n    for start in range(0, len(items), size):\n        yield items[start : start + size - 1]\n",
        tests__test_chunks="from app.chunks import chunks\n\n\ndef test_chunks():\n    found = list(chunks([1, 2, 3], 2))\n    assert found == [[1, 2], [3]]\n",
    )
    failure = app.failure("tests/test_chunks.py::test_chunks", ("tests/test_chunks.py", "assert found"))

    assert _first(app.suspects(failure)) == ("app/chunks.py", "chunks")


def test_operator_method() -> None:
    """`a + b` calls `__add__` of the repository's class."""
    app = project(
        app__vector="class Vector:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n    def __add__(self, other):\n"
        "        return Vector(self.x + other.x, self.y - other.y)\n\n    def __eq__(self, other):\n        return (self.x, self.y) == (other.x, other.y)\n",
        tests__test_vector="from app.vector import Vector\n\n\ndef test_add():\n    total = Vector(1, 2) + Vector(3, 4)\n    assert total.y == 6\n",
    )
    failure = app.failure("tests/test_vector.py::test_add", ("tests/test_vector.py", "assert total"))
    suspects = app.suspects(failure, changed=(app.change("app/vector.py", "other.x, self.y -"),))

    assert _first(suspects) == ("app/vector.py", "Vector.__add__")


def test_inherited_method() -> None:
    """A method that stands in a base class of another file."""
    app = project(
        app__base="class Shape:\n    sides = 0\n\n    def angle_sum(self):\n        return (self.sides - 1) * 180\n",
        app__square="from app.base import Shape\n\n\nclass Square(Shape):\n    sides = 4\n",
        tests__test_square="from app.square import Square\n\n\ndef test_angles():\n    assert Square().angle_sum() == 360\n",
    )
    failure = app.failure("tests/test_square.py::test_angles", ("tests/test_square.py", "assert Square"))

    assert _first(app.suspects(failure)) == ("app/base.py", "Shape.angle_sum")


def test_missing_import_of_a_similar_name() -> None:
    """A name that a module does not have: the similar one that it has."""
    app = project(
        app__core="LIMIT = 3\n\n\ndef compute_all(rows):\n    return sum(rows)\n",
        tests__test_core="from app.core import compute\n\n\ndef test_compute():\n    assert compute([1]) == 1\n",
    )
    failure = Failure(
        tool="pytest",
        message="ImportError: cannot import name 'compute' from 'app.core' (/repo/app/core.py)",
        file="tests/test_core.py",
        line=1,
        test_id="tests/test_core.py",
        code="ImportError",
    )

    assert _first(app.suspects(failure)) == ("app/core.py", "compute_all")


def test_attribute_that_was_renamed() -> None:
    """The test asks for a method that the class calls otherwise."""
    app = project(
        app__user="class User:\n    def __init__(self, name):\n        self.name = name\n\n    def full_names(self):\n        return self.name.title()\n",
        tests__test_user="from app.user import User\n\n\ndef test_name():\n    user = User('a b')\n    assert user.full_name() == 'A B'\n",
    )
    failure = app.failure(
        "tests/test_user.py::test_name",
        ("tests/test_user.py", "assert user"),
        message="AttributeError: 'User' object has no attribute 'full_name'",
        code="AttributeError",
    )
    suspects = app.suspects(failure)

    assert "User.full_names" in [suspect.symbol for suspect in suspects[:2]]


def test_missing_argument() -> None:
    """A call that does not fit: the caller first, the definition second."""
    app = project(
        app__mail="def send(to, subject, body):\n    return f'{to}: {subject} {body}'\n",
        app__notify="from app.mail import send\n\n\ndef notify(user):\n    return send(user, 'hi')\n",
        tests__test_notify="from app.notify import notify\n\n\ndef test_notify():\n    assert notify('a')\n",
    )
    failure = app.failure(
        "tests/test_notify.py::test_notify",
        ("tests/test_notify.py", "assert notify"),
        ("app/notify.py", "return send"),
        message="TypeError: send() missing 1 required positional argument: 'body'",
        code="TypeError",
    )

    assert [suspect.symbol for suspect in app.suspects(failure)[:2]] == ["notify", "send"]


def test_unexpected_none() -> None:
    """The function that may return None is suspected beside the one that stumbled over it."""
    app = project(
        app__repo="class Repo:\n    def find(self, key):\n        for row in self.rows():\n            if row.key == key:\n                return row\n\n"
        "    def rows(self):\n        return []\n",
        app__view="from app.repo import Repo\n\n\ndef show(key):\n    repo = Repo()\n    return repo.find(key).title\n",
        tests__test_view="from app.view import show\n\n\ndef test_show():\n    assert show(1) == 'x'\n",
    )
    failure = app.failure(
        "tests/test_view.py::test_show",
        ("tests/test_view.py", "assert show"),
        ("app/view.py", "return repo.find"),
        message="AttributeError: 'NoneType' object has no attribute 'title'",
        code="AttributeError",
    )

    assert [suspect.symbol for suspect in app.suspects(failure)[:2]] == ["show", "Repo.find"]


def test_refusal_raises_its_caller() -> None:
    """A function that raises on purpose comes with its caller close behind; the commit decides."""
    app = project(
        app__check="def check(age):\n    if age < 0:\n        raise ValueError('age')\n    return age\n",
        app__form="from app.check import check\n\n\ndef read(form):\n    return check(form['born'] - form['now'])\n",
        tests__test_form="from app.form import read\n\n\ndef test_read():\n    assert read({'born': 1, 'now': 2}) == 1\n",
    )
    failure = app.failure(
        "tests/test_form.py::test_read",
        ("tests/test_form.py", "assert read"),
        ("app/form.py", "return check"),
        ("app/check.py", "raise"),
        message="ValueError: age",
        code="ValueError",
    )

    assert {suspect.symbol for suspect in app.suspects(failure)[:2]} == {"check", "read"}
    changed = (app.change("app/form.py", "form['born'] -"),)
    assert _first(app.suspects(failure, changed=changed)) == ("app/form.py", "read")


def test_lint_points_at_its_span() -> None:
    """A linter's line gives the function around it, or the statement at module level."""
    app = project(app__a="import os\nimport sys\n\n\ndef f():\n    unused = 1\n    return sys.argv\n")
    failures = (
        Failure(tool="ruff", message="`os` imported but unused", file="app/a.py", line=1, code="F401"),
        Failure(tool="ruff", message="unused", file="app/a.py", line=6, code="F841"),
    )
    suspects = app.suspects(*failures, category=Category.LINT)

    assert [(suspect.first_line, suspect.last_line, suspect.symbol) for suspect in suspects] == [
        (1, 1, None),
        (5, 7, "f"),
    ]


def test_type_error_names_the_definition_second() -> None:
    """mypy's line first, the function that its message names second."""
    app = project(
        app__join="def join(parts: list[str], separator: str) -> str:\n    return separator.join(parts)\n",
        app__use="from app.join import join\n\n\ndef show() -> str:\n    return join(['a'], 1)\n",
    )
    failure = Failure(
        tool="mypy",
        message='Argument 2 to "join" has incompatible type "int"; expected "str"',
        file="app/use.py",
        line=5,
        code="arg-type",
    )
    suspects = app.suspects(failure, category=Category.TYPES)

    assert [suspect.symbol for suspect in suspects[:2]] == ["show", "join"]


def test_syntax_error_gives_a_span_by_indentation() -> None:
    """A file that does not parse still has functions."""
    app = project(
        app__a="def fine():\n    return 1\n\n\ndef broken():\n    x = (1,\n    return x\n\n\ndef after():\n    return 2\n"
    )
    failure = Failure(tool="pytest", message="'(' was never closed", file="app/a.py", line=6, code="SyntaxError")
    suspects = app.suspects(failure, category=Category.SYNTAX)

    assert _first(suspects) == ("app/a.py", "broken")
    assert (suspects[0].first_line, suspects[0].last_line) == (5, 7)


def test_test_is_a_suspect_only_where_nothing_else_is() -> None:
    """And then its evidence says so."""
    app = project(app__a="def f():\n    return 1\n", tests__test_a="def test_a():\n    assert 1 == 2\n")
    failure = app.failure("tests/test_a.py::test_a", ("tests/test_a.py", "assert 1"))
    suspects = app.suspects(failure)

    assert _first(suspects) == ("tests/test_a.py", "test_a")
    assert suspects[0].evidence[0].startswith("a test file")


def test_common_cause_of_several_failures() -> None:
    """What two failing tests share is more suspicious than what one of them uses."""
    app = project(
        app__math="def half(n):\n    return n // 3\n\n\ndef quarter(n):\n    return half(half(n)) + 0 * 1\n",
        tests__test_math="from app.math import half, quarter\n\n\ndef test_quarter():\n    assert quarter(8) == 2\n\n\ndef test_half():\n    assert half(8) == 4\n",
    )
    failures = (
        app.failure("tests/test_math.py::test_half", ("tests/test_math.py", "assert half")),
        app.failure("tests/test_math.py::test_quarter", ("tests/test_math.py", "assert quarter")),
    )

    assert _first(app.suspects(*failures)) == ("app/math.py", "half")


@pytest.mark.parametrize("limit", [1, 2])
def test_limit_is_kept(limit: int) -> None:
    """Suspiciousness falls along the list and lies between 0 and 1."""
    app = project(
        app__a="def f(n):\n    return g(n) + 1 * 2\n\n\ndef g(n):\n    return n - 1\n",
        tests__test_a="from app.a import f\n\n\ndef test_f():\n    assert f(1) == 1\n",
    )
    suspects = app.suspects(app.failure("tests/test_a.py::test_f", ("tests/test_a.py", "assert f")))

    assert 0 <= suspects[-1].suspiciousness <= suspects[0].suspiciousness <= 1
    assert len(suspects[:limit]) == limit


def test_block_that_should_have_raised() -> None:
    """Where nothing was raised, the calls inside of the `with` are what failed."""
    app = project(
        app__pick="def pick(items, n):\n    if n < 0 and n >= len(items):\n        raise IndexError(n)\n    return items[n % len(items)]\n",
        tests__test_pick="import unittest\n\nfrom app.pick import pick\n\n\nclass PickTest(unittest.TestCase):\n    def test_range(self):\n"
        "        with self.assertRaises(IndexError):\n            pick([1], 5)\n",
    )
    failure = app.failure(
        "tests/test_pick.py::PickTest::test_range",
        ("tests/test_pick.py", "with self"),
        message="AssertionError: IndexError not raised",
    )

    assert _first(app.suspects(failure)) == ("app/pick.py", "pick")


def test_method_of_an_unknown_object_is_found_by_its_name() -> None:
    """Filters that are called in a loop: the name of the method leads to them."""
    app = project(
        app__stack="def run(filters, text):\n    for one in filters:\n        text = one.transform(text)\n    return text\n",
        app__upper="class Upper:\n    def transform(self, text):\n        return text[:-1].upper() + text[-1:] * 2\n",
        tests__test_stack="from app.stack import run\nfrom app.upper import Upper\n\n\ndef test_run():\n    assert run([Upper()], 'ab') == 'AB'\n",
    )
    failure = app.failure("tests/test_stack.py::test_run", ("tests/test_stack.py", "assert run"))

    assert ("app/upper.py", "Upper.transform") in [(one.file, one.symbol) for one in app.suspects(failure)[:2]]


def test_lone_change_of_a_small_commit_is_a_strong_suspect() -> None:
    """A function that no call graph reaches, but that is all the commit touched."""
    app = project(
        app__plugins="def load(name):\n    return globals()[name]()\n\n\ndef secret():\n    return 1 - 2\n",
        tests__test_plugins="from app.plugins import load\n\n\ndef test_load():\n    assert load('secret') == 3\n",
    )
    failure = app.failure("tests/test_plugins.py::test_load", ("tests/test_plugins.py", "assert load"))
    suspects = app.suspects(failure, changed=(app.change("app/plugins.py", "return 1 - 2"),))

    assert "secret" in [suspect.symbol for suspect in suspects[:2]]
