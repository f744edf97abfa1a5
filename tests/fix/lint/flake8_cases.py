"""What flake8 finds, and how it is mended: code, source before, source after, whether a human has to look."""

from fix.lint.linted import Mended

CASES = (
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
        "W291",
        "def run(job):   \n    return job\n",
        """\
def run(job):
    return job
""",
    ),
    Mended(
        "W293",
        "def run(job):\n    job()\n    \n    return job\n",
        """\
def run(job):
    job()

    return job
""",
    ),
    Mended(
        "W391",
        """\
def run(job):
    return job


""",
        """\
def run(job):
    return job
""",
    ),
    Mended(
        "W292",
        "def run(job):\n    return job",
        """\
def run(job):
    return job
""",
    ),
    Mended(
        "E302",
        """\
import os
def run(job):
    return os, job
""",
        """\
import os


def run(job):
    return os, job
""",
    ),
    Mended(
        "E305",
        """\
def run(job):
    return job
run(1)
""",
        """\
def run(job):
    return job


run(1)
""",
    ),
    Mended(
        "E303",
        """\
import os




def run(job):
    return os, job
""",
        """\
import os


def run(job):
    return os, job
""",
    ),
    Mended(
        "E225",
        """\
def run(job):
    value=job + 1
    return value
""",
        """\
def run(job):
    value = job + 1
    return value
""",
    ),
    Mended(
        "E231",
        """\
def run(job):
    return [job,1]
""",
        """\
def run(job):
    return [job, 1]
""",
    ),
    Mended(
        "E251",
        """\
def run(job):
    return job(key = 1)
""",
        """\
def run(job):
    return job(key=1)
""",
    ),
    Mended(
        "E265",
        """\
#comment
VALUE = 1
""",
        """\
# comment
VALUE = 1
""",
    ),
    Mended(
        "E261",
        """\
VALUE = 1 # comment
""",
        """\
VALUE = 1  # comment
""",
    ),
    Mended(
        "E201",
        """\
VALUE = ( 1, 2)
""",
        """\
VALUE = (1, 2)
""",
    ),
    Mended(
        "E703",
        """\
VALUE = 1;
""",
        """\
VALUE = 1
""",
    ),
    Mended(
        "W605",
        'import re\n\nPATTERN = re.compile("\\d+")\n',
        'import re\n\nPATTERN = re.compile("\\\\d+")\n',
    ),
    Mended(
        "W191",
        "def run(job):\n\tif job:\n\t\treturn 1\n\treturn 2\n",
        """\
def run(job):
    if job:
        return 1
    return 2
""",
    ),
    Mended(
        "F541",
        """\
def run(job):
    return f"none"
""",
        """\
def run(job):
    return "none"
""",
    ),
    Mended(
        "F403",
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
        "E115",
        """\
def run(job):
# first
    return job
""",
        """\
def run(job):
    # first
    return job
""",
    ),
    Mended(
        "E116",
        """\
def run(job):
    x = job
        # then
    return x
""",
        """\
def run(job):
    x = job
    # then
    return x
""",
    ),
    Mended(
        "E111",
        """\
def run(job):
  if job:
    # one
    return [job,
            1]
  return 2
""",
        """\
def run(job):
    if job:
        # one
        return [job,
                1]
    return 2
""",
    ),
    Mended(
        "E128",
        """\
def run(job):
    return job(1,
        2)
""",
        """\
def run(job):
    return job(1,
               2)
""",
    ),
    Mended(
        "E122",
        """\
def run(job):
    return job(
    1,
    )
""",
        """\
def run(job):
    return job(
        1,
    )
""",
    ),
    Mended(
        "E127",
        """\
def run(job):
    return job(1,
                 2)
""",
        """\
def run(job):
    return job(1,
               2)
""",
    ),
    Mended(
        "E129",
        """\
def run(job, ready):
    if (job and
        ready):
        return 1
    return 2
""",
        """\
def run(job, ready):
    if (job and
            ready):
        return 1
    return 2
""",
    ),
)
