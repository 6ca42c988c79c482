"""What is left to a person of an order that was cancelled before it had an invoice, account by account."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.invoice.draft import Draft
from connector.domain.order.refund import Refund
from connector.flow.ledger import to_settle
from connector.models import Connection, OrderSync
from tests.domain.books import plain_order
from tests.domain.credit.sale import PLAIN, refund
from tests.factories import OrderSyncFactory, SyncEventFactory

USED = replace(plain_order(), gift_certificate=D("5.00"), store_credit=D("2.90"))
AS_THEY_WERE = refund("7.90", to_gift_certificate=D("5.00"), to_store_credit=D("2.90"))


@pytest.mark.parametrize(
    ("refunds", "purpose", "left"),
    [
        pytest.param([], "multi", "7.90", id="nothing given back"),
        pytest.param([], "single", "2.90", id="a certificate of a single purpose is no debt"),
        pytest.param([refund("2.90", to_store_credit=D("2.90"))], "multi", "5.00", id="the credit given back"),
        pytest.param([AS_THEY_WERE], "multi", None, id="all given back"),
        pytest.param([replace(AS_THEY_WERE, paid=D(0))], "multi", "7.90", id="a declined refund"),
        pytest.param([refund("7.90", to_store_credit=D("7.90"))], "multi", "5.00", id="one given back as the other"),
        pytest.param([refund("17.90", to_store_credit=D("17.90"))], "multi", "-10.00", id="money given back as credit"),
        pytest.param([refund("10.00")], "multi", "7.90", id="only money given back"),
    ],
)
def test_what_a_cancelled_order_leaves(refunds: list[Refund], purpose: str, left: str | None) -> None:
    connection = Connection(gift_certificates=purpose, payments="receipts")
    found = to_settle.of_cancelled(connection, USED, refunds)
    assert found == (None if left is None else D(left))


def test_it_is_said_which_way_it_goes() -> None:
    assert to_settle.cancelled_text(D("7.9"), "EUR") == (
        "7.90 EUR, paid by store credit or gift certificate and not given back when the order was cancelled"
    )
    assert to_settle.paid_text(D("7.9"), "EUR") == "7.90 EUR, paid by store credit or gift certificate"
    assert to_settle.paid_text(D("-10"), "EUR") == "10.00 EUR, given back as store credit or gift certificate"
    assert to_settle.cancelled_text(D("-10"), "EUR") == "10.00 EUR, given back as store credit or gift certificate"


@pytest.mark.parametrize(("payments", "left"), [("off", D("7.90")), ("receipts", None)])
def test_an_invoice_leaves_what_no_receipt_books(payments: str, left: D | None) -> None:
    assert isinstance(PLAIN, Draft)
    assert to_settle.of_invoice(Connection(payments=payments), USED, PLAIN) == left


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param(OrderSync(kind="invoice", state="posted"), "paid by store credit", id="a posted invoice"),
        pytest.param(OrderSync(kind="invoice", state="skipped"), "when the order was cancelled", id="a skipped one"),
        pytest.param(OrderSync(kind="credit", state="posted"), "given back as store credit", id="a credit note"),
    ],
)
def test_each_document_has_its_own_words(document: OrderSync, said: str) -> None:
    document.currency = "EUR"
    assert said in to_settle.text(document, D("7.90"))
    assert ("cancelled" in to_settle.text(document, D("7.90"))) == (document.state == "skipped")
    assert to_settle.text(document, D(0)) == to_settle.text(document, None) == ""


@pytest.mark.django_db
def test_what_a_person_settled_is_not_left() -> None:
    document = OrderSyncFactory.create(posted=True)
    assert to_settle.rest(document, D("7.90")) == D("7.90")
    SyncEventFactory.create(document=document, kind="action", data={"action": "settle", "settled": "5.00"})
    assert to_settle.rest(document, D("7.90")) == D("2.90")
    assert to_settle.rest(document, D("5.00")) is to_settle.rest(document, None) is None
    assert to_settle.rest(OrderSync(), D("7.90")) == D("7.90")
