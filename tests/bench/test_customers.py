"""Many customers pulled over HTTP and held against the truth: no account twice, none of another party, none untold.

`CUSTOMERS=5000` takes so many customers. Then every fifth e-mail address changes, in the store and in Exact in turn.
"""

import json
import os
from collections import Counter
from io import StringIO
from math import ceil

import pytest
from django.core.management import call_command

from connector.models import CustomerLink, CustomerMatch
from tests.acme import DIVISION, STORE, Acme
from tests.bench.customers.generator import World, generate
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
    table.add("Customers: calls to Exact beyond its pages and what is made", calls, goal=5)
    assert found.forgotten == []
    assert first["created"] == len([account for account in acme.sandbox.exact.accounts(DIVISION)]) - accounts
    assert first["linked"] + first["created"] + first["ambiguous"] == CUSTOMERS
    assert report["linked"] + report["new"] == first["linked"] + first["created"]
    assert (second["linked"], second["created"], second["updated"]) == (0, 0, 0)
    change_and_compare(acme, world, table)
    assert second["ambiguous"] == first["ambiguous"] == CustomerMatch.objects.exclude(outcome="new").count()


def change_and_compare(acme: Acme, world: World, table: Table) -> None:
    """Change addresses on both sides, pull twice, and see them on the other side, with no other account or write."""
    store = acme.sandbox.stores.store(STORE)
    expected = {}
    for number, (key, account) in enumerate(apart()[: CUSTOMERS // 5]):
        expected[key, account] = email = f"changed{number}@people.example"
        if number % 2:
            store.change_customer(int(key), email=email)
        else:
            acme.sandbox.exact.edit(DIVISION, account, Email=email)
    before = writes(acme)
    carried = pull()
    in_exact = {row["ID"]: row.get("Email") for row in acme.sandbox.exact.accounts(DIVISION)}
    missed = [
        each
        for each, email in expected.items()
        if (store.customers[int(each[0])]["email"], in_exact[each[1]]) != (email, email)
    ]
    needed, found = writes(acme) - before, against_truth(acme, world)
    again = pull()
    table.add("Customers: changed addresses that are not on both sides", len(missed), goal=0)
    table.add("Customers: accounts twice and wrong links after the changes", len(found.doubled + found.wrong), goal=0)
    table.add("Customers: writes of a pull after that", writes(acme) - before - needed, goal=0)
    assert (carried["updated"], again["updated"]) == (len(expected), 0)


def apart() -> list[tuple[str, str]]:
    """The customers with an account of their own, and that account."""
    rows = list(CustomerLink.objects.exclude(account_id="").order_by("pk").values_list("customer_key", "account_id"))
    shared = Counter(account for _key, account in rows)
    return [(key, account) for key, account in rows if shared[account] == 1]
