"""Orders that go to the collective account."""

from connector.domain.customer.customer import buyer
from connector.domain.order.model import Address
from connector.flow.customer.account.collective import collective_code, collective_codes, known_collective_account
from connector.flow.customer.copies import directory
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, CustomerLink, DirectoryAccount
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


def test_a_collective_account_of_the_country_goes_before_the_one_for_all(acme: Acme) -> None:
    dutch = acme.sandbox.exact.add_account(DIVISION, Name="Particulieren Nederland")
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    code = DirectoryAccount.objects.get(account_id=dutch).code
    for countries, place in (({"NL": code}, dutch), ({"FR": code}, None)):
        acme.connection.collective_by_country = countries
        acme.connection.collective_account = DirectoryAccount.objects.get(name="Webshop particulieren").code
        customer = buyer("", Address(country="NL", email="a@shopper.example"), "NLS", "", ())
        found = known_collective_account(acme.connection, customer)
        assert found is not None
        assert (found.id == place) == (place is not None)
    assert collective_codes(acme.connection) == {code, acme.connection.collective_account}


def test_a_country_that_is_unknown_has_the_account_for_all() -> None:
    connection = Connection(collective_account="2", collective_by_country={"NL": "1"})
    for country, code in (("NL", "1"), ("nl ", "1"), ("BE", "2"), ("Narnia", "2"), ("", "2")):
        assert collective_code(connection, buyer("", Address(country=country), "NLS", "", ())) == code
