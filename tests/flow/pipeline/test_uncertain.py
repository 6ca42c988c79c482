"""The answer to a write was unclear: Exact is searched by our reference before anything is sent again."""

import pytest
from pytest_django.fixtures import Settings

from tests.acme import DIVISION, Acme
from tests.flow.pipeline.test_exactly_once import CREATE, PRINT


@pytest.fixture
def unsettled(settings: Settings) -> None:
    """An unclear write is not looked up before a minute has passed."""
    settings.CONNECTOR_SETTLE_SECONDS = 60


@pytest.mark.usefixtures("unsettled")
def test_an_unclear_answer_is_looked_up_and_the_invoice_adopted(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    assert acme.document(1001).state == "uncertain"
    acme.settle()
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1
    assert acme.document(1001).exact_id == acme.invoice(1001)["InvoiceID"]


def test_nothing_is_sent_again_before_exact_said_twice_that_it_is_not_there(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_before", "POST", CREATE)
    acme.ring(1001)
    acme.settle()
    calls = [(call.method, call.path.rpartition("/")[2]) for call in acme.sandbox.exact.calls]
    posts = [place for place, call in enumerate(calls) if call == ("POST", "SalesInvoices")]
    looks = [place for place, call in enumerate(calls) if call == ("GET", "SalesInvoices")]
    assert len(posts) == 2
    assert len([place for place in looks if posts[0] < place < posts[1]]) >= 2


@pytest.mark.parametrize("where", [CREATE, PRINT])
@pytest.mark.parametrize(
    "kind", ["503_html", "200_html", "truncated", "500_before", "429_minute", "429_day", "403:scope"]
)
def test_a_look_that_fails_or_is_limited_is_no_answer(acme: Acme, where: str, kind: str) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", where)
    acme.sandbox.exact.faults.add(kind, "GET", CREATE, times=3)
    acme.ring(1001)
    acme.settle()
    assert len(acme.invoices(1001)) == 1
    assert acme.sandbox.exact.calls.count("POST", where) == 1
    assert acme.document(1001).state == "posted"


def test_a_print_that_is_unclear_and_did_not_land_is_sent_again_after_two_looks(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_before", "POST", PRINT)
    acme.ring(1001)
    acme.settle()
    calls = [(call.method, call.path.rpartition("/")[2]) for call in acme.sandbox.exact.calls]
    prints = [place for place, call in enumerate(calls) if call == ("POST", "PrintedSalesInvoices")]
    looks = [place for place, call in enumerate(calls) if call == ("GET", "SalesInvoices")]
    assert len(prints) == 2
    assert len([place for place in looks if prints[0] < place < prints[1]]) >= 2
    assert acme.invoice(1001)["Status"] == 50


@pytest.mark.usefixtures("unsettled")
def test_two_invoices_with_our_reference_are_held_with_both_ids(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    twin = copy_by_hand(acme)
    acme.settle()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "duplicate")
    assert len(acme.invoices(1001)) == 2
    assert all(str(one["InvoiceID"]) in document.message for one in [*acme.invoices(1001), {"InvoiceID": twin}])


@pytest.mark.usefixtures("unsettled")
def test_an_invoice_of_other_amounts_with_our_reference_is_held(acme: Acme) -> None:
    acme.ring(1017)
    acme.drain()
    acme.sandbox.exact.faults.add("close_before", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    (other,) = acme.invoices(1017)
    acme.sandbox.exact.change(DIVISION, "salesinvoice/SalesInvoices", other["InvoiceID"], YourRef="nls-1001 ")
    acme.settle()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "duplicate")
    assert str(other["InvoiceID"]) in acme.document(1001).message


def copy_by_hand(acme: Acme) -> str:
    """A person types the same invoice again."""
    invoice = acme.invoice(1001)
    lines = [
        {"Item": line["Item"], "Quantity": line["Quantity"], "NetPrice": line["NetPrice"], "VATCode": line["VATCode"]}
        for line in invoice["SalesInvoiceLines"]
    ]
    twin = acme.sandbox.exact.create(
        DIVISION,
        "salesinvoice/SalesInvoices",
        OrderedBy=invoice["OrderedBy"],
        Journal="70",
        YourRef="NLS-1001",
        SalesInvoiceLines=lines,
    )
    return str(twin["InvoiceID"])
