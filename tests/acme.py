"""Acme at work: its orders are placed, its store sends webhooks, its lane is drained; what came out is looked at."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.flow.pipeline import run_lane
from connector.flow.setup import codes
from connector.flow.setup.provision import apply
from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.run import provision
from connector.models import Breaker, Connection, Division, ExactGrant, OrderSync, Store
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import body_of, customer_body_of

STORE, DIVISION = "nlshop1", 100001


class Acme:
    """One tenant with one store and one division, and the far sides of both."""

    def __init__(self, sandbox: Sandbox, client: Client, file: dict[str, Any], answers: VendorAnswers) -> None:
        self.sandbox = sandbox
        self.client = client
        self.file = file
        self.answers = answers
        self.store = Store.objects.get(store_hash=STORE)
        self.connection = Connection.objects.get(store=self.store)

    def ring(self, order_id: int, scope: str = "store/order/created", webhook_id: str = "") -> int:
        """The store tells of an order, as BigCommerce does; returns the status that it got."""
        body = body_of(STORE, "1000001", order_id, scope, at=1_700_000_000)
        headers = {"X-Connector-Secret": self.store.hook_secret}
        if webhook_id:
            headers["webhook-id"] = webhook_id
        address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": self.store.webhook_uuid})
        return self.client.post(address, body, content_type="application/json", headers=headers).status_code

    def ring_of_customers(self) -> list[int]:
        """The store tells of what happened to customers since the last time; returns the statuses that it got."""
        address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": self.store.webhook_uuid})
        headers = {"X-Connector-Secret": self.store.hook_secret}
        bodies = [
            customer_body_of(STORE, "1000001", news, at=1_700_000_000)
            for news in self.sandbox.stores.store(STORE).take_news()
        ]
        return [
            self.client.post(address, body, content_type="application/json", headers=headers).status_code
            for body in bodies
        ]

    def drain(self, rounds: int = 8) -> bool:
        """Do all that is due, as a worker would. Return whether there was anything."""
        for turn in range(rounds):
            lanes = waiting.lanes_with_work(database_now())
            if not lanes:
                return turn > 0
            for lane in lanes:
                run_lane.drain_lane(lane)
        return True

    def settle(self, rounds: int = 6) -> None:
        """Let time pass until nothing more happens."""
        self.drain()
        for _ in range(rounds):
            self.make_due()
            if not self.drain():
                return

    def order_of_kind(self, kind: str) -> int:
        """The id of the first order of a kind in the catalogue of the store."""
        orders = self.sandbox.stores.store(STORE).orders.values()
        return next(record.order_id for record in orders if record.kind == kind)

    def order(self, order_id: int) -> Mapping[str, Any]:
        """An order as the store has it now."""
        return self.sandbox.stores.store(STORE).orders[order_id].order

    def document(self, order_id: int) -> OrderSync:
        """The first invoice of an order, in the ledger."""
        return OrderSync.objects.get(connection=self.connection, order_id=order_id, kind="invoice", sequence=1)

    def credits(self, order_id: int) -> list[OrderSync]:
        """The credit notes of an order, in the ledger."""
        return list(
            OrderSync.objects.filter(connection=self.connection, order_id=order_id, kind="credit").order_by("id")
        )

    def in_exact(self, order_id: int) -> dict[str, dict[str, Any]]:
        """All that Exact has of an order, by our reference."""
        wanted = f"{self.store.prefix}-{order_id}"
        found = [row for row in self.sandbox.exact.invoices(DIVISION) if str(row["YourRef"]).startswith(wanted)]
        assert len({row["YourRef"] for row in found}) == len(found)
        return {row["YourRef"]: row for row in found}

    def invoices(self, order_id: int | None = None) -> list[dict[str, Any]]:
        """The invoices in Exact, or those of one order."""
        found = self.sandbox.exact.invoices(DIVISION)
        wanted = f"{self.store.prefix}-{order_id}"
        return [invoice for invoice in found if order_id is None or invoice["YourRef"] == wanted]

    def invoice(self, order_id: int) -> dict[str, Any]:
        """The one invoice of an order."""
        (only,) = self.invoices(order_id)
        return only

    def exact_calls(self, glob: str = "*/api/v1/*") -> int:
        """How many calls Exact has had."""
        return self.sandbox.exact.calls.count(glob=glob)

    def store_calls(self, glob: str = "*") -> int:
        """How many calls the store has had."""
        return self.sandbox.stores.calls.count(glob=glob)

    def total(self, order_id: int) -> Decimal:
        """What the customer paid."""
        return Decimal(self.order(order_id)["total_inc_tax"])

    def make_due(self) -> None:
        """Let the time pass until everything that waits is due; an endpoint that has closed may be tried by all."""
        waiting = OrderSync.objects.exclude(next_attempt_at=None)
        waiting.update(next_attempt_at=database_now())
        OrderSync.objects.exclude(recheck_at=None).update(recheck_at=database_now())
        Division.objects.update(closed_until=None, minute_ends_at=None, day_ends_at=None)
        long_ago = database_now() - timedelta(hours=1)
        Breaker.objects.exclude(open_until=None).update(open_until=long_ago, tried_at=None)
        Breaker.objects.update(refused={})
        ExactGrant.objects.update(refresh_after=None)
        OrderSync.objects.exclude(sent_at=None).exclude(state="posted").update(sent_at=long_ago)
        Store.objects.update(closed_until=None, calls_end_at=None)

    def provision(self, file: Mapping[str, Any]) -> None:
        """Run the provision command's work with another file."""
        provision(file, with_hooks=False, tell=lambda line: None)

    def configure(self, **changes: Any) -> None:
        """Write other settings and rules of the connection, as the provision command does. The vendors, who would
        answer what they answered at the first provisioning, are not asked."""
        file = read_file({**self.file, "connections": [{**self.file["connections"][0], **changes}]})
        codes.check(file, self.answers)
        stores = {
            spec["store_hash"]: apply.store_from(spec, self.answers, self.store.tenant) for spec in file["stores"]
        }
        apply.apply(file, self.answers, stores)
