"""Changes on both sides at random: each detail is as its owner says afterwards, once, and nothing is lost.

24 changes on each side; CUSTOMER_CHANGES=500 takes as many as the product must carry.
"""

import os
from collections.abc import Iterator
from random import Random

import pytest

from connector.flow.clock import database_now
from connector.models import CustomerConflict, CustomerEvent, DirectoryAccount, StoreCustomer
from tests.acme import Acme
from tests.flow.customer.linked import Linked

CHANGES = int(os.environ.get("CUSTOMER_CHANGES", "24"))
CUSTOMERS = max(6, CHANGES // 4)
pytestmark = pytest.mark.usefixtures("one_reading")


class Truth:
    """What a customer's details must be in the end: the e-mail address is the newest's, the name the store's."""

    def __init__(self, pair: Linked, number: int) -> None:
        self.pair, self.number = pair, number
        self.emails = {"store": f"c{number}@dijk.example", "exact": f"c{number}@dijk.example"}
        self.names = {"store": "Vera Dijk", "exact": "Vera Dijk"}
        self.changed: set[tuple[str, str]] = set()

    def change(self, side: str, what: str, value: int) -> None:
        """Somebody changes a detail on one side."""
        self.changed.add((side, what))
        if what == "email":
            self.emails[side] = f"{side}-{value}@dijk.example"
            name = "email" if side == "store" else "Email"
            getattr(self.pair, f"change_{side}")(**{name: self.emails[side]})
        elif side == "store":
            self.names["store"] = f"Vera Store{value}"
            self.pair.change_store(last_name=f"Store{value}")
        else:
            self.names["exact"] = f"Vera Exact{value}"
            self.pair.change_exact(Name=self.names["exact"])

    def expected(self) -> tuple[str, str, str, str]:
        """The e-mail address in the store and in Exact, and the name in the store and in Exact."""
        emails, names = dict(self.emails), dict(self.names)
        by = {side for side, what in self.changed if what == "email"}
        if len(by) == 1:
            (side,) = by
            emails = {"store": self.emails[side], "exact": self.emails[side]}
        if ("store", "name") in self.changed:
            names["exact"] = names["store"]
        return emails["store"], emails["exact"], names["store"], names["exact"]

    def found(self) -> tuple[str, str, str, str]:
        """The same, as both sides have them."""
        customer, account = self.pair.in_store(), self.pair.account()
        name = f"{customer['first_name']} {customer['last_name']}"
        return customer["email"], account["Email"], name, account["Name"]

    def lost(self) -> Iterator[str]:
        """What was overwritten: it must stand in the history."""
        email_in_store, email_in_exact, _name, name_in_exact = self.expected()
        known = {"email_store": email_in_store, "email_exact": email_in_exact, "name_exact": name_in_exact}
        if self.emails["store"] != known["email_store"]:
            yield self.emails["store"]
        if self.emails["exact"] != known["email_exact"]:
            yield self.emails["exact"]
        if self.names["exact"] != known["name_exact"]:
            yield self.names["exact"]


def report_all() -> None:
    StoreCustomer.objects.update(due_at=database_now())
    DirectoryAccount.objects.update(due_at=database_now())


def drain(acme: Acme) -> None:
    for _turn in range(CUSTOMERS):
        acme.make_due()
        if not acme.drain():
            return


def test_changes_on_both_sides_end_as_their_owners_say(acme: Acme) -> None:
    random = Random(16)
    every = []
    for number in range(CUSTOMERS):
        email = f"c{number}@dijk.example"
        every.append(Truth(Linked(acme, {"email": email}, {"Email": email}), number))
    for value in range(CHANGES):
        for side in ("store", "exact"):
            random.choice(every).change(side, random.choice(("email", "name")), value)
    report_all()
    drain(acme)
    assert [truth.found() for truth in every] == [truth.expected() for truth in every]
    both = [t for t in every if {("store", "email"), ("exact", "email")} <= t.changed]
    assert both
    assert CustomerConflict.objects.filter(decided_at=None).count() == len(both)
    befores = [value for event in CustomerEvent.objects.all() for value in event.before.values()]
    assert [value for truth in every for value in truth.lost() if value not in befores] == []
    writes, lines = every[0].pair.writes(), CustomerEvent.objects.count()
    report_all()
    drain(acme)
    assert (every[0].pair.writes(), CustomerEvent.objects.count()) == (writes, lines)
