"""Many customers pulled over HTTP and held against the truth: no account twice, none of another party, none untold.

`CUSTOMERS=5000` takes so many customers.
"""

import json
import os
from io import StringIO
from math import ceil

import pytest
from django.core.management import call_command

from connector.models import CustomerLink, CustomerMatch
from tests.acme import DIVISION, STORE, Acme
from tests.bench.customers.generator import generate
from tests.bench.customers.placed import against_truth, place, writes
from tests.bench.table import Table

CUSTOMERS = int(os.environ.get("CUSTOMERS", "1000"))


def pull(what: str = "pull") -> dict[str, int]:
    """Pull as an operator does."""
    out = StringIO()
    call_command("customers", what, "--tenant=demo", f"--store={STORE}", "--json", stdout=out)
    found: dict[str, int] = json.loads(out.getvalue())
    return found


@pytest.mark.django_db
def test_customers(acme: Acme, table: Table) -> None:
    """Report, pull, and pull again."""
    world = generate(CUSTOMERS)
    place(acme, world)
    accounts = len(acme.sandbox.exact.accounts(DIVISION))
    written = writes(acme)
    report = pull("report")
    assert (report["customers"], writes(acme) - written, CustomerLink.objects.count()) == (CUSTOMERS, 0, 0)
    before, in_store = acme.exact_calls(), acme.store_calls()
    first = pull()
    exact, store = acme.exact_calls() - before, acme.store_calls() - in_store
    found, written = against_truth(acme, world), writes(acme)
    second = pull()
    table.add("Customers: accounts that were made twice", len(found.doubled), goal=0)
    table.add("Customers: links to another party's account", len(found.wrong), goal=0)
    table.add("Customers: ambiguous ones that nobody hears of", len(found.untold), goal=0)
    table.add("Customers: writes of a second pull", writes(acme) - written, goal=0)
    table.add("Customers: calls to the store beyond one per 250", store - ceil(CUSTOMERS / 250), goal=5)
    contacts = acme.sandbox.exact.calls.count("POST", "*/crm/Contacts")
    calls = exact - ceil(accounts / 1000) - first["created"] - contacts
    table.add(
        "Customers: calls to Exact beyond one per 1,000 accounts and one an account or person made", calls, goal=5
    )
    assert found.forgotten == []
    assert first["created"] == len([account for account in acme.sandbox.exact.accounts(DIVISION)]) - accounts
    assert first["linked"] + first["created"] + first["ambiguous"] == CUSTOMERS
    assert report["linked"] + report["new"] == first["linked"] + first["created"]
    assert (second["linked"], second["created"], second["updated"]) == (0, 0, 0)
    assert second["ambiguous"] == first["ambiguous"] == CustomerMatch.objects.exclude(outcome="new").count()
