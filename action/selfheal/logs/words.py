"""The words of failing, in the order of what they tell."""

import re

ALARM = re.compile(
    r"error|exception|fail(?:ed|ure|s)?\b|fatal|panic|abort|cannot|can't|could not|unable|undefined|unexpected"
    r"|invalid|illegal|missing|not found|no such|denied|refused|mismatch|violation|traceback|segfault|crash",
    re.IGNORECASE,
)
"""A line with one of these is never set aside for being *like* a harmless one."""

STRONG = re.compile(
    r"\b(?:fatal|panic(?:ked)?|traceback|segmentation fault|core dumped|uncaught|unhandled|assertion(?:error)?)\b"
    r"|\b[A-Z]\w{2,60}(?:Error|Exception)\b|^\s{0,8}(?:error|e|fail(?:ed|ure)?)\b ?[:!\[(]"
    r"|\berror(?:\[\w{1,12}\])?:"
    r"|(?-i:\bFAIL(?:ED|URE)?\b|\bERROR\b)|✗|✘|✖|❌",
    re.IGNORECASE,
)
HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|failures?|failed|problems|issues)\b|errors?[:=] ?0\b|failures?[:=] ?0\b|fail(?:ed)? 0\b"
    r"|\bwarn(?:ing)?\b|deprecat|if-no-files-found|continue-on-error|fail-fast|on-?failure|error_?handler|--fail",
    re.IGNORECASE,
)
ECHO = re.compile(
    r"exit(?:ed with)? (?:code|status)|returned (?:a )?non-zero|Command failed|command exited|\*\*\* \[|"
    r"A complete log of this run|see (?:the )?(?:above|log|output)|Process completed|ELIFECYCLE|Build failed\b|"
    r"\b\d+ (?:errors?|failures?|problems?)\b",
    re.IGNORECASE,
)
PASSED = re.compile(r"\.\.\. ok$|\bPASSED\b|^\s{0,20}(?:✓|✔|√|ok \d{1,7}\b|--- PASS|\[ {6,8}OK \])")
"""A test that passed, whatever its name sounds like."""
PLACE = re.compile(
    r"(?<![\w./\\@+-])((?:[A-Za-z]:)?[\w./\\@+-]{1,300}\.[A-Za-z][\w+]{0,9})"
    r"(?::(\d{1,7})(?::(\d{1,6}))?|[(\[](\d{1,7})(?:,(\d{1,6}))?[)\]]|[\"',]{0,2} ?(?:on )?line (\d{1,7}))"
)
"""A file with a line: `a/b.c:3:7`, `a.cs(3,7)`, `"a.py", line 3`."""
