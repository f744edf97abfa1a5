"""What pylint finds, and how it is mended: code, source before, source after, whether a human has to look."""

from fix.lint.linted import Mended

CASES = (
    Mended(
        "W0311",
        '''"""Jobs."""


def run(job):
  """Run it."""
  if job:
     return 1
  return 2
''',
        '''"""Jobs."""


def run(job):
    """Run it."""
    if job:
        return 1
    return 2
''',
    ),
    Mended(
        "W0611",
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
        "W0612",
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
        "W0612",
        """\
def run(pair):
    left, right = pair
    return left
""",
        """\
def run(pair):
    left, _right = pair
    return left
""",
    ),
    Mended(
        "W0613",
        """\
def _run(job, unused):
    return job
""",
        """\
def _run(job, _unused):
    return job
""",
    ),
    Mended(
        "E0102",
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
        "W0404",
        """\
import os
import sys
import os

print(os, sys)
""",
        """\
import os
import sys

print(os, sys)
""",
    ),
    Mended(
        "W0102",
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
        "W0707",
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
        "W0706",
        """\
def run(text):
    try:
        return int(text)
    except ValueError:
        raise
""",
        """\
def run(text):
    return int(text)
""",
    ),
    Mended(
        "C0121",
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
        "C0123",
        """\
def run(job):
    return type(job) == int
""",
        """\
def run(job):
    return isinstance(job, int)
""",
        needs_human=True,
    ),
    Mended(
        "E0602",
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
        "E0602",
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
        "C3001",
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
        "C0301",
        """\
VALUE = "a text that is so long that it does not fit into one line of one hundred characters, as can be seen"
""",
        """\
VALUE = (
    "a text that is so long that it does not fit into one line of one hundred characters, as can "
    "be seen"
)
""",
    ),
    Mended(
        "W1309",
        """\
def run():
    return f"none"
""",
        """\
def run():
    return "none"
""",
    ),
    Mended(
        "W0401",
        """\
from math import *

print(sqrt(2), pi)
""",
        """\
from math import pi, sqrt

print(sqrt(2), pi)
""",
    ),
    Mended(
        "R1705",
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
        "R1703",
        """\
def run(job):
    if job == 1:
        return True
    else:
        return False
""",
        """\
def run(job):
    return job == 1
""",
    ),
    Mended(
        "C1802",
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
        "C0200",
        """\
def run(jobs):
    for i in range(len(jobs)):
        print(i, jobs[i])
""",
        """\
def run(jobs):
    for i, job in enumerate(jobs):
        print(i, job)
""",
        needs_human=True,
    ),
    Mended(
        "C0206",
        """\
def run():
    jobs = {"a": 1}
    for key in jobs:
        print(key, jobs[key])
""",
        """\
def run():
    jobs = {"a": 1}
    for key, value in jobs.items():
        print(key, value)
""",
    ),
    Mended(
        "R1714",
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
        "C0209",
        """\
def run(job, name):
    return "%s of %s" % (job, name)
""",
        """\
def run(job, name):
    return f"{job} of {name}"
""",
    ),
    Mended(
        "W1203",
        """\
import logging


def run(job):
    logging.info(f"started {job!r} after {job.wait:.1f}s")
""",
        """\
import logging


def run(job):
    logging.info("started %r after %.1fs", job, job.wait)
""",
    ),
    Mended(
        "W1514",
        """\
def run(path):
    with open(path) as file:
        return file.read()
""",
        """\
def run(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
""",
        needs_human=True,
    ),
    Mended(
        "R1732",
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
        "W1510",
        """\
import subprocess


def run(command):
    subprocess.run(command)
""",
        """\
import subprocess


def run(command):
    subprocess.run(command, check=False)
""",
    ),
    Mended(
        "W0640",
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
        "R1710",
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
        "R1711",
        """\
def run(job):
    job()
    return
""",
        """\
def run(job):
    job()
""",
    ),
    Mended(
        "W0107",
        '''\
def run(job):
    """Run it."""
    pass
''',
        '''\
def run(job):
    """Run it."""
''',
    ),
    Mended(
        "R1735",
        """\
def run():
    return dict(a=1)
""",
        """\
def run():
    return {"a": 1}
""",
    ),
    Mended(
        "R1729",
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
        "R1721",
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
        "R1725",
        """\
class Job(dict):
    def __init__(self):
        super(Job, self).__init__()
""",
        """\
class Job(dict):
    def __init__(self):
        super().__init__()
""",
    ),
    Mended(
        "R0205",
        """\
class Job(object):
    value = 1
""",
        """\
class Job:
    value = 1
""",
    ),
    Mended(
        "C0325",
        """\
def run(job):
    if (job):
        return 1
    return 2
""",
        """\
def run(job):
    if job:
        return 1
    return 2
""",
    ),
    Mended(
        "W0104",
        """\
def run(job):
    job
    return job
""",
        """\
def run(job):
    return job
""",
        needs_human=True,
    ),
    Mended(
        "C0103",
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
        "W0622",
        """\
def run(job):
    id = job.key
    return id
""",
        """\
def run(job):
    id_ = job.key
    return id_
""",
    ),
    Mended(
        "W0621",
        """\
value = 1


def run(job):
    value = job + 1
    return value
""",
        """\
value = 1


def run(job):
    value_ = job + 1
    return value_
""",
    ),
    Mended(
        "E0213",
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
        "C0202",
        """\
class Job:
    @classmethod
    def make(self):
        return self()
""",
        """\
class Job:
    @classmethod
    def make(cls):
        return cls()
""",
    ),
    Mended(
        "E1101",
        """\
import json


def run(text):
    return json.laods(text)
""",
        """\
import json


def run(text):
    return json.loads(text)
""",
    ),
    Mended(
        "W0201",
        """\
class Job:
    def __init__(self):
        self.name = ""

    def run(self):
        self.result = 1
""",
        """\
class Job:
    def __init__(self):
        self.name = ""
        self.result = None

    def run(self):
        self.result = 1
""",
        needs_human=True,
    ),
    Mended(
        "C0410",
        """\
import os, sys

print(os, sys)
""",
        """\
import os
import sys

print(os, sys)
""",
    ),
    Mended(
        "C0414",
        """\
import os as os

print(os)
""",
        """\
import os

print(os)
""",
    ),
    Mended(
        "C0415",
        """\
def run():
    import json

    return json
""",
        """\
import json


def run():
    return json
""",
    ),
    Mended(
        "C0411",
        """\
import pytest
import os

print(pytest, os)
""",
        """\
import os

import pytest

print(pytest, os)
""",
    ),
    Mended(
        "C0413",
        """\
import os

VALUE = os.sep

import sys

print(sys)
""",
        """\
import os
import sys

VALUE = os.sep

print(sys)
""",
        needs_human=True,
    ),
    Mended(
        "W0127",
        """\
def run(job):
    job = job
    return job
""",
        """\
def run(job):
    return job
""",
    ),
    Mended(
        "W0602",
        """\
VALUE = 1


def run():
    global VALUE
    return VALUE
""",
        """\
VALUE = 1


def run():
    return VALUE
""",
    ),
    Mended(
        "R1719",
        """\
def run(job):
    return True if job else False
""",
        """\
def run(job):
    return bool(job)
""",
    ),
    Mended(
        "W0120",
        """\
def run(jobs):
    for job in jobs:
        job()
    else:
        print("done")
""",
        """\
def run(jobs):
    for job in jobs:
        job()
    print("done")
""",
    ),
    Mended(
        "W0199",
        """\
def run(job):
    assert (job, "no job")
""",
        """\
def run(job):
    assert job, "no job"
""",
        needs_human=True,
    ),
    Mended(
        "W1401",
        'VALUE = "\\d"\n',
        'VALUE = "\\\\d"\n',
    ),
    Mended(
        "C0321",
        """\
def run(job):
    if job: return 1
    return 2
""",
        """\
def run(job):
    if job:
        return 1
    return 2
""",
    ),
    Mended(
        "W0301",
        """\
VALUE = 1;
""",
        """\
VALUE = 1
""",
    ),
    Mended(
        "C0303",
        "VALUE = 1  \n",
        """\
VALUE = 1
""",
    ),
    Mended(
        "C0304",
        "VALUE = 1",
        """\
VALUE = 1
""",
    ),
    Mended(
        "C0305",
        """\
VALUE = 1


""",
        """\
VALUE = 1
""",
    ),
    Mended(
        "W0105",
        """\
VALUE = 1
run = VALUE
if run:
    "text"
    print(run)
""",
        """\
VALUE = 1
run = VALUE
if run:
    print(run)
""",
    ),
    Mended(
        "R1716",
        """\
def run(job, low, high):
    return low < job and job < high
""",
        """\
def run(job, low, high):
    return low < job < high
""",
    ),
    Mended(
        "R1720",
        """\
def run(job):
    if job:
        raise ValueError
    else:
        return 2
""",
        """\
def run(job):
    if job:
        raise ValueError
    return 2
""",
    ),
    Mended(
        "W0108",
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
