"""The world of one lane: its own database and sandbox, which are reset after each run.

Two tenants live in it. Acme's orders go through the runs; the rival's rows stand there to show that nobody touches
them.
"""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from connector.flow import clock
from connector.flow.clock import database_now
from connector.flow.pipeline import run_lane
from connector.flow.setup.provision.run import provision
from connector.models import Connection, Delivery, Division, ExactGrant, OrderSync, Store
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import CREATED, Event
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import ANNA, BRAM, SOLD, STUDIO
from connector.sandbox.catalogue.shops import NLSHOP
from connector.sandbox.exact.bank import TRANSACTION_LINES
from connector.sandbox.exact.entries import SALES_ENTRIES, SALES_ENTRY_LINES
from connector.sandbox.exact.state import INVOICES, LINES
from tenants.fields import sealed_for
from tests.faults.clock import Clock
from tests.faults.documents import DIVISION, STORE
from tests.faults.invariants import Rows
from tests.faults.plan import Plan, Sold
from tests.faults.workers import Job, WorkerProcesses

RIVAL_STORE, RIVAL_DIVISION = "frshop1", 200002
TABLES = [
    INVOICES,
    LINES,
    SALES_ENTRIES,
    SALES_ENTRY_LINES,
    TRANSACTION_LINES,
    "crm/Accounts",
    "crm/Addresses",
    "crm/Contacts",
]
KNOWN = {ANNA, BRAM, STUDIO}
FIRST_ORDER = 5001
# Of printed and of open invoices each. A run refunds at most seven orders, each once.
POSTED_BEFORE = 8
LONG = 6  # lines; longer carts take more time and test nothing more
PLACED = datetime(2026, 3, 2, 9, tzinfo=UTC)
# No run changes these tables, except the one of the clock.
LEFT_ALONE = {"moved_clock", "django_migrations", "django_content_type", "connector_masterdata"}
PEOPLE = ("auth_", "tenants_", "django_admin_", "django_session")

# Only changed rows are written: when every run writes every row, the tables grow.
BACK = """
    DELETE FROM public."{name}" now
        WHERE NOT EXISTS (SELECT FROM kept."{name}" AS was WHERE was."{key}" = now."{key}" AND was.* *= now.*);
    INSERT INTO public."{name}" SELECT * FROM kept."{name}" AS was
        WHERE NOT EXISTS (SELECT FROM public."{name}" AS now WHERE now."{key}" = was."{key}")
"""
SWEPT_EVERY = 25  # runs between two VACUUMs: autovacuum is too slow here


