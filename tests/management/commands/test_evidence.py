"""`manage.py evidence`: the chain is walked, and a change ends with exit code 1."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from connector.models import Chain, OrderSync
from tests.acme import Acme
from tests.management.commands.test_ledger import run


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted order 1001."""
    acme.ring(1001)
    acme.drain()
    return acme


class TestTheChain:
    """`--tenant T --verify`."""

    def test_the_last_number_and_hash_are_printed(self, posted: Acme) -> None:
        head = Chain.objects.get()
        said = run("evidence", "--tenant", "demo", "--verify")
        assert f"{head.number} {head.hash}" in said
        assert "Nothing was changed, removed or added." in said

    def test_a_change_is_named(self, posted: Acme) -> None:
        OrderSync.objects.update(total=1)
        with pytest.raises(CommandError, match="The history is not as it was written: 1 faults"):
            run("evidence", "--tenant", "demo", "--verify")

    def test_an_unknown_tenant_is_an_error(self, posted: Acme) -> None:
        with pytest.raises(CommandError, match="There is no tenant 'nobody'"):
            run("evidence", "--tenant", "nobody", "--verify")


class TestTheFile:
    """`--order ID --out FILE` and `--verify FILE`."""

    def test_it_is_written_and_checked(self, posted: Acme, tmp_path: Path) -> None:
        file = tmp_path / "1001.zip"
        assert run("evidence", "--tenant", "demo", "--order", "1001", "--out", str(file)) == ""
        said = run("evidence", "--verify", str(file))
        assert "Order 1001 of demo" in said
        assert "nothing was changed" in said

    def test_a_changed_byte_is_named(self, posted: Acme, tmp_path: Path) -> None:
        file = tmp_path / "1001.zip"
        run("evidence", "--tenant", "demo", "--order", "1001", "--out", str(file))
        file.write_bytes(file.read_bytes().replace(b"NLS-1001", b"NLS-1007", 1))
        with pytest.raises(CommandError, match=r"\.json: the part is not as it was written"):
            run("evidence", "--verify", str(file))

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ([], "Name the tenant"),
            (["--tenant", "demo"], "Name the order"),
            (["--tenant", "demo", "--order", "1001"], "Name the order"),
            (["--tenant", "demo", "--order", "7", "--out", "/nowhere/file"], "no document of order 7"),
            (["--tenant", "demo", "--order", "1001", "--out", "/nowhere/file"], "No such file"),
            (["--verify", "/nowhere/file"], "No such file"),
        ],
    )
    def test_what_cannot_be_done_is_a_sentence(self, posted: Acme, given: list[str], said: str) -> None:
        with pytest.raises(CommandError, match=said):
            run("evidence", *given)
