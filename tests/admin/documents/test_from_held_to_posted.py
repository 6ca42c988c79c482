"""Documents held for each reason: a person follows the link in the ledger, fixes the cause, and it is posted."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from connector.models import OrderSync
from connector.problems.catalogue import explain
from tests.acme import DIVISION, Acme
from tests.flow.actions import test_documents as spoiled
from tests.flow.by_hand import INVOICES, post

Fix = Callable[[], None]
LIST = "/admin/connector/ordersync/"


@pytest.fixture(autouse=True)
def unhurried(settings: Settings) -> None:
    """An unclear write is looked up so late that a person can change things before."""
    settings.CONNECTOR_SETTLE_SECONDS = 60


def worn_out(acme: Acme) -> Fix:
    """The worker died again and again while it did this document."""
    post(acme)
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    OrderSync.objects.update(
        state="blocked", reason="exhausted", exact_id="", worker_deaths=5, message="The worker died."
    )
    return lambda: None


def twice_there(acme: Acme) -> Fix:
    """The answer was lost, and then a person copied the invoice in Exact."""
    acme.sandbox.exact.faults.add("close_after", "POST", "*salesinvoice/SalesInvoices")
    post(acme)
    table = acme.sandbox.exact.divisions[DIVISION].table(INVOICES)
    twin = {**next(iter(table.values())), "InvoiceID": "00000000-0000-4000-8000-00000000abcd"}
    table[twin["InvoiceID"]] = twin
    acme.make_due()
    acme.drain()

    def delete_the_copy() -> None:
        del table[twin["InvoiceID"]]

    return delete_the_copy


def deleted_there(acme: Acme) -> Fix:
    """The invoice was made, not printed, and deleted in Exact before the re-post."""
    acme.sandbox.exact.faults.add("close_before", "POST", "*salesinvoice/PrintedSalesInvoices*")
    post(acme)
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    OrderSync.objects.update(sent_at=None)  # long ago: if Exact does not show the invoice now, it is gone
    acme.make_due()
    acme.drain()
    return lambda: None


@pytest.mark.parametrize(
    ("reason", "spoil", "page"),
    [
        ("mapping", spoiled.missing_code, "its VAT rules"),
        ("item", spoiled.missing_item, "Exact Online"),
        ("customer", spoiled.blocked_customer, "Exact Online"),
        ("currency", spoiled.other_currency, "the connection"),
        ("totals", spoiled.other_totals, "the connection"),
        ("rejected", spoiled.refused, "its rules"),
        ("period", spoiled.closed_period, "Exact Online"),
        ("duplicate", twice_there, "Exact Online"),
        ("drift", deleted_there, ""),
        ("exhausted", worn_out, ""),
        ("internal", spoiled.missing_right, "the consent"),
    ],
)
def test_a_held_order_is_found_understood_fixed_and_posted(
    acme: Acme, owner: Client, reason: str, spoil: Callable[[Acme], Fix], page: str
) -> None:
    fix = spoil(acme)
    if not OrderSync.objects.exists():
        post(acme)
    row = owner.get(f"{LIST}?state__exact=blocked&reason__exact={reason}").content.decode()
    found = re.search(r'href="(/admin/connector/ordersync/\d+/change/[^"]*)"', row)
    assert found, acme.document(1001).message
    text = unescape(owner.get(unescape(found[1])).content.decode())
    document = acme.document(1001)
    assert str(explain(document.code, document.params, document.reason).what_happened) in text
    link = re.search(r'href="([^"]+)">Go to ([^<]+)<', text)
    assert (link[2] if link else "") == page
    if link and link[1].startswith("/"):
        assert owner.get(link[1]).status_code == 200
    fix()
    if acme.document(1001).state == "blocked":
        button = reverse("admin:connector_ordersync_do", args=[document.pk, "re_post"])
        assert f'href="{button}"' in text
        assert owner.post(button, {"reason": "put right"}).status_code == 302
    acme.drain()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert len(acme.invoices(1001)) == 1
