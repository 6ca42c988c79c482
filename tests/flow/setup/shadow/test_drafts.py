"""Which drafts are compared, and what each says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.domain.choices import DocumentForm, InvoiceDate
from connector.domain.invoice.draft import SALES_ENTRY
from connector.flow.setup.shadow import drafts
from connector.models import OrderSync
from tests.acme import Acme
from tests.flow.setup.shadow.scene import draft_of, translate

pytestmark = pytest.mark.django_db


def test_orders_that_are_much_older_than_the_newest_are_left_out(acme: Acme) -> None:
    assert drafts.first_day(acme.connection) is None
    translate(acme, 2)
    newest = max(draft_of(acme, order_id).order_date for order_id in (1001, 1002))
    for order_id, days in ((1001, drafts.SPAN + timedelta(1)), (1002, timedelta(0))):
        draft = replace(draft_of(acme, order_id), order_date=newest - days)
        OrderSync.objects.filter(order_id=order_id).update(draft=draft.to_json())
    assert drafts.first_day(acme.connection) == newest
    (some,) = drafts.shown(acme.connection, newest)
    assert [each.placed.id for each in some] == [1002]


def test_the_newest_are_compared_up_to_a_number(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    translate(acme, 3)
    monkeypatch.setattr(drafts, "MOST", 2)
    (some,) = drafts.shown(acme.connection, draft_of(acme, 1001).order_date)
    assert [each.placed.id for each in some] == [1003, 1002]


def test_some_drafts_cost_as_many_statements_as_one(acme: Acme) -> None:
    translate(acme, 6)
    since = drafts.first_day(acme.connection)
    assert since is not None
    list(drafts.shown(acme.connection, since))  # its store and division are known from now on
    with CaptureQueriesContext(connection) as found:
        (some,) = drafts.shown(acme.connection, since)
    assert len(some) == 6
    assert len(found) <= 4


def test_the_day_counts_only_where_the_connection_dates_by_the_order(acme: Acme) -> None:
    translate(acme, 1)
    draft, settings = draft_of(acme, 1001), acme.connection
    settings.finalize, settings.invoice_date = True, InvoiceDate.ORDER
    assert drafts.side_of(draft, settings, frozenset()).dated == draft.order_date
    settings.invoice_date = InvoiceDate.POST
    assert drafts.side_of(draft, settings, frozenset()).dated is None
    settings.finalize, settings.invoice_date = False, InvoiceDate.ORDER
    assert drafts.side_of(draft, settings, frozenset()).dated is None  # Exact dates what stays open
    entry = drafts.side_of(replace(draft, type=SALES_ENTRY), settings, frozenset())
    assert (entry.dated, entry.form) == (draft.order_date, DocumentForm.SALES_ENTRY)
