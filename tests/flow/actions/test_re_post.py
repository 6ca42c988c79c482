"""Re-post: from every blocked reason to posted, and never two invoices of one order."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from connector.flow.actions.documents import approve, re_post
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, DirectoryAccount, MasterData, OrderSync, SyncEvent
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, INVOICES, WHY, again, post, pull


def missing_code(acme: Acme) -> Callable[[], None]:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    return lambda: pull(acme)


def missing_item(acme: Acme) -> Callable[[], None]:
    MasterData.objects.filter(kind="item", code="WEBSHOP").delete()
    Connection.objects.update(item_strategy="default")
    return lambda: pull(acme)


def blocked_customer(acme: Acme) -> Callable[[], None]:
    email = acme.order(1001)["billing_address"]["email"]
    account = acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email=email, Blocked=True)

    def unblock() -> None:
        acme.sandbox.exact.change(DIVISION, "crm/Accounts", account, Blocked=False)
        DirectoryAccount.objects.update(blocked=False)

    return unblock


def other_currency(acme: Acme) -> Callable[[], None]:
    journal = MasterData.objects.get(kind="journal", code="70")
    journal.data["currency"] = "USD"
    journal.save()
    return lambda: pull(acme)


def other_totals(acme: Acme) -> Callable[[], None]:
    """Exact has another percentage than we know of: its invoice differs, and is deleted again."""
    code = acme.sandbox.exact.divisions[DIVISION].by_code("vat/VATCodes", "2")
    assert code is not None
    right, code["Percentage"] = code["Percentage"], code["Percentage"] * 2

    def fix() -> None:
        code["Percentage"] = right

    return fix


def closed_period(acme: Acme) -> Callable[[], None]:
    office = acme.sandbox.exact.divisions[DIVISION]
    office.fiscal_years = {1999}

    def reopen() -> None:
        office.fiscal_years = None
        pull(acme)

    return reopen


def refused(acme: Acme) -> Callable[[], None]:
    item = acme.sandbox.exact.id_of(DIVISION, "hrm/Costcenters", "EU-WEST")
    acme.sandbox.exact.change(DIVISION, "hrm/Costcenters", item, Active=False)
    return lambda: acme.sandbox.exact.change(DIVISION, "hrm/Costcenters", item, Active=True)


def missing_right(acme: Acme) -> Callable[[], None]:
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    return lambda: None


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("mapping", missing_code),
        ("item", missing_item),
        ("customer", blocked_customer),
        ("currency", other_currency),
        ("totals", other_totals),
        ("rejected", refused),
        ("period", closed_period),
        ("internal", missing_right),
    ],
)
def test_what_is_fixed_is_posted_once(acme: Acme, reason: str, spoil: Callable[[Acme], Callable[[], None]]) -> None:
    fix = spoil(acme)
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", reason), document.message
    fix()
    if acme.document(1001).state == "blocked":
        re_post(acme.document(1001), None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert acme.invoice(1001)["Status"] == 50
    assert acme.invoice(1001)["AmountFC"] == acme.total(1001)


def test_an_exhausted_order_is_re_posted(acme: Acme) -> None:
    document = post(acme)
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    OrderSync.objects.update(state="blocked", reason="exhausted", exact_id="", worker_deaths=5)
    document.refresh_from_db()
    assert again(acme, document).state == "posted"
    assert acme.document(1001).worker_deaths == 0


def test_a_duplicate_goes_on_with_the_one_that_is_left(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    post(acme)
    first = acme.invoice(1001)
    table = acme.sandbox.exact.divisions[DIVISION].table(INVOICES)
    twin = {**table[first["InvoiceID"]], "InvoiceID": "00000000-0000-4000-8000-00000000abcd"}
    table[twin["InvoiceID"]] = twin
    acme.make_due()
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "duplicate")
    assert again(acme, document).reason == "duplicate"  # both are there still: nothing is made
    del table[twin["InvoiceID"]]
    document = again(acme, acme.document(1001))
    assert (document.state, document.exact_id) == ("posted", first["InvoiceID"])
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1


def change_rules(acme: Acme) -> None:
    last = {"priority": 1000, "when": {}, "then": {"gl_account": "8000", "cost_center": "ONLINE"}}
    acme.configure(rules=[*acme.file["connections"][0]["rules"][:-1], last])


def test_an_unchanged_draft_goes_on_with_its_invoice(acme: Acme, unprinted: OrderSync) -> None:
    document = again(acme, unprinted)
    assert (document.state, document.exact_id, document.replace_requested) == ("posted", unprinted.exact_id, False)
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1


def test_a_changed_draft_deletes_the_open_invoice_and_makes_another(acme: Acme, unprinted: OrderSync) -> None:
    change_rules(acme)
    document = again(acme, unprinted)
    assert document.state == "posted", document.message
    assert document.exact_id != unprinted.exact_id
    assert acme.invoice(1001)["InvoiceID"] == document.exact_id
    assert "ONLINE" in {line["CostCenter"] for line in acme.invoice(1001)["SalesInvoiceLines"]}
    kept = SyncEvent.objects.filter(document=document, data__exact_id=unprinted.exact_id)
    assert kept.filter(text__startswith="Deleted").exists()


@pytest.mark.parametrize("fault", ["close_before", "close_after", "500_before", "500_after", "503_html", "429_minute"])
def test_an_unclear_deletion_is_looked_up(acme: Acme, unprinted: OrderSync, fault: str) -> None:
    change_rules(acme)
    acme.sandbox.exact.faults.add(fault, "DELETE", "*SalesInvoices*")
    re_post(unprinted, None, WHY)
    for _ in range(6):
        acme.drain()
        acme.make_due()
    document = acme.document(1001)
    assert document.state == "posted", document.message
    assert len(acme.invoices(1001)) == 1
    assert "ONLINE" in {line["CostCenter"] for line in acme.invoice(1001)["SalesInvoiceLines"]}


def test_a_printed_invoice_is_never_deleted(acme: Acme, unprinted: OrderSync) -> None:
    acme.sandbox.exact.change(DIVISION, INVOICES, unprinted.exact_id, Status=50)
    change_rules(acme)
    document = again(acme, unprinted)
    assert (document.state, document.reason) == ("blocked", "drift")
    assert "final in Exact" in document.message
    assert acme.sandbox.exact.calls.count("DELETE", "*") == 0


def test_an_invoice_with_another_reference_is_never_deleted(acme: Acme, unprinted: OrderSync) -> None:
    acme.sandbox.exact.change(DIVISION, INVOICES, unprinted.exact_id, YourRef="THEIRS-7")
    change_rules(acme)
    assert "THEIRS-7" in again(acme, unprinted).message
    assert acme.sandbox.exact.calls.count("DELETE", "*") == 0


def test_an_invoice_that_was_deleted_in_exact_is_made_again_after_a_search(acme: Acme, unprinted: OrderSync) -> None:
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    document = again(acme, unprinted)
    assert document.state == "posted"
    assert document.exact_id != unprinted.exact_id
    looks = [call for call in acme.sandbox.exact.calls if (call.method, call.path[-13:]) == ("GET", "SalesInvoices")]
    assert looks


def test_an_order_that_is_no_longer_due_keeps_its_open_invoice_until_a_person_acts(
    acme: Acme, unprinted: OrderSync
) -> None:
    acme.sandbox.stores.store("nlshop1").change(1001, status_id=5)
    document = again(acme, unprinted)
    assert (document.state, document.reason) == ("blocked", "drift")
    assert document.exact_id == unprinted.exact_id
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    assert again(acme, document).state == "skipped"


def test_a_changed_draft_that_needs_approval_deletes_first_and_waits(acme: Acme, unprinted: OrderSync) -> None:
    change_rules(acme)
    Connection.objects.update(mode="approval")
    document = again(acme, acme.document(1001))
    assert document.state == "awaiting_approval"
    assert acme.invoices(1001) == []
    approve(document, None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_in_shadow_mode_an_invoice_in_exact_is_left_alone(acme: Acme, unprinted: OrderSync) -> None:
    Connection.objects.update(mode="shadow")
    with pytest.raises(NotPossible, match="shadow"):
        re_post(acme.document(1001), None, WHY)
