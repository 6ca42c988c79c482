"""How variables of the environment are read. tests/test_settings.py tries each with rubbish."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.environment import Environment


@pytest.mark.parametrize(("word", "meant"), [("TRUE", True), ("on", True), ("1", True), ("No", False), ("0", False)])
def test_a_flag_is_a_word_for_yes_or_no(word: str, meant: bool) -> None:
    assert Environment({"FLAG": word}).flag("FLAG") is meant


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgres://a:b%40%2F@127.0.0.1:5432/c", "c"),
        ("postgres:////var/run/postgresql/c", "c"),
        ("postgresql://a@h1:1,h2:2/c", "c"),
        ("sqlite:////var/x.sqlite3", "/var/x.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
        (" ", "/default.sqlite3"),
    ],
)
def test_the_address_of_a_database_is_taken(url: str, name: str) -> None:
    assert Environment({"URL": url}).database("URL", Path("/default.sqlite3"))["NAME"] == name


def test_a_list_has_no_empty_entries() -> None:
    assert Environment({"LIST": "new, old ,,"}).entries("LIST") == ["new", "old"]


@pytest.mark.parametrize("line", [" SECRET=hunter2", "hunter2", "SECRET_KEY: hunter2"])
def test_a_line_of_the_file_that_is_no_variable_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# first\nA_VARIABLE_OF_NOBODY=\n{line}\n")
    with pytest.raises(ImproperlyConfigured, match=r"^Line 3 of the file .env is not NAME=value\.$"):
        environment.read_file(file)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SECRET_KEY=\xff")
    with pytest.raises(ImproperlyConfigured, match=r"\.env is no text"):
        environment.read_file(tmp_path / ".env")
