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
    told = "s.DATABASE['ENGINE'], s.QUEUE_BROKER, s.ALLOWED_HOSTS, s.CONNECTOR_SETTLE_SECONDS, s.DEBUG"
    assert shown(empty, told) == shown({}, told)
    assert "connector.example" in shown(empty, "s.ALLOWED_HOSTS")


def test_several_salt_keys_are_a_comma_list() -> None:
    assert shown({"SALT_KEY": "new, old ,"}, "s.SALT_KEY") == "['new', 'old']"


def test_a_key_may_begin_with_a_dollar_sign() -> None:
    assert shown({"SECRET_KEY": "$ab#c-0123456789"}, "s.SECRET_KEY") == "$ab#c-0123456789"


def test_https_brings_redirect_hsts_and_secure_cookies_and_http_none_of_them() -> None:
    told = "bool(s.SECURE_SSL_REDIRECT), s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE"
    assert shown({}, told) == "True True True True"
    plain = {"PUBLIC_URL": "http://127.0.0.1:8000", "ALLOW_INSECURE_UPSTREAMS": "true"}
    assert shown(plain, told) == "False False False False"


def test_console_mail_leaves_standard_output_alone() -> None:
    code = "s.EMAIL_BACKEND"
    assert shown({"EMAIL_URL": "consolemail://"}, code) == "config.mail.StandardErrorBackend"


def test_the_database_url_is_taken() -> None:
    assert shown({"DATABASE_URL": "postgres://a:b@127.0.0.1:5432/c"}, "s.DATABASE['NAME']") == "c"


def test_a_fresh_env_is_private_and_names_what_is_to_be_filled_in(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    fresh_env.main(file)
    text = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    for name in ("\nSECRET_KEY=", "\nSALT_KEY=", "\nPUBLIC_URL=", "\nEMAIL_URL=", "\n# DATABASE_URL=postgres://"):
        assert name in text
    with pytest.raises(FileExistsError):
        fresh_env.main(file)
