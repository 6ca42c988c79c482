"""What is sent to the store: ten customers a call, an address a call, and a number where the store has its field."""

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Move, Step
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import to_store
from connector.flow.customer.both_ways.in_step import bring_in_step
from connector.flow.customer.both_ways.pairs import Pair, pairs_of
from connector.flow.customer.both_ways.read_again import read_accounts
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, CustomerLink, DirectoryAccount, Division, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.flow.customer.linked import ACCOUNT, FIELD, HOME, Linked


@pytest.fixture
def linked(acme: Acme) -> Linked:
    return Linked(acme)


@pytest.fixture
def pair(linked: Linked) -> Pair:
    return pairs_of([linked.link])[0]


def give(pair: Pair, group: FieldGroup, **values: str) -> None:
    pair.moves[group] = Move(Step.TO_STORE, {**pair.store.of(group), **values})


def write(linked: Linked, pairs: list[Pair]) -> None:
    for parts in to_store.parts_of(pairs):
        to_store.write(parts, linked.clients.store(linked.acme.store))


def test_what_belongs_to_the_customer_goes_by_one_call(linked: Linked, pair: Pair) -> None:
    give(pair, FieldGroup.NAMES, last_name="de Wit")
    give(pair, FieldGroup.CONTACT, email="new@dijk.example")
    give(pair, FieldGroup.VAT_NUMBER, vat_number="NL123456782B90")
    assert to_store.groups_of(pair) == [FieldGroup.NAMES, FieldGroup.CONTACT, FieldGroup.VAT_NUMBER]
    write(linked, [pair])
    assert linked.writes() == 1
    assert (linked.in_store()["last_name"], linked.in_store()["email"]) == ("de Wit", "new@dijk.example")
    assert linked.in_store()["first_name"] == "Vera"
    assert linked.shop.form_fields[linked.customer_id][FIELD] == "NL123456782B90"


def test_an_address_goes_by_a_call_of_its_own(linked: Linked, pair: Pair) -> None:
    give(pair, FieldGroup.ADDRESSES, street_1="Gracht 2")
    give(pair, FieldGroup.CONTACT, phone="0209999999")
    write(linked, [pair])
    assert (linked.address()["address1"], linked.in_store()["phone"]) == ("Gracht 2", "0209999999")
    assert linked.writes() == 2


def test_a_number_that_an_address_has_stays_there(acme: Acme) -> None:
    address = {**HOME, "form_fields": {FIELD: "NL000"}}
    linked = Linked(acme, {"addresses": [address], "form_fields": {}})
    (pair,) = pairs_of([linked.link])
    give(pair, FieldGroup.VAT_NUMBER, vat_number="NL123456782B90")
    write(linked, [pair])
    assert linked.address()["form_fields"][FIELD] == "NL123456782B90"


def test_eleven_customers_go_by_two_calls(linked: Linked, pair: Pair) -> None:
    give(pair, FieldGroup.CONTACT, email="new@dijk.example")
    assert [len(parts) for parts in to_store.parts_of([pair] * 11)] == [10, 1]


def test_our_copy_has_what_was_written(linked: Linked, pair: Pair) -> None:
    pair.store = pair.store.with_group(FieldGroup.CONTACT, {"email": "new@dijk.example", "phone": ""})
    pair.store = pair.store.with_group(FieldGroup.ADDRESSES, {**pair.store.addresses, "city": "Zeist"})
    to_store.keep(pair)
    customer, _account = linked.copies()
    assert (customer.email, customer.phone, customer.addresses[0]["city"]) == ("new@dijk.example", "", "Zeist")
    assert customer.addresses[0]["id"] == linked.address()["id"]


def test_what_one_division_changed_goes_on_to_the_stores_other_division(acme: Acme, linked: Linked) -> None:
    first = Division.objects.get(code=DIVISION)
    second = Division.objects.create(grant=first.grant, region=first.region, code=200002, country="NL", currency="EUR")
    start = acme.connection.start_date
    Connection.objects.create(store=acme.store, division=second, mode="off", start_date=start)
    account_id = linked.exact.add_account(second.code, **ACCOUNT)
    link = CustomerLink.objects.create(
        store=acme.store, division=second, customer_key=str(linked.customer_id), account_id=account_id
    )
    clients = LaneClients(second)
    read_accounts(second, clients, [account_id], database_now())
    bring_in_step(link, clients, origin="webhook")
    acme.drain()

    linked.change_exact(Email="new@dijk.example")
    linked.step()
    assert linked.in_store()["email"] == "new@dijk.example"
    # A store posts into one division at a time.
    linked.settings(mode="off")
    Connection.objects.filter(division=second).update(mode="live")
    acme.drain()
    assert [row["Email"] for row in linked.exact.accounts(second.code) if row["ID"] == account_id] == [
        "new@dijk.example"
    ]
    written = linked.writes()
    StoreCustomer.objects.update(due_at=database_now())
    DirectoryAccount.objects.update(due_at=database_now())
    acme.drain()
    assert linked.writes() == written
    assert not CustomerLink.objects.filter(division=second).exclude(due_at=None).exists()
