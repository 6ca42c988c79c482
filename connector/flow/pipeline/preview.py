"""Preview: shows what an order would become. The store is read, Exact is not called."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.choices import CustomerStrategy, DocumentKind, Mode, Policy
from connector.domain.credit.credit_note import EarlierCredit, Invoiced, NotToBeCredited, credit
from connector.domain.document.result import Problem, most_serious
from connector.domain.document.states import State
from connector.domain.invoice.draft import Draft
from connector.domain.money import minor_digits, plain, tidy
from connector.domain.order.model import Order
from connector.domain.order.refund import Refund, read_each_refund, shows_refund
from connector.flow.changes import cancelled, credit_note
from connector.flow.clock import database_now
from connector.flow.customer.account import accounts
from connector.flow.customer.account.choice import customer_for, strategy_for
from connector.flow.customer.account.collective import collective_code, uses_collective_account
from connector.flow.hold import Hold
from connector.flow.invoice import exact_document, post
from connector.flow.ledger import to_settle
from connector.flow.order import details
from connector.flow.order.fetch import fetch
from connector.flow.order.terms import Terms, terms_of
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, OrderSync
from connector.problems.catalogue import sentence

_BY_MODE = {Mode.LIVE: 0, Mode.APPROVAL: 0, Mode.SHADOW: 1, Mode.OFF: 2}


@dataclass(frozen=True, slots=True)
class Following:
    """What a refund becomes: its credit note, or in `text` why there would be none ("" for a draft).

    `refund` is 0 for one that cannot be read.
    """

    refund: int
    draft: Draft | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would become. `outcome` is draft, held or skipped; the last two have `problems`.

    `customer` names the account as far as it is known without a call. `to_settle` was paid by store credit or gift
    certificate, and a person settles it by hand; `by_hand` says so. `refunds` are those that the ledger does not have
    yet. `document` is the order's row in the ledger, if any.
    """

    connection: Connection
    order_id: int
    document: OrderSync | None
    outcome: str = ""
    problems: tuple[Problem, ...] = ()
    draft: Draft | None = None
    customer: str = ""
    payment_status: str = ""
    to_settle: Decimal | None = None
    by_hand: str = ""
    refunds: tuple[Following, ...] = ()

    @property
    def reason(self) -> str:
        """The ledger's reason; "" for a draft."""
        return str(most_serious(self.problems).reason) if self.problems else ""

    def to_json(self) -> dict[str, Any]:
        """Write the preview as JSON: ids as texts, amounts as decimal texts."""
        return {
            "order_id": str(self.order_id),
            "store": self.connection.store.store_hash,
            "division": str(self.connection.division.code),
            "mode": self.connection.mode,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "problems": list(map(sentence, self.problems)),
            "draft": self.draft.to_json() if self.draft else None,
            "customer": self.customer or None,
            "payment_status": self.payment_status or None,
            "to_settle": None if self.to_settle is None else plain(tidy(self.to_settle, 2)),
            "refunds": [
                {
                    "refund_id": str(each.refund),
                    "draft": each.draft.to_json() if each.draft else None,
                    "problem": each.text or None,
                }
                for each in self.refunds
            ],
            "document": _row(self.document),
        }


def choose(connections: list[Connection]) -> Connection:
    """Return the connection that posts the store's orders, else one in shadow mode, else the first."""
    return min(connections, key=lambda connection: (_BY_MODE[Mode(connection.mode)], connection.pk))


def preview(connection: Connection, order_id: int) -> Preview:
    """Read the order and translate it with the rules in force. Raises the store client's errors."""
    document = OrderSync.objects.filter(connection=connection, order_id=order_id, kind=DocumentKind.INVOICE).first()
    found = Preview(connection, order_id, document)
    try:
        return _translated(found)
    except Hold as hold:
        return replace(found, outcome="held", problems=hold.problems)


