"""The start of a process: what it cannot run with is one sentence, exit code 1 and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import LazySettings, settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands
from django.db import OperationalError, connection

from config import startup

ENOUGH = {"SECRET_KEY": "a-long-secret-key-for-a-test", "SALT_KEY": "salt", "EMAIL_URL": "smtp://mail.example"}
NOBODY = "postgres://connector:hunter2@127.0.0.1:1/connector"
GUNICORN = ["-m", "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:0", "--log-level", "warning"]


def start(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a process of the portal with these variables and no other of ours; it must end by itself."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=Path(settings.BASE_DIR),
        env={**kept, **ENOUGH, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [["manage.py", "migrate"], GUNICORN], ids=["migrate", "web"])
def test_a_wrong_database_ends_a_process(arguments: list[str]) -> None:
    result = start(arguments, DATABASE_URL=NOBODY)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "The database of DATABASE_URL cannot be used: no server answers there.\n"


def test_a_worker_ends_where_migrate_was_not_run(tmp_path: Path) -> None:
    result = start(["manage.py", "worker"], DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert result.returncode == 1
    (sentence,) = result.stderr.splitlines()
    assert "`manage.py migrate`" in sentence


def test_rubbish_in_a_variable_ends_a_command() -> None:
    result = start(["manage.py", "ledger", "--tenant", "acme"], CONNECTOR_SWEEP_SECONDS="hunter2")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "CONNECTOR_SWEEP_SECONDS must be a number from 0.1 to 3600.\n"


@pytest.mark.parametrize(
    "name",
    sorted(name for name, app in get_commands().items() if app == "connector" and name not in {"sandbox", "demo"}),
)
def test_every_command_looks_at_the_database_first(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(startup, "_sentence_of_database", lambda: "DATABASE_URL is wrong.")
    monkeypatch.setattr(startup, "execute_from_command_line", lambda _arguments: pytest.fail("It began."))
    with pytest.raises(SystemExit) as ended:
        startup.run_command(["manage.py", name])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "DATABASE_URL is wrong.\n"


@pytest.mark.parametrize("arguments", [["drain", "--help"], ["worker", "--cluster"], ["sandbox"], ["check"], []])
def test_what_needs_no_database_does_not_look_at_it(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(startup, "_sentence_of_database", lambda: "DATABASE_URL is wrong.")
    monkeypatch.setattr(startup, "execute_from_command_line", begun.append)
    startup.run_command(["manage.py", *arguments])
    assert begun == [["manage.py", *arguments]]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('FATAL: password authentication failed for user "hunter2"', "the server does not let its user in"),
        ('FATAL: database "hunter2" does not exist', "the server has no such database or user"),
        ("failed to resolve host 'hunter2': Name or service not known", "nobody knows its host"),
        ("connection timeout expired", "no server answers there"),
        ("permission denied for table hunter2", "its user may not use the tables"),
        ('connection failed: FATAAL:  wachtwoord voor "hunter2"', startup.REFUSED),
        ("unable to open database file", "this user may not write the file or its folder"),
        ("hunter2", "it does not answer"),
    ],
)
def test_what_the_driver_says_is_a_sentence_of_ours(
    said: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_connection: object) -> None:
        raise OperationalError(said)

    monkeypatch.setattr(startup, "MigrationExecutor", refuse)
    with pytest.raises(SystemExit), startup.one_sentence():
        raise OperationalError(said)
    assert capsys.readouterr().err == f"The database of DATABASE_URL cannot be used: {sentence}.\n"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("28P01", "the server does not let its user in"),
        ("3D000", "the server has no such database or user"),
        ("42501", "its user may not use the tables"),
        ("57P01", "no server answers there"),
    ],
)
def test_a_server_that_speaks_another_language_is_understood_by_its_codes(
    state: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_connection: object) -> None:
        raise OperationalError("geen toegang") from psycopg.errors.lookup(state)("geen toegang")

    monkeypatch.setattr(startup, "MigrationExecutor", refuse)
    with pytest.raises(SystemExit), startup.one_sentence():
        raise OperationalError
    assert capsys.readouterr().err == f"The database of DATABASE_URL cannot be used: {sentence}.\n"


@pytest.mark.django_db
def test_a_fault_that_is_not_the_databases_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "_sentence_of_database", lambda: "")
    monkeypatch.setattr(connection, "close", lambda: None)
    with pytest.raises(OperationalError), startup.one_sentence():
        raise OperationalError("a deadlock")


def test_a_redis_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    monkeypatch.setattr(startup, "_sentence_of_database", lambda: "")
    with pytest.raises(ImproperlyConfigured, match=r"^The Redis server of REDIS_URL cannot be used: no server answers"):
        startup.require_services()


def test_a_redis_that_goes_away_ends_a_command_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), startup.one_sentence():
        raise redis.AuthenticationError("invalid password hunter2")
    assert capsys.readouterr().err == "The Redis server of REDIS_URL cannot be used: the server does not let us in.\n"
