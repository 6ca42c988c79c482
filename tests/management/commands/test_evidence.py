"""`manage.py evidence`: the chain is walked, and a change ends with exit code 1."""

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
