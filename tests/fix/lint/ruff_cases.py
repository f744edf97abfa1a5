"""What ruff finds, and how it is mended: code, source before, source after, whether a human has to look."""

from fix.lint.linted import Mended

CASES = (
    Mended(
        "ERA001",
        """\
def run(job):
    # job = prepare(job)
    return job  # the job itself
""",
        """\
def run(job):
    return job  # the job itself
""",
    ),
    Mended(
        "F401",
        """\
import os
import sys
from collections import (
    OrderedDict,
    deque,
)

print(sys.argv, deque())
""",
        """\
import sys
from collections import (
    deque,
)

print(sys.argv, deque())
""",
    ),
    Mended(
        "F841",
        """\
def run(job):
    result = job.start()
    count = 3
    try:
        return job
    except ValueError as error:
        return None
""",
        """\
def run(job):
    job.start()
    try:
        return job
    except ValueError:
        return None
""",
    ),
    Mended(
        "B007",
        """\
def run(pairs):
    for key, value in pairs:
        print(value)
""",
        """\
def run(pairs):
    for _key, value in pairs:
        print(value)
""",
    ),
    Mended(
        "ARG001",
        '''\
def run(job, unused):
    """Run it."""
    return job
''',
        '''\
def run(job, unused):
    """Run it."""
    del unused
    return job
''',
        needs_human=True,
    ),
    Mended(
        "ARG002",
        """\
class Runner:
    def run(self, *args, **kwargs):
        return 1
""",
        """\
class Runner:
    def run(self, *_args, **_kwargs):
        return 1
""",
    ),
    Mended(
        "F811",
        """\
def run(job):
    return job


def run(job):
    return job + 1
""",
        """\
def run(job):
    return job + 1
""",
        needs_human=True,
    ),
    Mended(
        "B006",
        '''\
def run(job, seen=[], names: dict[str, int] = {}):
    """Run it."""
    seen.append(job)
    return seen, names
''',
        '''\
def run(job, seen=None, names: dict[str, int] | None = None):
    """Run it."""
    if seen is None:
        seen = []
    if names is None:
        names = {}
    seen.append(job)
    return seen, names
''',
        needs_human=True,
    ),
    Mended(
        "B008",
        """\
import time


def run(now=time.time()):
    return now
""",
        """\
import time


def run(now=None):
    if now is None:
        now = time.time()
    return now
""",
        needs_human=True,
    ),
    Mended(
        "E722",
        """\
def run(job):
    try:
        job()
    except:
        print("it failed")
""",
        """\
def run(job):
    try:
        job()
    except Exception:
        print("it failed")
""",
        needs_human=True,
    ),
    Mended(
        "B904",
        """\
def run(text):
    try:
        return int(text)
    except ValueError:
        raise TypeError(text)
""",
        """\
def run(text):
    try:
        return int(text)
    except ValueError as err:
        raise TypeError(text) from err
""",
    ),
    Mended(
        "E711",
        """\
def run(job):
    return job == None
""",
        """\
def run(job):
    return job is None
""",
        needs_human=True,
    ),
    Mended(
        "E712",
        """\
def run(job):
    if job == True:
        return 1
    return 2
""",
        """\
def run(job):
    if job:
        return 1
    return 2
""",
        needs_human=True,
    ),
    Mended(
        "E713",
        """\
def run(job, jobs):
    return not job in jobs
""",
        """\
def run(job, jobs):
    return job not in jobs
""",
    ),
    Mended(
        "E721",
        """\
def run(job):
    return type(job) == int
""",
        """\
def run(job):
    return type(job) is int
""",
    ),
    Mended(
        "F821",
        """\
def run(number):
    return os.path.join("a", str(nubmer))
""",
        """\
import os


def run(number):
    return os.path.join("a", str(number))
""",
    ),
    Mended(
        "F821",
        """\
class Job:
    def start(self):
        return 1

    def run(self):
        return start()
""",
        """\
class Job:
    def start(self):
        return 1

    def run(self):
        return self.start()
""",
    ),
    Mended(
        "E731",
        """\
def run(jobs):
    key = lambda job: job.name
    return sorted(jobs, key=key)
""",
        """\
def run(jobs):
    def key(job):
        return job.name

    return sorted(jobs, key=key)
""",
    ),
    Mended(
        "E741",
        """\
def run(lines):
    return [l.strip() for l in lines]
""",
        """\
def run(lines):
    return [line.strip() for line in lines]
""",
    ),
    Mended(
        "E501",
        '''\
def run(alpha, beta):
    """Run it with both. A very long description that does not fit into the line at all, as one sees."""
    # a very long comment that does not fit into the line at all, as everybody can plainly see here
    value = alpha.first_method(beta.second_method(alpha), beta.third_method(alpha, beta), alpha)
    if alpha.is_ready_to_start and beta.is_ready_to_start and not alpha.is_finished_already():
        raise ValueError("the job is not ready to be started, because the other one is still running now")
    return value  # what comes out of it, in a comment that is far too long for its line
''',
        '''\
def run(alpha, beta):
    """Run it with both.

    A very long description that does not fit into the line at all, as one sees.
    """
    # a very long comment that does not fit into the line at all, as everybody can
    # plainly see here
    value = alpha.first_method(
        beta.second_method(alpha), beta.third_method(alpha, beta), alpha
    )
    if (
        alpha.is_ready_to_start
        and beta.is_ready_to_start
        and not alpha.is_finished_already()
    ):
        raise ValueError(
            "the job is not ready to be started, because the other one is still "
            "running now"
        )
    return value  # what comes out of it, in a comment that is far too long for its line
''',
    ),
    Mended(
        "RET505",
        """\
def run(job):
    if job == 1:
        return 1
    elif job == 2:
        # two
        return 2
    else:
        # more
        job()
        return 3
""",
        """\
def run(job):
    if job == 1:
        return 1
    if job == 2:
        # two
        return 2
    # more
    job()
    return 3
""",
    ),
    Mended(
        "SIM102",
        """\
def run(job, ready):
    if job:
        if ready or job.forced:
            job()
""",
        """\
def run(job, ready):
    if job and (ready or job.forced):
        job()
""",
    ),
    Mended(
        "SIM103",
        """\
def run(job):
    if job.is_ready():
        return True
    return False
""",
        """\
def run(job):
    return bool(job.is_ready())
""",
    ),
    Mended(
        "PLC1802",
        """\
def run(jobs):
    found = [job for job in jobs if job]
    if not len(found):
        return 1
    return 2
""",
        """\
def run(jobs):
    found = [job for job in jobs if job]
    if not found:
        return 1
    return 2
""",
        needs_human=True,
    ),
    Mended(
        "SIM118",
        """\
def run(jobs):
    jobs = dict(jobs)
    for key in jobs.keys():
        print(key)
""",
        """\
def run(jobs):
    jobs = dict(jobs)
    for key in jobs:
        print(key)
""",
    ),
    Mended(
        "PLR1714",
        """\
def run(job):
    return job == "a" or job == "b"
""",
        """\
def run(job):
    return job in ("a", "b")
""",
    ),
    Mended(
        "G004",
        """\
import logging


def run(job):
    logging.info(f"started {job}")
""",
        """\
import logging


def run(job):
    logging.info("started %s", job)
""",
    ),
    Mended(
        "SIM115",
        """\
def run(path):
    file = open(path, encoding="utf-8")
    text = file.read()
    file.close()
    return text
""",
        """\
def run(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return text
""",
    ),
    Mended(
        "B905",
        """\
def run(left, right):
    return list(zip(left, right))
""",
        """\
def run(left, right):
    return list(zip(left, right, strict=False))
""",
    ),
    Mended(
        "B028",
        """\
import warnings


def run():
    warnings.warn("old")
""",
        """\
import warnings


def run():
    warnings.warn("old", stacklevel=2)
""",
        needs_human=True,
    ),
    Mended(
        "DTZ005",
        """\
from datetime import datetime


def run():
    return datetime.now()
""",
        """\
from datetime import datetime, timezone


def run():
    return datetime.now(tz=timezone.utc)
""",
        needs_human=True,
    ),
    Mended(
        "B023",
        """\
def run(jobs):
    made = []
    for job in jobs:
        made.append(lambda: job)
    return made
""",
        """\
def run(jobs):
    made = []
    for job in jobs:
        made.append(lambda job=job: job)
    return made
""",
        needs_human=True,
    ),
    Mended(
        "RET503",
        """\
def run(job):
    if job:
        return 1
    job()
""",
        """\
def run(job):
    if job:
        return 1
    job()
    return None
""",
    ),
    Mended(
        "C405",
        """\
def run(jobs):
    return set([1, 2]), set([job for job in jobs])
""",
        """\
def run(jobs):
    return {1, 2}, set([job for job in jobs])
""",
    ),
    Mended(
        "C403",
        """\
def run(jobs):
    return set([1, 2]), set([job for job in jobs])
""",
        """\
def run(jobs):
    return set([1, 2]), {job for job in jobs}
""",
    ),
    Mended(
        "C408",
        """\
def run():
    return dict(), list(), dict(a=1)
""",
        """\
def run():
    return {}, [], {"a": 1}
""",
    ),
    Mended(
        "C419",
        """\
def run(jobs):
    return any([job.ready for job in jobs])
""",
        """\
def run(jobs):
    return any(job.ready for job in jobs)
""",
    ),
    Mended(
        "C416",
        """\
def run(jobs):
    return [job for job in jobs]
""",
        """\
def run(jobs):
    return list(jobs)
""",
    ),
    Mended(
        "B011",
        """\
def run():
    assert False, "never"
""",
        """\
def run():
    raise AssertionError("never")
""",
    ),
    Mended(
        "S101",
        """\
def run(job):
    assert job is not None, "no job"
    return job
""",
        """\
def run(job):
    if job is None:
        raise AssertionError("no job")
    return job
""",
        needs_human=True,
    ),
    Mended(
        "B015",
        """\
def run(job):
    job == 1
    return job
""",
        """\
def run(job):
    return job
""",
        needs_human=True,
    ),
    Mended(
        "T201",
        """\
def run(job):
    print("started", job)
""",
        """\
import logging

logger = logging.getLogger(__name__)


def run(job):
    logger.info("%s %s", "started", job)
""",
        needs_human=True,
    ),
    Mended(
        "N806",
        """\
def run(job):
    theValue = job + 1
    return theValue
""",
        """\
def run(job):
    the_value = job + 1
    return the_value
""",
    ),
    Mended(
        "N805",
        """\
class Job:
    def run(this):
        return this.value
""",
        """\
class Job:
    def run(self):
        return self.value
""",
    ),
    Mended(
        "ANN201",
        """\
def run(job):
    job()
""",
        """\
def run(job) -> None:
    job()
""",
    ),
    Mended(
        "RUF013",
        """\
def run(job: int = None):
    return job
""",
        """\
def run(job: int | None = None):
    return job
""",
    ),
    Mended(
        "D400",
        '''\
def run(job):
    """Run it"""
    return job
''',
        '''\
def run(job):
    """Run it."""
    return job
''',
    ),
    Mended(
        "D205",
        '''\
def run(job):
    """Run it.
    Then stop.
    """
    return job
''',
        '''\
def run(job):
    """Run it.

    Then stop.
    """
    return job
''',
    ),
    Mended(
        "SIM105",
        """\
def run(job):
    try:
        job()
    except (KeyError, ValueError):
        pass
""",
        """\
import contextlib


def run(job):
    with contextlib.suppress(KeyError, ValueError):
        job()
""",
    ),
    Mended(
        "SIM108",
        """\
def run(job):
    if job:
        value = 1
    else:
        value = job.other()
    return value
""",
        """\
def run(job):
    value = 1 if job else job.other()
    return value
""",
    ),
    Mended(
        "PTH110",
        """\
import os


def run(path):
    return os.path.exists(path), os.sep
""",
        """\
import os
from pathlib import Path


def run(path):
    return Path(path).exists(), os.sep
""",
        needs_human=True,
    ),
    Mended(
        "PTH123",
        """\
def run(path):
    with open(path, "rb") as file:
        return file.read()
""",
        """\
from pathlib import Path


def run(path):
    with Path(path).open("rb") as file:
        return file.read()
""",
        needs_human=True,
    ),
    Mended(
        "SIM910",
        """\
def run(jobs):
    jobs = dict(jobs)
    return jobs.get("a", None)
""",
        """\
def run(jobs):
    jobs = dict(jobs)
    return jobs.get("a")
""",
    ),
    Mended(
        "RUF003",
        """\
# the shop’s door
VALUE = 1
""",
        """\
# the shop's door
VALUE = 1
""",
    ),
    Mended(
        "D401",
        '''\
def run(job):
    """Returns the job."""
    return job
''',
        '''\
def run(job):
    """Return the job."""
    return job
''',
    ),
    Mended(
        "PLW0108",
        """\
def run(jobs):
    return sorted(jobs, key=lambda job: len(job))
""",
        """\
def run(jobs):
    return sorted(jobs, key=len)
""",
        needs_human=True,
    ),
)
