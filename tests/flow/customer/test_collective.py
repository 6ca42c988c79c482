"""Orders that go to the collective account."""

from connector.flow.customer import directory
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, DirectoryAccount
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import post


def test_a_collective_account_that_is_blocked_holds_orders_without_a_call(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", collective.account_id, Blocked=True)
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    acme.connection.guest_strategy = "collective"
    acme.connection.collective_account = collective.code
    acme.connection.save()
    before = acme.exact_calls("*")
    post(acme, 1021)
    assert (acme.document(1021).state, acme.document(1021).code) == ("blocked", "account_blocked")
    assert acme.exact_calls("*") == before


def test_a_collective_account_takes_every_guest(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    acme.connection.guest_strategy = "collective"
    acme.connection.collective_account = collective.code
    acme.connection.save()
    post(acme, 1021)
    assert acme.invoice(1021)["OrderedBy"] == collective.account_id
    assert not CustomerLink.objects.exists()
