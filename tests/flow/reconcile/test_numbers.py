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
    cart = next(cart for cart in CARTS if cart.kind == "B2B Germany, zero-rated")
    shop_of(posted).place(build(NLSHOP, cart, BUSINESS, datetime(2026, 1, 9, 12, tzinfo=UTC)))
    posted.ring(BUSINESS)
    posted.settle()
    assert posted.document(BUSINESS).state == "posted"
    return posted


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
    sold.sandbox.exact.set(page_size=2)
    before = sold.exact_calls(READING)
    done = run(sold)
    assert sold.exact_calls(READING) - before == 1
    assert done.calls_exact == 7 + 1  # pages of two
    OrderSync.objects.filter(order_id=BUSINESS).update(draft=None)  # a person linked it, and chose the account
    give(sold, OTHER)
    assert run(sold).complete
    assert sold.exact_calls(READING) - before == 1


def test_the_collective_account_need_not_have_a_number(sold: Acme) -> None:
    account = DirectoryAccount.objects.get(account_id=sold.invoice(BUSINESS)["OrderedBy"])
    Connection.objects.update(collective_account=account.code)
    sold.connection.refresh_from_db()
    give(sold, "")
    assert run(sold).complete
    give(sold, OTHER)
    assert found(run(sold)) == [("account", BUSINESS)]
