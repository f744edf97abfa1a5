import base64

import pytest

from selfheal.verify.environment import scrub

TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN",
        "GH_PAT",
        "NPM_AUTH",
        "npm_config__auth",
        "DB_PASSWORD",
        "PGPASSWORD",
        "MYSECRET",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_ANYTHING",
        "SENTRY_DSN",
        "PRIVATE_KEY",
        "OPENAI_API_KEY",
        "OPENAI_APIKEY",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_RUNTIME_URL",
        "INPUT_ANYTHING",
        "SELFHEAL_WEBHOOK_SECRET",
        "SSH_AUTH_SOCK",
        "GITHUB_ENV",
        "GITHUB_PATH",
        "GIT_CONFIG_VALUE_3",
        "DOCKER_HOST",
        "KUBECONFIG",
    ],
)
def test_a_variable_with_a_telling_name_is_dropped(name: str) -> None:
    """Secrets and handles on other services don't reach the command, whatever their value is."""
    scrubbed = scrub({name: "hunter2hunter2", "PATH": "/bin"})
    assert scrubbed.variables == {"PATH": "/bin"}
    assert scrubbed.dropped == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "HOME",
        "CI",
        "USER",
        "SHELL",
        "LANG",
        "TERM",
        "TZ",
        "TMPDIR",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PWD",
        "OLDPWD",
        "GITHUB_ACTIONS",
        "GITHUB_SHA",
        "GITHUB_REF",
        "GITHUB_REPOSITORY",
        "RUNNER_OS",
        "NODE_ENV",
        "CC",
        "CFLAGS",
        "PYTEST_ADDOPTS",
        "KEYBOARD",
        "MONKEY_PATCH",
        "COMPASS_DIR",
        "PATTERN",
        "AWS_REGION",
        "PYTHONHASHSEED",
        "UV_INDEX_STRATEGY",
        "TOKENIZERS_PARALLELISM",
        "AUTHOR",
    ],
)
def test_an_ordinary_variable_stays(name: str) -> None:
    """What a build needs stays: a name that only resembles a secret's is none."""
    assert scrub({name: "/some/value"}).variables == {name: "/some/value"}


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        f"https://x-access-token:{TOKEN}@github.com/o/r",
        f"--header=Authorization: Bearer {TOKEN}",
        base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
    ],
)
def test_a_secret_under_another_name_is_dropped_too(value: str) -> None:
    """The value of a dropped variable is found again in others: alone, in a URL, in options, encoded."""
    scrubbed = scrub({"GITHUB_TOKEN": TOKEN, "HARMLESS": value, "CI": "true"})
    assert scrubbed.variables == {"CI": "true"}


def test_a_password_in_a_url_is_a_secret() -> None:
    """An index URL with a password is dropped and its password is blacked out; one on loopback stays."""
    scrubbed = scrub(
        {
            "PIP_INDEX_URL": "https://user:s3cr3t-pw@pypi.example.org/simple",
            "DATABASE_URL": "postgresql://postgres:postgres@localhost:5432/test",
            "COPY": "s3cr3t-pw",
        }
    )
    assert list(scrubbed.variables) == ["DATABASE_URL"]
    assert "s3cr3t-pw" in scrubbed.secret_values


def test_words_and_numbers_are_no_secret_values() -> None:
    """`true` or `1` in a dropped variable must not drop half the environment or black out half the log."""
    scrubbed = scrub({"USE_TOKEN": "true", "API_KEY": "1234", "PASSWORD": "ab", "CI": "true", "N": "1234", "AB": "ab"})
    assert scrubbed.variables == {"CI": "true", "N": "1234", "AB": "ab"}
    assert scrubbed.secret_values == ()


def test_the_owner_may_keep_a_variable() -> None:
    """A kept variable reaches the command, is still blacked out, and does not drag others along."""
    scrubbed = scrub({"TEST_TOKEN": TOKEN, "SAME": TOKEN}, keep=("TEST_TOKEN",))
    assert scrubbed.variables == {"TEST_TOKEN": TOKEN, "SAME": TOKEN}
    assert scrubbed.secret_values == (TOKEN,)


def test_secrets_that_are_known_otherwise_are_found_by_value() -> None:
    """A secret that is handed in, such as the model's own key, is dropped wherever it stands."""
    scrubbed = scrub({"SOMETHING": f"x{TOKEN}y"}, extra_secrets=(TOKEN,))
    assert scrubbed.variables == {}
    assert scrubbed.secret_values == (TOKEN,)


def test_longer_secrets_come_first() -> None:
    """Blacking out in order leaves no rest of a longer secret that holds a shorter one."""
    scrubbed = scrub({"A_TOKEN": "abcdefgh", "B_TOKEN": "abcdefghijkl"})
    assert scrubbed.secret_values == ("abcdefghijkl", "abcdefgh")


def test_path_stays_even_where_it_holds_a_secret() -> None:
    """Without PATH or HOME nothing would run; their values are never a reason to drop them."""
    scrubbed = scrub({"MY_SECRET": "longsecret", "PATH": "/opt/longsecret/bin", "HOME": "/home/longsecret"})
    assert set(scrubbed.variables) == {"PATH", "HOME"}
