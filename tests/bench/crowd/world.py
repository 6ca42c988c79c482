"""The sandbox with a shop and a division of its own for each organisation, and their provision files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import CREATED, Event
from connector.sandbox.catalogue import SHOPS, Shop, nlshop
from connector.sandbox.catalogue.build import build
from connector.sandbox.demo_setup import provision_file
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET

FIRST_DIVISION = 700_001
FIRST_ORDER = 10_001
# What people buy most: customers that Exact knows after their first order, and guests.
CARTS = nlshop.SOLD[:15]


@dataclass(frozen=True, slots=True)
class Organisation:
    """One merchant: a shop, and the division that its orders go to."""

    shop: Shop
    division: int

    @classmethod
    def number(cls, number: int) -> "Organisation":
        name = f"crowd{number:04}"
        shop = Shop(
            name, f"Shop {number}", str(2_000_000 + number), "NL", True, f"C{number:04}", f"{name}.example", "UTC"
        )
        return cls(shop, FIRST_DIVISION + number)


class World:
    """Both fakes with all organisations. Exact's limits are wide, so that the machine is what is measured."""

    def __init__(self, organisations: int) -> None:
        self.sandbox = Sandbox()
        self.sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
        self.organisations = [Organisation.number(number) for number in range(organisations)]
        for one in self.organisations:
            self.sandbox.stores.open(one.shop)
            self.sandbox.exact.add_division(one.division, one.shop.name, one.shop.country)

    def file(self, one: Organisation) -> dict[str, Any]:
        """The provision file of an organisation, with a consent of its own."""
        exact = self.sandbox.exact
        grant = {
            "name": "Exact",
            "region": "nl",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": exact.issue_refresh_token(CLIENT_ID, frozenset({one.division})),
            "divisions": [one.division],
        }
        file = provision_file(grant, password="", shops=SHOPS[:1])
        shop = one.shop
        file["tenant"] = {"slug": shop.store_hash, "name": shop.name, "timezone": "Europe/Amsterdam"}
        file["users"] = []
        named = ("name", "store_hash", "client_id", "client_secret", "access_token", "prefix")
        file["stores"][0].update({name: getattr(shop, name) for name in named})
        file["connections"][0].update(store=shop.store_hash, division=one.division)
        return file

    def place(
        self, orders: int, first: int = FIRST_ORDER, *, among: Sequence[Organisation] | None = None
    ) -> list[Event]:
        """Have every shop, or those of some, take so many orders.

        The events are as they come: each shop's next order in turn.
        """
        events = []
        now = self.sandbox.stores.now()
        for number in range(first, first + orders):
            for one in self.organisations if among is None else among:
                placed = now - timedelta(seconds=orders - number + first)
                record = build(one.shop, CARTS[number % len(CARTS)], number, placed)
                self.sandbox.stores.store(one.shop.store_hash).place(record)
                events.append(Event(one.shop.store_hash, number, CREATED))
        return events

    def expected(self) -> dict[str, Decimal]:
        """What each order's customer paid, by our reference."""
        return {
            f"{one.shop.prefix}-{number}": Decimal(record.order["total_inc_tax"])
            for one in self.organisations
            for number, record in self.sandbox.stores.store(one.shop.store_hash).orders.items()
        }

    def invoices(self) -> dict[str, list[Decimal]]:
        """The totals of all invoices in Exact, by our reference."""
        found: dict[str, list[Decimal]] = {}
        for one in self.organisations:
            for row in self.sandbox.exact.invoices(one.division):
                found.setdefault(str(row["YourRef"]), []).append(Decimal(row["AmountFC"]))
        return found
