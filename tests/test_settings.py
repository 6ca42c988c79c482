"""The environment: what is missing is an error that names it, what is empty is not set, and nothing is guessed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import fresh_env

ENOUGH = {
    "SECRET_KEY": "a-long-secret-key-for-a-test-0123456789",
    "SALT_KEY": "salt",
    "PUBLIC_URL": "https://connector.example",
    "EMAIL_URL": "smtp://mail.example",
}


def load(variables: dict[str, str], expression: str = "None") -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with these variables and no other of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    code = f"from config import settings as s; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(settings.BASE_DIR),
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def shown(variables: dict[str, str], expression: str) -> str:
    result = load({**ENOUGH, **variables}, expression)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize("name", ["SECRET_KEY", "SALT_KEY", "EMAIL_URL"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_a_missing_secret_or_mail_server_is_an_error_that_names_it(name: str, value: str | None) -> None:
    variables = {key: text for key, text in ENOUGH.items() if key != name}
    result = load(variables if value is None else {**variables, name: value})
    assert result.returncode != 0
    assert name in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"PUBLIC_URL": "http://connector.example"},
        {"PUBLIC_URL": "connector.example"},
        {"BIGCOMMERCE_API_URL": "http://127.0.0.1:1"},
        {"EXACT_ONLINE_URL": "http://127.0.0.1:1"},
        {"QUEUE_BROKER": "rabbit"},
        {"QUEUE_BROKER": "redis"},
        {"SIGNUPS": "closed"},
        {"REQUIRE_SECOND_FACTOR": "yes"},
    ],
)
def test_what_is_not_safe_or_not_known_is_refused(wrong: dict[str, str]) -> None:
    result = load({**ENOUGH, **wrong})
    assert result.returncode != 0
    assert next(iter(wrong)) in result.stderr


def test_an_empty_variable_is_as_good_as_none() -> None:
    names = ["DATABASE_URL", "REDIS_URL", "QUEUE_BROKER", "ALLOWED_HOSTS", "BIGCOMMERCE_API_URL", "EXACT_ONLINE_URL"]
    names += ["CONNECTOR_SETTLE_SECONDS", "CONNECTOR_SWEEP_SECONDS", "DEBUG", "LOG_FORMAT", "SECRET_KEY_FALLBACKS"]
    empty = dict.fromkeys(names, "")
    values = "s.DATABASE['ENGINE'], s.QUEUE_BROKER, s.ALLOWED_HOSTS, s.CONNECTOR_SETTLE_SECONDS, s.DEBUG"
    assert shown(empty, values) == shown({}, values)
    assert "connector.example" in shown(empty, "s.ALLOWED_HOSTS")


def test_several_salt_keys_are_a_comma_list() -> None:
    assert shown({"SALT_KEY": "new, old ,"}, "s.SALT_KEY") == "['new', 'old']"


def test_a_key_may_begin_with_a_dollar_sign() -> None:
    assert shown({"SECRET_KEY": "$ab#c-0123456789"}, "s.SECRET_KEY") == "$ab#c-0123456789"


def test_https_brings_redirect_hsts_and_secure_cookies_and_http_none_of_them() -> None:
    values = "bool(s.SECURE_SSL_REDIRECT), s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE"
    assert shown({}, values) == "True True True True"
    plain = {"PUBLIC_URL": "http://127.0.0.1:8000", "ALLOW_INSECURE_UPSTREAMS": "true"}
    assert shown(plain, values) == "False False False False"


def test_console_mail_leaves_standard_output_alone() -> None:
    code = "s.EMAIL_BACKEND"
    assert shown({"EMAIL_URL": "consolemail://"}, code) == "config.mail.StandardErrorBackend"


def test_the_database_url_is_taken() -> None:
    assert shown({"DATABASE_URL": "postgres://a:b@127.0.0.1:5432/c"}, "s.DATABASE['NAME']") == "c"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A `.env` as `make env` writes it."""
    file = tmp_path / ".env"
    fresh_env.main(file, 8123)
    return file


def variables_of(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_a_fresh_env_is_private_and_is_never_replaced(fresh: Path) -> None:
    assert fresh.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        fresh_env.main(fresh)


def test_a_fresh_env_is_for_a_first_look_on_this_machine(fresh: Path) -> None:
    values = "s.PUBLIC_URL, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.EMAIL_BACKEND, s.EXACT_ONLINE_URL"
    result = load(variables_of(fresh), values)
    assert result.stdout.split() == [
        "http://127.0.0.1:8123",
        "False",
        "False",
        "config.mail.StandardErrorBackend",
    ], result.stderr


def test_a_fresh_env_takes_the_sandbox_when_its_two_lines_are_no_comment(fresh: Path) -> None:
    text = fresh.read_text()
    for name in ("BIGCOMMERCE_API_URL", "EXACT_ONLINE_URL"):
        assert f"\n# {name}=http://127.0.0.1:" in text
        text = text.replace(f"# {name}=", f"{name}=")
    fresh.write_text(text)
    assert load(variables_of(fresh), "s.BIGCOMMERCE_API_URL").stdout.strip() == "http://127.0.0.1:8081"


def test_a_fresh_env_notes_each_line_that_a_public_installation_changes(fresh: Path) -> None:
    lines = fresh.read_text().splitlines()
    for name in ("PUBLIC_URL", "ALLOW_INSECURE_UPSTREAMS", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "# DATABASE_URL"):
        (place,) = [number for number, line in enumerate(lines) if line.startswith(f"{name}=")]
        assert "PUBLIC INSTALLATION" in lines[place - 1]


def test_what_a_public_installation_changes_makes_it_secure(fresh: Path) -> None:
    changed = {**variables_of(fresh), "PUBLIC_URL": "https://connector.example", "EMAIL_URL": "smtp://mail.example"}
    del changed["ALLOW_INSECURE_UPSTREAMS"]
    values = "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_SECURE"
    assert load(changed, values).stdout.split() == ["True", "True", "True"]
