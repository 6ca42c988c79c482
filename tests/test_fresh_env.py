"""A fresh .env: for a first look on this machine, and what a public installation changes in it."""

from pathlib import Path

import pytest

from config import fresh_env
from tests.test_settings import Load, loader


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    return loader(monkeypatch)


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


def test_a_fresh_env_is_for_a_first_look_on_this_machine(load: Load, fresh: Path) -> None:
    values = load(**variables_of(fresh))
    assert values["PUBLIC_URL"] == "http://127.0.0.1:8123"
    assert not values["SECURE_SSL_REDIRECT"]
    assert not values["SESSION_COOKIE_SECURE"]
    assert values["EMAIL_BACKEND"] == "config.mail.StandardErrorBackend"
    assert values["EXACT_ONLINE_URL"] == ""


def test_a_fresh_env_takes_the_sandbox_when_its_two_lines_are_no_comment(load: Load, fresh: Path) -> None:
    text = fresh.read_text()
    for name in ("BIGCOMMERCE_API_URL", "EXACT_ONLINE_URL"):
        assert f"\n# {name}=http://127.0.0.1:" in text
        text = text.replace(f"# {name}=", f"{name}=")
    fresh.write_text(text)
    assert load(**variables_of(fresh))["BIGCOMMERCE_API_URL"] == "http://127.0.0.1:8081"


def test_a_fresh_env_notes_each_line_that_a_public_installation_changes(fresh: Path) -> None:
    lines = fresh.read_text().splitlines()
    for name in ("PUBLIC_URL", "ALLOW_INSECURE_UPSTREAMS", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "# DATABASE_URL"):
        (place,) = [number for number, line in enumerate(lines) if line.startswith(f"{name}=")]
        assert "PUBLIC INSTALLATION" in lines[place - 1]


def test_what_a_public_installation_changes_makes_it_secure(load: Load, fresh: Path) -> None:
    changed = {**variables_of(fresh), "PUBLIC_URL": "https://connector.example", "EMAIL_URL": "smtp://mail.example"}
    del changed["ALLOW_INSECURE_UPSTREAMS"]
    values = load(**changed)
    assert values["SECURE_SSL_REDIRECT"]
    assert values["SECURE_HSTS_SECONDS"] > 0
    assert values["SESSION_COOKIE_SECURE"]