def _translated(found: Preview) -> Preview:
    """Translate the order as the lane would. Raises Hold and the store client's errors."""
    connection = found.connection
    document = found.document or OrderSync(connection=connection, division=connection.division, order_id=found.order_id)
    terms = terms_of(connection).with_form(exact_document.form_of(document))
    client = LaneClients(connection.division).store(connection.store)
    fetched = fetch(client, found.order_id, prices_include_tax=connection.store.prices_include_tax)
    found = replace(found, payment_status=fetched.payment_status)
    if why := terms.why_not_due(fetched.order, database_now()):
        left = cancelled.left_to_settle(document, fetched.order, why, client)
        problems = (why, *to_settle.why_of_cancelled(left, fetched.order.currency))
        return replace(found, outcome="skipped", problems=problems, to_settle=left)
    post.raise_if_posted_elsewhere(document)
    fetched, outcome = details.translate(terms, fetched, client, lambda: None)
    if not isinstance(outcome, Draft):
        raise details.hold_of(outcome)
    if not outcome.is_entry:
        post.template_id(document)
    amount = to_settle.of_invoice(connection, fetched.order, outcome)
    return replace(
        found,
        outcome="draft",
        draft=outcome,
        customer=_customer(connection, fetched.order),
        to_settle=amount,
        by_hand=to_settle.paid_text(amount, outcome.currency).translated() if amount else "",
        refunds=_refunds(found, fetched.order, outcome, terms, client) if shows_refund(fetched.order) else (),
    )


def _left_to_a_person(refund: Refund, draft: Draft, connection: Connection) -> str:
    """Return why a refund gets no credit note by itself."""
    return _("%(total)s %(currency)s was given back; the connection's setting `refunds` is %(policy)s.") % {
        "total": refund.total,
        "currency": draft.currency,
        "policy": connection.refunds,
    }


def _refunds(
    found: Preview, order: Order, draft: Draft, terms: Terms, client: BigCommerceClient
) -> tuple[Following, ...]:
    """Return what the order's refunds become once its invoice is posted. Raises the client's errors and Hold."""
    document = found.document
    posted = document is not None and document.state == State.POSTED and document.draft is not None
    basis = credit_note.invoiced(document) if document and posted else Invoiced(draft, order, ())
    number = (document.exact_number if document and posted else "") or draft.reference
    known = set(document.credits.values_list("sequence", flat=True)) if document else set()
    made, unreadable = read_each_refund(client.refunds(found.order_id), minor_digits(draft.currency))
    followings = [Following(0, text=sentence(credit_note.unreadable(each))) for each in unreadable]
    for refund, _row in made:
        if refund.id in known or refund.declined or not refund.total:
            continue
        if found.connection.refunds != Policy.CREDIT:
            followings.append(Following(refund.id, text=_left_to_a_person(refund, draft, found.connection)))
            continue
        heading = credit_note.heading_of(refund, draft.reference, number, terms.settings, database_now())
        try:
            note = credit(basis, refund, terms.settings, heading)
        except NotToBeCredited as why:
            followings.append(Following(refund.id, text=sentence(why.problem)))
        else:
            followings.append(Following(refund.id, note))
            basis = replace(basis, earlier=(*basis.earlier, EarlierCredit(refund, note, note.gross)))
    return tuple(followings)


def _customer(connection: Connection, order: Order) -> str:
    """Name the account on which the order would be booked. Raises Hold for a buyer whom nothing identifies."""
    customer = customer_for(connection, order)
    if uses_collective_account(connection, customer, order):
        return _("collective account %(account)s") % {"account": collective_code(connection, customer)}
    if nobody := customer.why_nobody():
        raise Hold((nobody,))
    if account := accounts.known_account(connection, order):
        return _("account %(account)s") % {"account": account}
    text = (
        _("the account of %(name)s, which is matched or made when it is posted")
        if strategy_for(connection, customer) == CustomerStrategy.MATCH_OR_CREATE
        else _("the account of %(name)s, which is matched when it is posted")
    )
    return text % {"name": customer.name}


def _row(document: OrderSync | None) -> dict[str, Any] | None:
    if document is None:
        return None
    return {
        "state": document.state,
        "reason": document.reason or None,
        "exact_number": document.exact_number or None,
    }
