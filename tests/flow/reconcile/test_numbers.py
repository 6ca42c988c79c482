"""The VAT number of an order beside that of its account in Exact: another one, or none any more, is a difference."""

from datetime import UTC, datetime

import pytest

from connector.models import Connection, DirectoryAccount, OrderSync
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import CARTS
from connector.sandbox.catalogue.shops import NLSHOP
from connector.sandbox.exact.accounts import ACCOUNTS
from tests.acme import DIVISION, Acme
from tests.flow.reconcile.books import change, found, one, run
from tests.flow.reconcile.conftest import shop_of

BUSINESS, NUMBER, OTHER = 5001, "DE812345673", "DE298765435"
READING = "*sync/CRM/Accounts*"


@pytest.fixture
def sold(posted: Acme) -> Acme:
    """Acme, of whose posted orders one is a business's with a VAT number."""
    sell(posted, BUSINESS)
    return posted


def sell(acme: Acme, order_id: int) -> None:
    """Post an order of the business."""
    cart = next(cart for cart in CARTS if cart.kind == "B2B Germany, zero-rated")
    shop_of(acme).place(build(NLSHOP, cart, order_id, datetime(2026, 1, 9, 12, tzinfo=UTC)))
    acme.ring(order_id)
    acme.settle()
    assert acme.document(order_id).state == "posted"


def give(acme: Acme, number: str) -> None:
    """Exact's people give the account of the business another number."""
    acme.sandbox.exact.change(DIVISION, ACCOUNTS, acme.invoice(BUSINESS)["OrderedBy"], VATNumber=number)


def test_the_same_number_is_no_difference_however_it_is_written(sold: Acme) -> None:
    give(sold, "de 812.345.673")
    assert run(sold).complete


@pytest.mark.parametrize("number", [OTHER, ""])
def test_another_number_or_none_any_more_is_a_difference_of_the_account(sold: Acme, number: str) -> None:
    give(sold, number)
    done = run(sold)
    assert found(done) == [("account", BUSINESS)]
    row = one(done, "account")
    assert (row.expected, row.found, row.remedy) == (NUMBER, number, "correct")
    give(sold, NUMBER)
    assert run(sold).complete


def test_a_document_that_went_to_another_account_has_one_difference(sold: Acme) -> None:
    change(sold, BUSINESS, OrderedBy=sold.invoice(1009)["OrderedBy"])
    assert found(run(sold)) == [("account", BUSINESS)]


def test_the_accounts_are_read_once_and_only_for_an_order_with_a_number(sold: Acme) -> None:
    sell(sold, BUSINESS + 1)
    sold.sandbox.exact.set(page_size=1)
    before = sold.exact_calls(READING)
    done = run(sold)
    assert sold.exact_calls(READING) - before == 1
    assert done.calls_exact == 14 + 1 + 1  # a page for each document, one of no sales entries, and the accounts
    OrderSync.objects.filter(order_id__gte=BUSINESS).update(draft=None)  # a person linked it, and chose the account
    give(sold, OTHER)
    assert run(sold).complete
    assert sold.exact_calls(READING) - before == 1


def test_one_that_was_linked_with_its_draft_is_on_the_account_that_a_person_chose(sold: Acme) -> None:
    row = sold.document(BUSINESS)
    row.exact_data = {**(row.exact_data or {}), "accepted": True}
    row.save()
    give(sold, OTHER)
    assert run(sold).complete


def test_the_collective_account_need_not_have_a_number(sold: Acme) -> None:
    account = DirectoryAccount.objects.get(account_id=sold.invoice(BUSINESS)["OrderedBy"])
    Connection.objects.update(collective_account=account.code)
    sold.connection.refresh_from_db()
    give(sold, "")
    assert run(sold).complete
    give(sold, OTHER)
    assert found(run(sold)) == [("account", BUSINESS)]
