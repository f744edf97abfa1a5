"""What an operator reads is what the program does."""

import re
from pathlib import Path

from click.testing import CliRunner

from selfheal_app import app_manifest
from selfheal_app.cli import main
from selfheal_app.commands import HELP, Command
from selfheal_app.settings import AppSettings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
APP = README[README.index("## The GitHub App") :]


def test_the_readme_names_the_rights_that_are_asked_for_drift() -> None:
    """Each permission with its level, each event, and no other."""
    rows = re.findall(r"^\| ([A-Z][a-z ]+) \| (read|write) \|", APP, re.MULTILINE)
    events = APP[APP.index("the events") : APP.index("| permission |")]

    assert {name.lower().replace(" ", "_"): level for name, level in rows} == dict(app_manifest.PERMISSIONS)
    assert set(re.findall(r"`([a-z_]+)`", events)) == set(app_manifest.EVENTS)


def test_the_readme_and_the_answer_name_the_commands_drift() -> None:
    """All of them."""
    for text in (APP, HELP):
        assert set(re.findall(r"`/selfheal ([a-z]+)`", text)) == set(Command)


def test_the_help_names_every_setting_drift() -> None:
    """As a variable; files are told of together."""
    shown = CliRunner().invoke(main, ["--help"]).output
    names = {f"SELFHEAL_{name.upper()}" for name in AppSettings.model_fields}

    assert {name.removesuffix("_FILE") for name in names} == set(re.findall(r"SELFHEAL_[A-Z_]+", shown))
