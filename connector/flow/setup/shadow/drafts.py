"""The drafts of shadow mode: which are compared, and what each says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet

from connector.domain.choices import DocumentForm, DocumentKind, InvoiceDate
from connector.domain.customer.customer import Customer
from connector.domain.customer.marks import marks_of
from connector.domain.document.match import PlacedOrder
from connector.domain.document.shadow import Side, sums_of
from connector.domain.document.states import SkipReason, State
from connector.domain.invoice.draft import Draft
from connector.flow.customer.account.choice import customer_for
from connector.flow.customer.account.collective import collective_codes, uses_collective_account
from connector.flow.customer.copies import directory
from connector.flow.order.fetch import read
from connector.models import Connection, CustomerLink, OrderSync

MOST: Final = 2000
"""So many of the newest drafts are compared at most."""
SPAN: Final = timedelta(days=92)
"""Orders that are older than the newest one by more are left out: a draft may be of an old order that was edited."""
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft that was shown and not posted, with the order as it is matched and the draft as it is compared.

    `document` and `rules` are the keys of its row and of its version of the rules.
    """

    document: int
    rules: int | None
    placed: PlacedOrder
    side: Side


def in_shadow(connection: Connection) -> QuerySet[OrderSync]:
    """The invoices that were translated in shadow mode."""
    return OrderSync.objects.filter(
        connection=connection,
        state=State.SKIPPED,
        reason=SkipReason.SHADOW,
        kind=DocumentKind.INVOICE,
        draft__isnull=False,
    )


def first_day(connection: Connection) -> date | None:
    """Return the day of the oldest order that is compared, in the store's time zone; None when there is no draft."""
    days = in_shadow(connection).order_by("-id").values_list("draft__order_date", flat=True)[:MOST]
    found = [date.fromisoformat(day) for day in days]
    return min((day for day in found if day >= max(found) - SPAN), default=None)


def shown(connection: Connection, since: date) -> Iterator[list[Shown]]:
    """Yield the drafts of orders from a day on, the newest first, some at a time."""
    columns = ("pk", "order_id", "rules_id", "draft", "order_data")
    newest = in_shadow(connection).order_by("-id").values_list("pk", flat=True)[:MOST]
    keys = list(newest)
    found = (directory.by_code(connection.division, code) for code in collective_codes(connection))
    collective = frozenset(account.id for account in found if account)
    for start in range(0, len(keys), BATCH):
        rows = OrderSync.objects.filter(pk__in=keys[start : start + BATCH]).only(*columns).order_by("-id")
        yield list(_shown(connection, rows, since, collective))


def _shown(
    connection: Connection, rows: Iterable[OrderSync], since: date, collective: frozenset[str]
) -> Iterator[Shown]:
    drafts = [(row, Draft.from_json(row.draft or {}), _customer(connection, row)) for row in rows]
    drafts = [each for each in drafts if each[1].order_date >= since]
    linked = _linked(connection, [customer for _row, _draft, customer in drafts])
    for row, draft, customer in drafts:
        known = linked.get(customer.key, frozenset())
        of_all = uses_collective_account(connection, customer)
        placed = PlacedOrder(
            id=row.order_id,
            reference=draft.reference,
            total=draft.gross,
            currency=draft.currency,
            day=draft.order_date,
            customers=marks_of((customer.company, customer.person), [customer.email], () if of_all else known),
        )
        yield Shown(row.pk, row.rules_id, placed, side_of(draft, connection, collective if of_all else known))


def side_of(draft: Draft, connection: Connection, accounts: frozenset[str]) -> Side:
    """Return a draft as it is compared. Its day counts only where the connection dates by the order."""
    dated = (draft.is_entry or connection.finalize) and connection.invoice_date == InvoiceDate.ORDER
    return Side(
        currency=draft.currency,
        gross=draft.gross,
        vat_codes=sums_of((line.vat_code, line.net, line.vat, line.vat_rule) for line in draft.lines),
        gl_accounts=sums_of((line.gl_account, line.net, line.vat, line.rule) for line in draft.lines),
        cost_centers=sums_of((line.cost_center, line.net, line.vat, line.rule) for line in draft.lines),
        accounts=accounts,
        dated=draft.order_date if dated else None,
        payment_condition=draft.payment_condition,
        form=(DocumentForm.SALES_ENTRY if draft.is_entry else DocumentForm.SALES_INVOICE).value,
    )


def _customer(connection: Connection, row: OrderSync) -> Customer:
    return customer_for(connection, read(row.order_data or {}).order)


def _linked(connection: Connection, customers: Sequence[Customer]) -> Mapping[str, frozenset[str]]:
    """Return the accounts that are known to be the customers', by the customer's key."""
    links = CustomerLink.objects.filter(
        store=connection.store_id,
        division=connection.division_id,
        customer_key__in={customer.key for customer in customers if customer.key},
    ).exclude(account_id="")
    return {key: frozenset({account.casefold()}) for key, account in links.values_list("customer_key", "account_id")}
