"""The invoice of a re-posted document: it is kept when it is still right, else deleted first, and never when final."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import of_param
from connector.flow.actions.documents import approve, re_post
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, OrderSync, SyncEvent
from connector.problems.catalogue import sentence
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, INVOICES, WHY, again


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
    acme.settle()
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
    (why,) = of_param(document.params["why"]) or ()
    assert (why.code, sentence(why) in document.message) == (Code.STATUS_NOT_POSTED, True)
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