class LaneWorld:
    """Prepares the world once. `reset` restores it and places the orders of a run."""

    def __init__(self, workers: WorkerProcesses, *, quiet: bool = True) -> None:
        self.workers = workers
        self.quiet = quiet
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the models as they are
        call_command("migrate", verbosity=0, run_syncdb=True)
        call_command("createcachetable", verbosity=0)
        self.sandbox = Sandbox().start()
        settings.BIGCOMMERCE_API_URL, settings.EXACT_ONLINE_URL = self.sandbox.store_url, self.sandbox.exact_url
        clock.READING_SERVES = 0.0
        self.clock = Clock(self.sandbox.exact, self.sandbox.stores)
        self.exact = self.sandbox.exact
        self.grants = {"acme": self._provision("acme", STORE, DIVISION)}
        self.grants["rival"] = self._provision("rival", RIVAL_STORE, RIVAL_DIVISION)
        self.lane = Division.objects.get(code=DIVISION).pk
        self._posted: dict[bool, list[int]] = {}
        self._post_before()
        self._back = self._keep_rows()
        self._exact_rows = {name: deepcopy(self.exact.divisions[DIVISION].table(name)) for name in TABLES}
        self.rival = Rows("rival")
        self.consents: list[datetime] = []
        self._resets = 0
        self._orders = dict(self.sandbox.stores.store(STORE).orders)

    def reset(self, plan: Plan) -> list[int]:
        """Restore everything, give a new consent, and place the orders of a run; returns their ids."""
        self.clock.reset()
        self.consents.clear()
        self._resets += 1
        with connection.cursor() as cursor:
            cursor.execute(self._back)
            if self._resets % SWEPT_EVERY == 0:
                cursor.execute("VACUUM")
        self._reset_exact()
        self._reset_store()
        self.consent()
        Connection.objects.filter(store__store_hash=STORE).update(finalize=plan.finalize, **plan.document.asks)
        return [self._order(plan, index) for index in range(len(plan.sold))]

    def _order(self, plan: Plan, index: int) -> int:
        """Return an order of the run: a posted order that is refunded now, or a new one."""
        sold, posted = plan.sold[index], self._posted[plan.finalize]
        if not sold.refund:
            return self._place(FIRST_ORDER + index, self._cart(sold))
        order_id = posted[(plan.sold[0].cart + index) % len(posted)]
        self._refund(order_id, sold.refund)
        return order_id

    def _refund(self, order_id: int, what: str) -> None:
        """Refund everything, one piece, a shipping or an amount. Without shipping costs, refund everything."""
        shop = self.sandbox.stores.store(STORE)
        record = shop.orders[order_id]
        self._orders[order_id] = deepcopy(record)
        shipping = [cost for row in record.shipping_addresses if (cost := Decimal(row["cost_inc_tax"]))]
        if what == "piece":
            shop.refund(order_id, {record.products[0]["id"]: 1})
        elif what == "amount":
            shop.refund(order_id, whole=Decimal("2.50"))
        elif what == "shipping" and shipping:
            shop.refund(order_id, shipping=shipping[0])
        else:
            shop.refund(order_id)

    def consent(self) -> None:
        """Give a new consent, as a person does in the portal."""
        self.consents.append(self.exact.now())
        grant = ExactGrant.objects.get(pk=self.grants["acme"])
        ExactGrant.objects.filter(pk=grant.pk).update(
            refresh_token=sealed_for(grant, "refresh_token", self.exact.issue_refresh_token()),
            access_token="",
            access_expires_at=None,
            consented_at=database_now(),
            state="active",
        )

    def job(self, armed: str = "", events: tuple[Event, ...] = ()) -> Job:
        """Return a job for a worker in this world."""
        return Job(
            self.lane, events, armed, self.clock.skew, self.sandbox.store_url, self.sandbox.exact_url, self.quiet
        )

    def close(self) -> None:
        """Stop the fakes."""
        self.sandbox.stop()

    def _provision(self, slug: str, store: str, division: int) -> int:
        file = self.sandbox.provision_file(password="somebody-has-a-password")
        file["tenant"] = {**file["tenant"], "slug": slug, "name": slug, "alert_emails": []}
        file["users"] = []
        file["stores"] = [one for one in file["stores"] if one["store_hash"] == store]
        file["connections"] = [one for one in file["connections"] if one["store"] == store]
        file["exact"][0] |= {"name": slug, "divisions": [division]}
        provision(file, with_hooks=False, tell=lambda line: None)
        return int(ExactGrant.objects.get(name=slug).pk)

    def _post_before(self) -> None:
        """Post the rival's order, and printed and open orders of the customers that Acme must know already."""
        rivals = Store.objects.get(store_hash=RIVAL_STORE)
        theirs = min(self.sandbox.stores.store(RIVAL_STORE).orders)
        Delivery.objects.create(store=rivals, webhook_id="1", order_id=theirs)
        run_lane.drain_lane(Division.objects.get(code=RIVAL_DIVISION).pk)
        carts = [index for index, cart in enumerate(SOLD) if cart.buyer in KNOWN and len(cart.items) < LONG]
        for finalize, some in ((True, carts[::2]), (False, carts[1::2])):
            Connection.objects.filter(store__store_hash=STORE).update(finalize=finalize)
            self._posted[finalize] = [self._place(1 + index, index) for index in some[:POSTED_BEFORE]]
            for order in self._posted[finalize]:
                self.workers.warm_up(self.job(events=(Event(STORE, order, CREATED),)))
            self.clock.advance(60)  # the calls of a minute are used up: a fast machine posts all of them within one
        states = OrderSync.objects.values_list("state", flat=True)
        assert list(states) == ["posted"] * (1 + 2 * POSTED_BEFORE), list(states)
        self.clock.reset()

    def _place(self, order_id: int, cart: int) -> int:
        record = build(NLSHOP, SOLD[cart], order_id, PLACED)
        return self.sandbox.stores.store(STORE).place(record).order_id

    def _cart(self, sold: Sold) -> int:
        wanted = [
            index
            for index, cart in enumerate(SOLD)
            if (cart.buyer in KNOWN) == (sold.customer == "known") and len(cart.items) < LONG
        ]
        return wanted[sold.cart % len(wanted)]

    def _keep_rows(self) -> str:
        """Copy every table; returns the statements that restore changed rows."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA kept")
            names = connection.introspection.table_names(cursor)
            tables = [name for name in names if name not in LEFT_ALONE and not name.startswith(PEOPLE)]
            keys = {name: connection.introspection.get_primary_key_column(cursor, name) for name in tables}
            for name in tables:
                cursor.execute(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"')
        back = [BACK.format(name=name, key=key) for name, key in keys.items()]
        return "; ".join(["BEGIN; SET LOCAL session_replication_role = replica", *back, "COMMIT"])

    def _reset_exact(self) -> None:
        exact = self.exact
        exact.faults.clear()
        exact.calls.clear()
        for name, rows in self._exact_rows.items():
            table = exact.divisions[DIVISION].table(name)
            table.clear()
            table.update({key: dict(row) for key, row in rows.items()})
        exact.oauth.grants.clear()
        exact.oauth.access.clear()
        for counted in (exact.limits.used, exact.limits.errors, exact.limits.blocked):
            counted.clear()
        exact.set(enforce_limits=True, enforce_error_limit=True)

    def _reset_store(self) -> None:
        stores = self.sandbox.stores
        stores.faults.clear()
        stores.calls.clear()
        orders = stores.store(STORE).orders
        orders.clear()
        orders.update(self._orders)
        stores.store(STORE).before.clear()
        stores.store(STORE).refunds.clear()
