"""A lane (a division with its lease), and the document that is worked on."""

import time
from dataclasses import dataclass, field
from decimal import Decimal

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import Order
from connector.flow import fault_points, leases
from connector.flow.changes import next_invoice
from connector.flow.customer.account.accounts import Party
from connector.flow.customer.copies import forgotten
from connector.flow.inbox.backfill.typed_since import Look
from connector.flow.invoice import exact_document
from connector.flow.invoice.stock import Seen
from connector.flow.lane.due import Found
from connector.flow.order.chart import Codes
from connector.flow.order.fetch import Fetched, fetch
from connector.flow.order.terms import Remembered, Terms
from connector.flow.outbound.clients import LaneClients
from connector.models import Division, OrderSync

# Seconds between two renewals. Each call to Exact renews the lease too, so this is for the calls to a store.
RENEW_EVERY = 10.0


@dataclass(slots=True)
class Lane:
    """A division that this worker has leased, with its clients and what the turn remembers."""

    division: Division
    lease: leases.Lease
    clients: LaneClients
    remembered: Remembered = field(default_factory=Remembered)
    renewed: float = field(default_factory=time.monotonic)
    stock: Seen = field(default_factory=Seen)  # of what lies in the warehouses, after a refusal
    looks: dict[int, Look] = field(default_factory=dict)  # at what was typed in since, by backfill
    look_only: bool = False  # nothing is sent: documents are looked up after a restore

    def renew(self) -> None:
        """Prolong the lease when that is due. Raises LeaseLost when another worker has taken the lane."""
        if time.monotonic() - self.renewed >= RENEW_EVERY:
            leases.renew(self.lease)
            self.renewed = time.monotonic()


@dataclass(slots=True)
class Work:
    """One document, and what the stages of this turn have found so far."""

    lane: Lane
    found: Found
    order: Order | None = None
    draft: Draft | None = None
    party: Party | None = None
    rate: Decimal | None = None  # of the foreign sales entry that is credited
    invoice: Invoice | None = None  # as Exact answered in this turn; None: not read yet

    @property
    def document(self) -> OrderSync:
        """The document that is worked on."""
        return self.found.document

    @property
    def exact(self) -> ExactClient:
        """The client of the lane's division."""
        return self.lane.clients.exact

    @property
    def store(self) -> BigCommerceClient:
        """The client of the document's store."""
        return self.lane.clients.store(self.document.connection.store)

    @property
    def terms(self) -> Terms:
        """The terms of the document's connection."""
        document = self.document
        terms = self.lane.remembered.terms_of(document.connection, self.found.rules)
        terms = terms.with_form(exact_document.form_of(document))
        return terms.for_any_day() if document.chosen_at or document.backfilled else terms

    @property
    def codes(self) -> Codes:
        """The master data of the division."""
        return self.lane.remembered.codes_of(self.document.connection.division)

    def fetch(self) -> Fetched:
        """Read the order from the store. Raises the client's errors."""
        prices_include_tax = self.document.connection.store.prices_include_tax
        fetched = fetch(self.store, self.document.order_id, prices_include_tax=prices_include_tax)
        fault_points.reach("fetched")
        return forgotten.as_kept(self.document.connection, fetched)

    def check_next_invoice(self, invoice: OrderSync, fetched: Fetched, *, make_account: bool = False) -> None:
        """Raise Hold when the invoice after this one could not be posted now, and the clients' errors.

        `make_account`: this one is credited next, so the account of the other must be there.
        """
        self.lane.renew()
        next_invoice.raise_if_impossible(
            invoice,
            fetched,
            self.terms,
            store=self.store,
            exact=self.exact,
            renew=self.lane.renew,
            make_account=make_account,
        )

    def prepared(self) -> tuple[Order, Draft]:
        """Return the order and the draft that an earlier stage of this turn has set."""
        assert self.order is not None
        assert self.draft is not None
        return self.order, self.draft
