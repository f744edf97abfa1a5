"""Settings come from the environment; secrets from it or from files."""

from pathlib import Path

import pytest

from selfheal_app.errors import SettingsError
from selfheal_app.settings import GITHUB_API, load


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GITHUB_APP_ID",
        "GITHUB_PRIVATE_KEY",
        "WEBHOOK_SECRET",
        "GITHUB_API_URL",
        "DATABASE_URL",
        "STATE_DIR",
    ):
        monkeypatch.delenv(f"SELFHEAL_{name}", raising=False)
        monkeypatch.delenv(f"SELFHEAL_{name}_FILE", raising=False)


def test_nothing_set_is_the_defaults() -> None:
    """No secret is made up."""
    settings = load()

    assert settings.github_api_url == GITHUB_API
    assert settings.webhook_secrets() == ()
    assert settings.private_key() == ""


def test_several_lines_are_several_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank lines and line endings are none."""
    file = tmp_path / "secrets"
    file.write_bytes(b"first\r\n\n second \n")
    monkeypatch.setenv("SELFHEAL_WEBHOOK_SECRET_FILE", str(file))

    assert load().webhook_secrets() == (b"first", b"second")


def test_a_key_on_one_line_gets_its_line_breaks_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """As secret stores write it."""
    monkeypatch.setenv("SELFHEAL_GITHUB_PRIVATE_KEY", r"-----BEGIN\nabc\n-----END")

    assert load().private_key() == "-----BEGIN\nabc\n-----END"


def test_a_value_and_a_file_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them counts would be a guess."""
    monkeypatch.setenv("SELFHEAL_WEBHOOK_SECRET", "a")
    monkeypatch.setenv("SELFHEAL_WEBHOOK_SECRET_FILE", str(tmp_path / "b"))

    with pytest.raises(SettingsError, match="both set"):
        load().webhook_secrets()


@pytest.mark.parametrize(
    ("name", "value"),
    [("SELFHEAL_GITHUB_APP_ID", "hunter2"), ("SELFHEAL_GITHUB_APP_ID", "-1"), ("SELFHEAL_GITHUB_API_URL", "hunter2")],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """It may be a secret in the wrong place."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as caught:
        load()
    assert "hunter2" not in str(caught.value)


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to check."""
    monkeypatch.setenv("SELFHEAL_WEBHOOK_SECRET_FILE", str(tmp_path / "missing"))

    with pytest.raises(SettingsError, match="SELFHEAL_WEBHOOK_SECRET_FILE"):
        load().webhook_secrets()


def test_the_database_lies_in_the_state_folder_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the durable work in a file beside it, so that neither waits for the other."""
    monkeypatch.setenv("SELFHEAL_STATE_DIR", str(tmp_path))
    assert load().store_url() == f"sqlite:///{tmp_path}/selfheal.sqlite3"
    assert load().work_url() == f"sqlite:///{tmp_path}/selfheal.sqlite3-work"

    monkeypatch.setenv("SELFHEAL_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    assert load().store_url() == f"sqlite:///{tmp_path}/other.db"


def test_postgresql_holds_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under either of its names; another kind is refused without a word of the password."""
    monkeypatch.setenv("SELFHEAL_DATABASE_URL", "postgres://me:hunter2@host/db")
    assert load().store_url() == load().work_url() == "postgresql://me:hunter2@host/db"

    monkeypatch.setenv("SELFHEAL_DATABASE_URL", "mysql://me:hunter2@host/db")
    with pytest.raises(SettingsError, match="mysql") as caught:
        load().store_url()
    assert "hunter2" not in str(caught.value)


def test_people_see_github_where_its_interface_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """An enterprise server's interface lies below it."""
    assert load().server_url() == "https://github.com"

    monkeypatch.setenv("SELFHEAL_GITHUB_API_URL", "https://git.example/api/v3")
    assert load().server_url() == "https://git.example"
