"""The environment: what is missing or rubbish is one sentence that names it, what is empty is not set, and nothing is
guessed."""

import os
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment, logs

ENOUGH = {
    "SECRET_KEY": "a-long-secret-key-for-a-test-0123456789",
    "SALT_KEY": "salt",
    "PUBLIC_URL": "https://connector.example",
    "EMAIL_URL": "smtp://mail.example",
}
LOCAL = {"ALLOW_INSECURE_UPSTREAMS": "true", "PUBLIC_URL": "http://127.0.0.1:8000"}
Load = Callable[..., dict[str, Any]]

# What each variable does not take. Parts of it must not be in the sentence.
RUBBISH: dict[str, list[str]] = {
    "SALT_KEY": [" , ,"],
    "DEBUG": ["maybe", "2", "tru e"],
    "PUBLIC_URL": ["connector.example", "ftp://hunter2", "https://", "https://a b", "https://a:99999", "https://u:p@h"],
    "ALLOWED_HOSTS": ["https://hunter2", "a b", "a,b/c", "a;b"],
    "TRUSTED_PROXIES": ["-1", "two", "10", "1.5"],
    "SESSION_IDLE_HOURS": ["0", "-1", "never", "inf", "1000"],
    "DATABASE_URL": [
        "hunter2",
        "mysql://u:hunter2@h/n",
        "postgres://u:hunter2@h",
        "postgres://u:hunter2/x@h/n",
        "postgres://u:hunter2@h:port/n",
        "postgres://u:hunter2@h:99999/n",
        "sqlite://u:hunter2@h/n",
        "sqlite:hunter2",
    ],
    "REDIS_URL": ["hunter2", "http://u:hunter2@h", "redis://", "redis://u:hunter2@h:port/0", "redis://:hunter2/x@h"],
    "QUEUE_BROKER": ["rabbit"],
    "EMAIL_URL": ["hunter2", "smtp://", "smtp://u:hunter2@h:port", "imap://u:hunter2@h", "smtp://u:hunter2/x@h"],
    "DEFAULT_FROM_EMAIL": ["hunter2", "a@b.example\nBcc: c@d.example", "<>"],
    "SIGNUPS": ["closed"],
    "REQUIRE_SECOND_FACTOR": ["hunter2"],
    "BIGCOMMERCE_API_URL": ["hunter2", "http://127.0.0.1:1", "https://"],
    "EXACT_ONLINE_URL": ["hunter2", "http://127.0.0.1:1", "https://h?x"],
    "EXACT_APPS": ["hunter2", "xx=a:hunter2", "nl=hunter2"],
    "ALLOW_INSECURE_UPSTREAMS": ["maybe"],
    "CONNECTOR_SETTLE_SECONDS": ["soon", "-1", "nan", "inf", "1e9", "1,5"],
    "CONNECTOR_POLL_MINUTES": ["soon", "0", "nan", "1e9"],
    "CONNECTOR_SWEEP_SECONDS": ["soon", "0", "-5", "nan", "inf"],
    "CONNECTOR_FAULT_POINT": ["claimed:kill"],
    "LOG_FORMAT": ["xml"],
    "WORKERS": ["many", "0", "65", "1.5"],
    "WORKER_LANES": ["many", "0", "65"],
}
ANY_TEXT = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "METRICS_TOKEN"}


