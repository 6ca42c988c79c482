"""What Exact made of an invoice is read back before it is printed: corrected while it is open, or deleted and held.

Order 1001: a mug for 12.95 and shipping for 4.95, 21 % VAT within: 2.25 and 0.86, so 17.90 with 3.11 VAT.
"""

from decimal import Decimal

from pytest_django.fixtures import Settings

from connector.domain.document.differences import Differs, of_param
from connector.models import OrderSync
from tests.acme import DIVISION, Acme
from tests.flow import by_hand
from tests.flow.by_hand import CREATE, PRINT, again, post

LINES = "*salesinvoice/SalesInvoiceLines*"
PENNY = Decimal("0.01")


def held_without_a_trace(acme: Acme, document: OrderSync) -> None:
    """Nothing was printed, nothing is left in Exact, and the message has both figures and what to do."""
    assert (document.state, document.reason, document.exact_id) == ("blocked", "totals", "")
    assert acme.invoices() == []
    assert acme.exact_calls(PRINT) == 0
    assert "It was deleted and not printed" in document.message
    assert "re-post" in document.message


def test_a_cent_of_vat_too_much_deletes_the_invoice_and_holds_the_order(acme: Acme) -> None:
    acme.sandbox.exact.set(vat_off=PENNY)
    document = post(acme)
    held_without_a_trace(acme, document)
    assert "VAT 3.12 in Exact, 3.11 meant" in document.message
    kept = {each.what: each.params for each in of_param(str(document.params["differences"])) or ()}
    assert kept[Differs.VAT] == {"theirs": "3.12", "ours": "3.11"}


def test_a_correction_that_exact_does_not_take_is_not_printed(acme: Acme) -> None:
    acme.connection.force_vat = True
    acme.connection.save()
    acme.sandbox.exact.set(vat_off=PENNY, keep_own_vat=True)
    held_without_a_trace(acme, post(acme))


def test_a_re_post_posts_what_was_fixed_in_exact(acme: Acme) -> None:
    acme.sandbox.exact.set(vat_off=PENNY)
    document = post(acme)
    acme.sandbox.exact.set(vat_off=Decimal(0))
    assert again(acme, document).state == "posted"
    assert acme.invoice(1001)["VATAmountFC"] == Decimal("3.11")


def test_an_unclear_deletion_is_looked_up_and_ends_in_the_same_hold(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.sandbox.exact.set(vat_off=PENNY)
    acme.sandbox.exact.faults.add("close_after", "DELETE", "*SalesInvoices*")
    post(acme)
    assert acme.document(1001).state == "uncertain"
    acme.make_due()
    acme.drain()
    held_without_a_trace(acme, acme.document(1001))
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 2  # once more, after the first was proven gone


def test_an_unclear_correction_is_taken_up_again(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.connection.force_vat = True
    acme.connection.save()
    acme.sandbox.exact.set(vat_off=PENNY)
    acme.sandbox.exact.faults.add("close_after", "PUT", LINES)
    post(acme)
    assert acme.document(1001).state == "uncertain"
    for _ in range(2):
        acme.make_due()
        acme.drain()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1
    assert acme.invoice(1001)["VATAmountFC"] == Decimal("3.11")


def test_a_final_invoice_with_other_amounts_is_never_called_posted(acme: Acme) -> None:
    """A person printed it in Exact while it was held, and its lines are not ours."""
    document = by_hand.unprinted(acme)
    acme.sandbox.exact.change(DIVISION, by_hand.INVOICES, document.exact_id, Status=50)
    line = acme.invoice(1001)["SalesInvoiceLines"][0]
    acme.sandbox.exact.change(DIVISION, "salesinvoice/SalesInvoiceLines", line["ID"], VATCode="4")
    document = again(acme, document)
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "final in Exact" in document.message
    assert document.exact_id
