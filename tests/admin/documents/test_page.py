"""One order's page: what was fetched, the draft, the invoice as Exact answered and the history, side by side."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.admin.documents.page import differences
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import MasterData, OrderSync
from tenants.models import Tenant
from tests.acme import Acme
from tests.factories import OrderSyncFactory, SyncEventFactory
from tests.flow.payment.test_receipt import pay_in_three_ways

Member = Callable[[str, Tenant], Client]


def shown(client: Client, document: OrderSync) -> str:
    return client.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()


def part(page: str, name: str) -> str:
    """Return one of the four parts, without its tags."""
    section = re.search(rf'<section[^>]*aria-labelledby="part-{name}">(.*?)</section>', page, re.DOTALL)
    assert section, name
    return " ".join(re.sub(r"<[^>]+>", " ", section[1]).split())


def posted(acme: Acme, order_id: int = 1001) -> OrderSync:
    acme.ring(order_id)
    acme.drain()
    document = acme.document(order_id)
    assert document.state == "posted"
    return document


def test_the_four_parts_have_what_each_side_says(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    page = shown(owner, document)
    order, raw = part(page, "order"), acme.order(1001)
    for text in ("17.90 EUR", raw["status"], raw["payment_method"], "(Europe/Amsterdam)", "12.95", "to NL"):
        assert text in order
    assert document.email in order
    draft = part(page, "draft")
    for text in ("17.90 EUR", "GL account 8000", "cost centre EU-WEST", "VAT code 2 (21 %)", "10.70 + 2.25 VAT"):
        assert text in draft
    invoice = part(page, "answer")
    assert f"Invoice {document.exact_number} in Exact" in invoice
    assert "17.90 EUR" in invoice
    assert "final" in invoice
    assert "Posted as invoice" in part(page, "history")


def test_the_draft_says_what_a_person_should_know_of_it(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    note = "VAT of BE was charged to a business with VAT number BE0123456749, which owes it itself."
    document.draft = {**(document.draft or {}), "notes": note}
    document.save()
    assert note in part(shown(owner, document), "draft")


def test_what_exact_answered_is_kept(acme: Acme) -> None:
    document = posted(acme)
    theirs, kept = acme.invoice(1001), document.exact_data
    assert kept is not None
    assert document.draft is not None
    assert (kept["number"], kept["printed"], kept["currency"]) == (str(theirs["InvoiceNumber"]), True, "EUR")
    assert kept["date"] == document.draft["order_date"]  # the date that it was printed with
    assert Decimal(kept["gross"]) == theirs["AmountFC"]
    assert Decimal(kept["vat"]) == theirs["VATAmountFC"]


def test_totals_that_differ_are_marked_and_equal_ones_are_not(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    assert "than meant" not in shown(owner, document)
    OrderSync.objects.update(exact_data={**(document.exact_data or {}), "gross": "18.00"})
    assert "0.10 more than meant" in shown(owner, document)
    assert differences({"vat": "1.00", "gross": "2"}, {"vat": "1.004", "gross": None}) == {}
    assert differences({"vat": "0.99"}, {"vat": "1.00"}) == {"vat": "0.01 less"}


def test_a_refusal_is_explained_in_plain_words_and_exacts_own_are_one_click_away(acme: Acme, owner: Client) -> None:
    acme.sandbox.exact.divisions[100001].fiscal_years = set()
    acme.ring(1001)
    acme.drain()
    page = shown(owner, acme.document(1001))
    notice, _, rest = page.partition('id="parts"')
    sentence, details = notice.index("closed in Exact or does not exist there"), notice.index("What Exact answered")
    assert sentence < notice.index("Go to Exact Online") < details < notice.index("Boekjaar")
    assert "<details" in notice
    history = part(rest, "history")
    assert "POST salesinvoice/PrintedSalesInvoices: The invoice&#x27;s date is in a financial year" in history


def test_our_own_particulars_stand_open(acme: Acme, owner: Client) -> None:
    MasterData.objects.filter(kind="gl_account", code="8000").delete()
    acme.ring(1001)
    acme.drain()
    page = shown(owner, acme.document(1001))
    assert "What Exact answered" not in page.partition('id="parts"')[0]
    assert "8000" in page.partition('id="parts"')[0]
    assert "the order could not be translated" in part(page, "draft")


def test_a_person_who_may_not_fix_it_sees_whom_to_ask_and_gets_no_link(
    acme: Acme, owner: Client, member: Member
) -> None:
    MasterData.objects.filter(kind="gl_account", code="8000").delete()
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert "Go to its rules" in shown(owner, document)
    assert "Go to its rules" in shown(member("accountant", acme.store.tenant), document)
    for role in ("viewer", "operator"):
        page = shown(member(role, acme.store.tenant), document)
        assert "Go to" not in page
        assert "Ask second-accountant@demo.example, owner@demo.example." in page


def test_a_changed_document_shows_what_differs_first(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    acme.sandbox.stores.store("nlshop1").change(1001, total_inc_tax="20.0000")
    acme.ring(1001, "store/order/updated")
    acme.drain()
    page = shown(owner, document)
    assert acme.document(1001).change_pending
    above = page.partition('id="parts"')[0]
    assert "The order: total was 17.9 and is now 20." in above
    assert "changed after posting" in owner.get(reverse("admin:connector_ordersync_changelist")).content.decode()


def test_a_posted_document_with_a_change_to_decide_on_has_a_page(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    found = problem(Code.ORDER_ACTIVE_AGAIN, status=11)
    OrderSync.objects.update(change_pending=True, code=found.code, params=found.params, problems=to_json([found]))
    assert "The order changed after this was posted" in shown(owner, document)


def test_the_documents_of_an_order_lead_to_each_other(acme: Acme, owner: Client) -> None:
    invoice = posted(acme)
    credit = OrderSyncFactory.create(
        connection=invoice.connection, order_id=1001, kind="credit", sequence=7, posted=True
    )
    for here, there in ((invoice, credit), (credit, invoice)):
        page = shown(owner, here)
        assert "Documents of this order" in page
        assert reverse("admin:connector_ordersync_change", args=[there.pk]) in page
    assert "Credit note" in part(shown(owner, credit), "answer")


@pytest.mark.parametrize("odd", [[], {}, "text", {"order": 1}, {"order": {}}, {"order": {"id": "x"}}, {"lines": [1]}])
def test_odd_data_is_no_server_error(acme: Acme, owner: Client, odd: object) -> None:
    document = posted(acme)
    OrderSync.objects.update(order_data=odd, draft=odd, exact_data=odd)
    assert "was not read yet" in part(shown(owner, document), "order")


@pytest.mark.usefixtures("one_reading")
def test_the_page_costs_the_same_however_many_lines_and_events(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    shown(owner, document)
    with CaptureQueriesContext(connection) as few:
        shown(owner, document)
    draft = document.draft or {}
    OrderSync.objects.update(draft={**draft, "lines": draft["lines"] * 40})
    SyncEventFactory.create_batch(80, document=document, data={"failed": True})
    with CaptureQueriesContext(connection) as many:
        shown(owner, document)
    assert len(many) == len(few) <= 10


@pytest.mark.parametrize(
    "differences",
    [
        pytest.param(to_json([problem(Code.ORDER_FIELD_CHANGED, changed="total", before="5", after="")]), id="codes"),
        pytest.param(["The order: total was 5 and is now empty."], id="before there were codes"),
    ],
)
def test_what_changed_in_a_posted_order_is_listed(acme: Acme, owner: Client, differences: list[object]) -> None:
    document = posted(acme)
    OrderSync.objects.filter(pk=document.pk).update(change_pending=True)
    SyncEventFactory.create(document=document, kind="transition", data={"differences": differences, "refunds": []})
    assert "The order: total was 5 and is now empty." in shown(owner, document)


LIST = "/admin/connector/ordersync/"


def test_list_and_page_show_the_status_and_what_is_to_be_settled(acme: Acme, owner: Client) -> None:
    pay_in_three_ways(acme)
    document = posted(acme)
    posted(acme, 1002)
    assert "captured, to settle by hand: 7.90 EUR" in owner.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as asked:
        found = owner.get(f"{LIST}?to_settle=1").context["cl"]
    assert [each.order_id for each in found.result_list] == [1001]
    assert any('"to_settle" IS NOT NULL' in query["sql"] for query in asked)
    page = shown(owner, document)
    order = part(page, "order")
    assert "Payment status, as last read: captured" in order
    assert "To settle by hand: 7.90 EUR, paid by store credit or gift certificate" in order
    assert "To settle by hand: 7.90 EUR" in part(page, "history")
