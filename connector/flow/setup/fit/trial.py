"""Tries orders: each is translated as posting does it. Exact is not called, and the ledger is not written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import Forbidden
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem, problem
from connector.domain.fit.outcome import Outcome, of_draft, without_document
from connector.domain.invoice.draft import Draft, eu_sales_code
from connector.domain.order.vat_number import read_vat_number
from connector.domain.rules.filed import read_rule_book
from connector.flow.clock import database_now
from connector.flow.customer.account import accounts
from connector.flow.hold import Hold, refusal
from connector.flow.invoice import booking_date, post
from connector.flow.order import details
from connector.flow.order.chart import chart_of
from connector.flow.order.fetch import Fetched
from connector.flow.order.terms import Terms, settings_of, terms_of
from connector.flow.setup.recent_orders import Recent
from connector.models import Connection, OrderSync
from connector.problems.catalogue import STORE


@dataclass(frozen=True, slots=True)
class Tried:
    """What an order would become; the order with the details that were read, None when it cannot be read; the draft."""

    outcome: Outcome
    fetched: Fetched | None
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Trial:
    """With what orders are tried. The connection need not be saved; then it has a store, a division and settings."""

    connection: Connection
    terms: Terms
    client: BigCommerceClient

    @classmethod
    def of(cls, connection: Connection, client: BigCommerceClient, rules: Mapping[str, Any] | None = None) -> Self:
        """Return the trial of a connection with its rules in force, or with others in the provision file's form."""
        terms = (
            terms_of(connection)
            if rules is None
            else Terms(
                settings_of(connection),
                read_rule_book(rules),
                None,
                chart_of(connection.division),
                connection.division,
            )
        )
        # The first day is when posting begins. The question is whether orders fit, and it is asked of earlier ones.
        return cls(connection, terms.for_any_day(), client)

    def outcome(self, order: Recent) -> Outcome:
        """Return what an order would become. Raises the store client's errors."""
        return self.tried(order).outcome

    def tried(self, order: Recent) -> Tried:
        """Return what an order would become, with its draft. Raises the store client's errors."""
        fetched, zone = order.fetched, self.terms.settings.time_zone
        if fetched is None:
            return Tried(Outcome(str(order.order_id), problems=order.problems), None, None)
        try:
            document = self._document_due(fetched)
            fetched, translated = self._translated(fetched)
            draft = self._checked(document, fetched, translated)
        except Hold as hold:
            return Tried(without_document(fetched.order, zone, hold.problems), fetched, None)
        b2b = bool(read_vat_number(fetched.order, self.terms.settings.vat_number_fields))
        return Tried(of_draft(fetched.order, zone, draft, b2b=b2b), fetched, draft)

    def _document_due(self, fetched: Fetched) -> OrderSync:
        """Return the order's document, not saved. Raises Hold when none is due, or it is in another division."""
        if why := self.terms.why_not_due(fetched.order, database_now()):
            raise Hold((why,))
        connection = self.connection
        document = OrderSync(connection=connection, division=connection.division, order_id=int(fetched.order.id))
        document.form = self.terms.settings.document
        post.raise_if_posted_elsewhere(document)
        return document

    def _translated(self, fetched: Fetched) -> tuple[Fetched, Draft | Held | Needs]:
        """Translate the order, with the details that rules need. Raises Hold and the store client's errors."""
        try:
            return details.translate(self.terms, fetched, self.client, lambda: None)
        except Forbidden as error:
            raise Hold((right_missing(error),)) from error

    def _checked(self, document: OrderSync, fetched: Fetched, translated: Draft | Held | Needs) -> Draft:
        """Return the draft after every check that needs no call to Exact. Raises Hold."""
        if not isinstance(translated, Draft):
            raise details.hold_of(translated)
        post.template_id(document)
        booking_date.day_for(document, translated)
        listed = eu_sales_code(translated, self.terms.chart)
        if nobody := accounts.why_no_account(self.connection, fetched.order, listed=listed):
            raise Hold((nobody,))
        return translated


def right_missing(error: Forbidden) -> Problem:
    """Return the problem that a document would have: the store refuses a detail that a rule needs."""
    left = {"stands": "", "noun": "", "number": ""}
    return problem(Code.RIGHT_MISSING, **refusal(STORE, error, ()), **left, right=error.reason)
