"""`provision`, as a shell sees it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from connector.sandbox import Sandbox
from tests.management.commands.test_ledger import run


def test_provision_prints_one_json_value_and_its_progress_elsewhere(
    sandbox: Sandbox, file: dict[str, Any], db: None, tmp_path: Path
) -> None:
    path = tmp_path / "acme.json"
    path.write_text(json.dumps(file))
    assert json.loads(run("provision", str(path)))["tenant"] == "demo"


def test_provision_reads_standard_input(
    sandbox: Sandbox, file: dict[str, Any], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.TextIOWrapper(io.BytesIO(json.dumps(file).encode()))
    monkeypatch.setattr("sys.stdin", raw)
    assert json.loads(run("provision", "-", "--no-hooks"))["tenant"] == "demo"
    assert not sandbox.stores.store("nlshop1").hooks


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tenant": 1}', '{"tenant": {}, "tenant": {}}', '{"a": NaN}'])
def test_provision_refuses_what_is_no_provision_file(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "acme.json"
    path.write_text(text)
    with pytest.raises(CommandError):
        run("provision", str(path))


def test_provision_says_that_a_file_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("provision", str(tmp_path / "nothing.json"))
