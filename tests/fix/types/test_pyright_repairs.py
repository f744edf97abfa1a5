"""The same rules answer pyright."""

import json
from pathlib import Path

import pytest

from fix.types.checked import Checked, recording_tool
from fix.types.mypy_cases import CASES

PYRIGHT = recording_tool("pyright")
RULES = {"typeCheckingMode": "standard", "reportMissingTypeArgument": True, "reportMissingParameterType": True}
NAMES = (
    *("await-attr", "union-attr-chain", "implicit-optional", "kw-misspelt", "typing-import", "return-container"),
    *(
        "unpacked-none",
        "assign-num",
        "default-truth",
        "default-number",
        "default-unreadable",
        "module-attribute",
        "guard-as-elsewhere",
        "call-without-name",
        "argument-kind-of-text",
        "argument-idle-of-the-outer",
        "keyword-of-overloads",
        "argument-kind-of-the-file",
        "decorator-without-function",
    ),
)


@pytest.mark.skipif(PYRIGHT is None, reason="pyright is not installed: tests/recordings/install/python.sh")
@pytest.mark.parametrize("name", NAMES)
async def test_a_finding_of_pyright_is_mended_like_mypys(name: str, tmp_path: Path):
    """The messages differ, the repair does not."""
    files = {"a.py": CASES[name].text, "pyrightconfig.json": json.dumps(RULES)}
    project = Checked(tmp_path, files, f"{PYRIGHT} a.py")
    assert await project.heal(), project.reasons
    assert project.text("a.py") == CASES[name].mended


@pytest.mark.skipif(PYRIGHT is None, reason="pyright is not installed: tests/recordings/install/python.sh")
async def test_a_default_that_gives_a_parameter_the_wrong_type_is_rewritten(tmp_path: Path):
    """Without an annotation the default is all that pyright goes by."""
    text = "def sign(x, how=b'+'):\n    return how + x\n\n\ndef use(x: str) -> str:\n    return sign(x, how=x)\n"
    files = {"a.py": text, "pyrightconfig.json": json.dumps({"typeCheckingMode": "standard"})}
    project = Checked(tmp_path, files, f"{PYRIGHT} a.py")
    assert await project.heal(), project.reasons
    assert project.text("a.py") == text.replace("b'+'", "'+'")