def loader(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return a function that reads the settings with these variables and no other of ours."""
    monkeypatch.setattr(logs, "configure_logs", lambda *_given, **_options: None)
    monkeypatch.setattr(environment, "read_file", lambda _file: None)

    def read(**variables: str) -> dict[str, Any]:
        for name in RUBBISH.keys() | ANY_TEXT:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(settings.BASE_DIR) / "config" / "settings.py"))

    return read


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    return loader(monkeypatch)


def test_every_variable_of_the_documentation_is_tried_with_rubbish() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "environment.md").read_text()
    documented = set(re.findall(r"^- `([A-Z_]+)`", page, re.MULTILINE))
    assert documented == RUBBISH.keys() | ANY_TEXT


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RUBBISH.items() for value in values])
def test_rubbish_is_a_sentence_that_names_the_variable_and_quotes_nothing(load: Load, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load(**{**ENOUGH, name: value})
    sentence = str(caught.value)
    assert name in sentence
    assert "hunter2" not in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".") or sentence.endswith(").")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", ["SECRET_KEY", "SALT_KEY", "EMAIL_URL"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_a_missing_secret_or_mail_server_is_an_error_that_names_it(load: Load, name: str, value: str | None) -> None:
    variables = {key: text for key, text in ENOUGH.items() if key != name}
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set"):
        load(**variables if value is None else {**variables, name: value})


@pytest.mark.parametrize(
    "wrong",
    [{"PUBLIC_URL": "http://connector.example"}, {"QUEUE_BROKER": "redis"}, {"CONNECTOR_FAULT_POINT": "claimed:kill"}],
)
def test_what_is_not_safe_alone_is_refused(load: Load, wrong: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
        load(**{**ENOUGH, **wrong})


@pytest.mark.parametrize("allowed", [{"DEBUG": "true"}, LOCAL])
def test_a_fault_point_is_taken_where_the_product_is_tried_out(load: Load, allowed: dict[str, str]) -> None:
    values = load(**{**ENOUGH, **allowed, "CONNECTOR_FAULT_POINT": "claimed:kill"})
    assert values["CONNECTOR_FAULT_POINT"] == "claimed:kill"


def test_an_empty_variable_is_as_good_as_none(load: Load) -> None:
    empty = dict.fromkeys((RUBBISH.keys() | ANY_TEXT) - ENOUGH.keys(), " ")
    without, with_empty = load(**ENOUGH), load(**ENOUGH, **empty)
    for name in ("DATABASE", "CACHES", "QUEUE_BROKER", "ALLOWED_HOSTS", "CONNECTOR_SETTLE_SECONDS", "DEBUG", "SIGNUPS"):
        assert with_empty[name] == without[name]
    assert "connector.example" in with_empty["ALLOWED_HOSTS"]


def test_several_salt_keys_are_a_comma_list(load: Load) -> None:
    assert load(**{**ENOUGH, "SALT_KEY": "new, old ,"})["SALT_KEY"] == ["new", "old"]


def test_a_key_may_begin_with_a_dollar_sign(load: Load) -> None:
    assert load(**{**ENOUGH, "SECRET_KEY": "$ab#c-0123456789"})["SECRET_KEY"] == "$ab#c-0123456789"


def test_https_brings_redirect_hsts_and_secure_cookies_and_http_none_of_them(load: Load) -> None:
    names = ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    secure, plain = load(**ENOUGH), load(**{**ENOUGH, **LOCAL})
    assert all(secure[name] for name in names)
    assert not any(plain[name] for name in names)


def test_console_mail_leaves_standard_output_alone(load: Load) -> None:
    assert load(**{**ENOUGH, "EMAIL_URL": "consolemail://"})["EMAIL_BACKEND"] == "config.mail.StandardErrorBackend"


def test_a_server_that_does_not_answer_is_not_waited_for_long(load: Load) -> None:
    assert load(**ENOUGH, DATABASE_URL="postgres://h/n")["DATABASE"]["OPTIONS"]["connect_timeout"] == 10
    own = load(**ENOUGH, DATABASE_URL="postgres://h/n?connect_timeout=3&sslmode=require")["DATABASE"]["OPTIONS"]
    assert own == {"connect_timeout": 3, "sslmode": "require"}


def test_a_worker_has_a_process_for_each_core_and_two_at_least(load: Load) -> None:
    assert load(**ENOUGH)["Q_CLUSTER"]["workers"] == max(os.cpu_count() or 1, 2)
    assert load(**ENOUGH, WORKERS="5")["Q_CLUSTER"]["workers"] == 5
