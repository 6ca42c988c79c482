"""Link: the invoice that a person typed by hand is taken when its amounts are the order's."""

import pytest

from connector.clients.exact.client import ExactClient
from connector.flow.actions.link import link
from connector.flow.actions.transaction import NotPossible
from connector.models import MasterData, OrderSync, SyncEvent
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, INVOICES, WHY, post, put


@pytest.fixture
def typed(acme: Acme) -> tuple[OrderSync, str]:
    """Order 1001 blocked, and its invoice typed by hand: the document and the invoice's number."""
    post(acme, 1017)
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    document = post(acme)
    return document, type_invoice(acme, str(acme.total(1001)))


def type_invoice(acme: Acme, total: str) -> str:
    exact = acme.sandbox.exact
    line = {
        "Item": exact.id_of(DIVISION, "logistics/Items", "WEBSHOP"),
        "Quantity": 1,
        "NetPrice": total,
        "VATCode": "0",
        "GLAccount": exact.id_of(DIVISION, "financial/GLAccounts", "8000"),
        "CostCenter": "EU-WEST",
    }
    account = exact.accounts(DIVISION)[-1]["ID"]
    made = exact.create(DIVISION, INVOICES, OrderedBy=account, Journal="70", SalesInvoiceLines=[line])
    return str(made["InvoiceNumber"])


def test_a_typed_invoice_of_the_same_amount_is_linked(acme: Acme, typed: tuple[OrderSync, str], ann: User) -> None:
    document, number = typed
    link(document, number, ann, WHY)
    document = acme.document(1001)
    assert (document.state, document.exact_number) == ("posted", number)
    event = SyncEvent.objects.filter(document=document, kind="action").get()
    assert (event.actor, event.data["action"], event.data["number"]) == (ann, "link", number)
    acme.drain()
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1  # the one of order 1017


def test_other_amounts_are_refused_with_both_figures(acme: Acme, typed: tuple[OrderSync, str]) -> None:
    number = type_invoice(acme, "18.90")
    with pytest.raises(NotPossible, match=r"18\.9\b.*17\.9"):
        link(typed[0], number, None, WHY)
    assert acme.document(1001).state == "blocked"


def test_another_currency_is_refused(acme: Acme, typed: tuple[OrderSync, str]) -> None:
    number = type_invoice(acme, str(acme.total(1001)))
    made = next(row for row in acme.invoices() if str(row["InvoiceNumber"]) == number)
    acme.sandbox.exact.change(DIVISION, INVOICES, made["InvoiceID"], Currency="USD")
    with pytest.raises(NotPossible, match="USD in Exact, EUR"):
        link(typed[0], number, None, WHY)


@pytest.mark.parametrize("number", ["", "x", "99999999", "1 or 1 eq 1", "٣"])
def test_a_number_that_is_none_is_refused(acme: Acme, typed: tuple[OrderSync, str], number: str) -> None:
    with pytest.raises(NotPossible, match="number"):
        link(typed[0], number, None, WHY)


def test_an_invoice_of_another_order_is_refused(acme: Acme, typed: tuple[OrderSync, str]) -> None:
    taken = acme.document(1017).exact_number
    with pytest.raises(NotPossible, match="order 1017"):
        link(typed[0], taken, None, WHY)


def test_a_second_invoice_is_refused_while_our_own_stands(acme: Acme, unprinted: OrderSync) -> None:
    number = type_invoice(acme, str(acme.total(1001)))
    with pytest.raises(NotPossible, match="Exact still has"):
        link(unprinted, number, None, WHY)


def test_our_own_unprinted_invoice_can_be_linked(acme: Acme, unprinted: OrderSync) -> None:
    number = acme.invoice(1001)["InvoiceNumber"]
    link(unprinted, str(number), None, WHY)
    assert acme.document(1001).state == "posted"


def test_link_asks_nothing_of_a_document_that_is_not_held(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    document = post(acme)
    monkeypatch.setattr(ExactClient, "invoices_numbered", None)
    for state in ("posted", "pending", "awaiting_approval", "uncertain", "waiting"):
        put(document, state)
        with pytest.raises(NotPossible):
            link(document, "26700001", None, WHY)


def test_it_is_reported_when_exact_is_away(acme: Acme, typed: tuple[OrderSync, str]) -> None:
    acme.sandbox.exact.faults.add("503_html", "GET", "*")
    with pytest.raises(NotPossible, match="could not be asked"):
        link(typed[0], typed[1], None, WHY)
