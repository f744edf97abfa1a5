"""What a large repository costs: one failing service among fifty, 50,000 lines, against the same service alone.

The service is the same to the byte, and so is the fault: its function lost its body, which no operator gives back, so
that the model is asked. It is one that knows the answer, and what differs is what selfheal does around it.

    python bench/monorepo.py [--services 50]
"""

import argparse
import json
import os
import platform
import random
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from planting.repairing import Engine, commit, heal, report_in
from trials.scripted import MODEL, scripted_server
from trials.sets import small_tools
from trials.stamps import commit_of_this
from trials.trial import Trial

RESULTS = Path(__file__).parent / "results"
FUNCTIONS = 40
FAILING = "billing"
BODY = """\
    subtotal = sum(price * count for price, count in lines)
    if coupon is not None and subtotal >= coupon.least:
        subtotal -= coupon.worth
    return round(max(subtotal, 0) * (1 + tax), 2)
"""
HEAD = '''\
def invoice(lines, coupon, tax):
    """Sum the lines, take the coupon off where its least is reached, never below nothing, and add the tax."""
'''
FAULT = "    raise NotImplementedError\n"
TEST = """
from collections import namedtuple

from {name}.invoices import invoice

Coupon = namedtuple("Coupon", "least worth")


def test_plain():
    assert invoice([(10, 2), (5, 1)], None, 0.2) == 30.0


def test_coupon():
    assert invoice([(10, 2)], Coupon(15, 5), 0.0) == 15.0


def test_coupon_below_its_least():
    assert invoice([(10, 1)], Coupon(15, 5), 0.0) == 10.0
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What one repair cost. `outside_s` is all that is neither model nor command."""

    name: str
    lines: int
    outcome: str
    tokens: int
    wall_s: float
    command_s: float
    outside_s: float


def main() -> int:
    """Repair both, print, store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=50)
    parser.add_argument("--out", type=Path, default=RESULTS / "monorepo.json", help="where the JSON goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monorepo-") as name:
        rows = [_measured(Path(name) / "alone", 1), _measured(Path(name) / "many", options.services)]
    for row in rows:
        print(
            f"{row.name:22} {row.lines:6} lines  {row.outcome:10} {row.tokens:5} tokens  {row.wall_s:5.1f} s in all  "
            f"{row.command_s:5.1f} s commands  {row.outside_s:5.1f} s outside of model and commands"
        )
    one, many = rows
    more_s = many.outside_s - one.outside_s
    print(f"tokens: {many.tokens / max(1, one.tokens):.2f} times as many; outside: {more_s:+.1f} s")
    stored = {
        "commit": commit_of_this(),
        "machine": {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()},
        "rows": [asdict(row) for row in rows],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


def _measured(folder: Path, services: int) -> Row:
    repo = folder / "repo"
    write_services(repo, services)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in repo.rglob("*.py"))
    commit(repo)
    trial = Trial(
        group="monorepo",
        name=f"{services}",
        kind="lost body",
        command="python -m pytest -q",
        check="python -m pytest -q",
        broken=(("invoices.py", HEAD + FAULT),),
        hidden=(),
        original=(("invoices.py", HEAD + BODY),),
    )
    with scripted_server((trial,)) as url:
        outcome = heal(trial.command, repo, folder / "out", small_tools(), Engine(MODEL, url))
    usage = report_in(folder / "out").get("usage", {})
    wall_s, command_s = usage.get("wall_s", 0.0), usage.get("command_wall_s", 0.0)
    return Row(
        name="one service alone" if services == 1 else f"{services} services",
        lines=lines,
        outcome=outcome,
        tokens=usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0),
        wall_s=round(wall_s, 2),
        command_s=round(command_s, 2),
        outside_s=round(wall_s - command_s - usage.get("model_wall_s", 0.0), 2),
    )


def write_services(repo: Path, count: int) -> None:
    """Write so many services of about a thousand lines; the first one is the failing one."""
    for number in range(count):
        name = FAILING if number == 0 else f"service_{number:02}"
        folder = repo / "services" / name / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("", encoding="utf-8")
        tests = folder.parent / "tests"
        tests.mkdir()
        functions = FUNCTIONS // 2 if number == 0 else FUNCTIONS * 2
        code, checks = _functions(random.Random(number), name, functions)
        (folder / "rules.py").write_text(code, encoding="utf-8")
        (tests / f"test_{name}_rules.py").write_text(checks, encoding="utf-8")
        if number == 0:
            (folder / "invoices.py").write_text(HEAD + FAULT, encoding="utf-8")
            (tests / "test_invoices.py").write_text(TEST.format(name=name), encoding="utf-8")
    (repo / "conftest.py").write_text(
        "import sys\nfrom pathlib import Path\n\nfor place in (Path(__file__).parent / 'services').iterdir():\n"
        "    sys.path.insert(0, str(place))\n",
        encoding="utf-8",
    )


def _functions(chance: random.Random, name: str, count: int) -> tuple[str, str]:
    """So many functions of eight lines, and their tests."""
    code, tests = [], [f"from {name} import rules\n"]
    for number in range(count):
        factor, limit, step = chance.randint(2, 9), chance.randint(20, 90), chance.randint(1, 5)
        code.append(
            f"def rule_{number}(amount):\n"
            f'    """Rule {number} of {name}."""\n'
            f"    total = 0\n"
            f"    for step in range(0, amount, {step}):\n"
            f"        total += step * {factor}\n"
            f"        if total > {limit}:\n"
            f"            return {limit}\n"
            f"    return total\n"
        )
        wanted, total = 0, 0
        for at in range(0, 4, step):
            total += at * factor
            wanted = total
            if total > limit:
                wanted = limit
                break
        tests.append(f"\ndef test_rule_{number}():\n    assert rules.rule_{number}(4) == {wanted}\n")
    return "\n\n".join(code), "\n".join(tests)


if __name__ == "__main__":
    raise SystemExit(main())
