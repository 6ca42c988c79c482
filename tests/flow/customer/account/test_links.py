"""The links of a customer: those of the customer's keys, and those of the time as a guest."""

import pytest

from connector.domain.customer.account import Account
from connector.domain.customer.customer import buyer
from connector.domain.customer.likeness import Reason
from connector.domain.order.model import Address
from connector.flow.clock import database_now
from connector.flow.customer.account import links
from connector.flow.customer.copies.missing import AccountGone
from connector.models import Connection, CustomerLink
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

VERA = Address(first_name="Vera", last_name="Dijk", email="vera@shopper.example")


def linked(connection: Connection, key: str, account_id: str = "id-1") -> CustomerLink:
    row = CustomerLink(store=connection.store, division=connection.division, customer_key=key, account_id=account_id)
    row.save()
    return row


def test_a_registered_customer_has_the_links_of_the_time_as_a_guest_too() -> None:
    connection = ConnectionFactory.create()
    guest, customer = buyer("", VERA, "SHOP", "", ()), buyer("5", VERA, "SHOP", "", ())
    linked(connection, guest.key)
    linked(connection, "5", "")
    linked(connection, "6")
    rows = links.rows_of(connection, customer)
    assert [row.customer_key for row in rows.own] == ["5"]
    assert [row.customer_key for row in rows.as_guest] == [guest.key]
    assert rows.links == []
    assert links.rows_of(connection, guest).links[0].account_id == "id-1"


def test_a_link_to_another_account_forgets_what_was_known_of_the_first() -> None:
    connection = ConnectionFactory.create()
    row = linked(connection, "5")
    links.write(row, addresses={"x": "y"}, store_base={"names": "a"}, exact_base={"names": "a"}, name="Vera Dijk")
    links.keep(row, buyer("5", VERA, "SHOP", "", ()), Account("id-2", "2", "V. Dijk"), Reason.VAT_NUMBER, 91)
    row.refresh_from_db()
    assert (row.account_id, row.matched_by, row.score) == ("id-2", "vat_number", 91)
    assert (row.addresses, row.store_base, row.exact_base) == ({}, {}, {})
    assert row.linked_at is not None
    assert row.since == row.linked_at > row.created_at


def test_a_link_to_the_same_account_is_left_alone() -> None:
    connection = ConnectionFactory.create()
    row = linked(connection, "5")
    links.write(row, addresses={"x": "y"})
    links.keep(row, buyer("5", VERA, "SHOP", "", ()), Account("id-1", "1", "Vera"), Reason.VAT_NUMBER, 91)
    row.refresh_from_db()
    assert (row.matched_by, row.name, row.addresses) == ("", "Vera Dijk", {"x": "y"})
    assert (row.linked_at, row.since) == (None, row.created_at)


def test_an_account_that_was_taken_out_meanwhile_does_not_come_back() -> None:
    connection = ConnectionFactory.create()
    row, vera = linked(connection, "5"), buyer("5", VERA, "SHOP", "", ())
    CustomerLink.objects.update(account_id="", matched_by="gone", addresses={})
    with pytest.raises(AccountGone):
        links.write(row, addresses={"x": "y"})
    with pytest.raises(AccountGone):
        links.keep(row, vera, Account("id-2", "2", "V. Dijk"), Reason.VAT_NUMBER, 91)
    assert (row.account_id, row.addresses) == ("id-1", {})
    row.refresh_from_db()
    assert (row.account_id, row.matched_by, row.addresses, row.name) == ("", "gone", {}, "")


def test_who_was_linked_meanwhile_gets_no_second_account() -> None:
    connection = ConnectionFactory.create()
    row = linked(connection, "5", "")
    CustomerLink.objects.update(account_id="id-1")
    with pytest.raises(AccountGone):
        links.write(row, sent_at=database_now())
    row.refresh_from_db()
    assert (row.account_id, row.sent_at) == ("id-1", None)
