"""Makes certain that an edited order's next invoice can be posted, before the one that it replaces is credited."""

from collections.abc import Callable

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact.client import ExactClient
from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.credit.credit_note import numbered
from connector.domain.document.codes import Code
from connector.domain.document.result import as_param
from connector.domain.document.states import State
from connector.domain.invoice.draft import Draft, eu_sales_code
from connector.flow.changes import credit_note
from connector.flow.changes.follow_up_rows import next_invoice_row
from connector.flow.clock import database_now
from connector.flow.customer.account import accounts
from connector.flow.hold import Hold
from connector.flow.invoice import booking_date, post
from connector.flow.invoice.make_items import Work as Making
from connector.flow.invoice.make_items import with_all_items
from connector.flow.order import details
from connector.flow.order.fetch import Fetched
from connector.flow.order.terms import Terms
from connector.models import OrderSync


def waits_for(credit: OrderSync) -> OrderSync | None:
    """Return the invoice that a credit note is replaced by; None when there is none, or it needs no credit note."""
    if credit.sequence >= 0:
        return None
    invoices = OrderSync.objects.filter(
        connection=credit.connection_id, order_id=credit.order_id, kind=DocumentKind.INVOICE
    )
    found = invoices.filter(sequence=credit_note.original(credit).sequence + 1)
    return found.exclude(state__in=[State.POSTED, State.SKIPPED]).select_related("connection__store").first()


def raise_if_impossible(
    invoice: OrderSync,
    fetched: Fetched,
    terms: Terms,
    *,
    store: BigCommerceClient,
    exact: ExactClient,
    renew: Callable[[], object],
    make_account: bool,
) -> None:
    """Raise Hold when the invoice after this one could not be posted now: no account, code, period or template.

    `make_account`: all else is certain, so items and an account that are missing are made as the last step. Before
    that nothing is written in Exact. Raises the clients' errors.
    """
    connection = invoice.connection
    following = next_invoice_row(invoice)
    terms = terms.with_form(DocumentForm(connection.document))
    if why := terms.why_not_due(fetched.order, database_now()):
        raise Hold(Code.NEXT_INVOICE_NOT_DUE, why=as_param(why))
    post.raise_if_posted_elsewhere(following)
    fetched, outcome = details.translate(terms, fetched, store, renew)
    if not isinstance(outcome, Draft):
        raise details.hold_of(outcome)
    post.template_id(following)
    booking_date.day_for(following, numbered(outcome, following.sequence))
    renew()
    listed = eu_sales_code(outcome, terms.chart)
    accounts.raise_if_no_account(connection, fetched.order, exact, listed=listed)
    if make_account:
        outcome = with_all_items(outcome, terms.chart, Making(connection, following.order_id, exact, renew))
        delivered = not following.is_entry
        accounts.find_or_create_account(connection, fetched.order, exact, listed=listed, delivered=delivered)
