"""The facts that a mapping is proposed from, as the domain takes them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from connector.clients.exact.latest import Latest
from connector.domain.order.model import Order
from connector.domain.rules.propose.facts import Facts
from connector.domain.vat.sold import sales_of, vat_fields_of
from connector.flow.order.terms import Terms
from connector.flow.setup.proposals.latest_invoices import used_invoices, used_lines
from connector.flow.setup.provision.apply import today
from connector.models import MasterData, Store

Kind = MasterData.Kind


def facts_of(
    store: Store, terms: Terms, rows: Iterable[MasterData], latest: Sequence[Latest], orders: Sequence[Order]
) -> Facts:
    """Return the facts. `terms` have the division's chart, and name the form fields with a VAT number."""
    by_kind: dict[str, list[MasterData]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    accounts, items = by_kind.get(Kind.GL_ACCOUNT, []), by_kind.get(Kind.ITEM, [])
    return Facts(
        chart=terms.chart,
        today=today(store),
        inclusive=_is_inclusive(store, orders),
        currency=store.currency,
        journal_names={row.code: row.name for row in by_kind.get(Kind.JOURNAL, [])},
        layouts=tuple(row.code for row in by_kind.get(Kind.LAYOUT, [])),
        account_types={row.code: int(row.data["type"]) for row in accounts if row.data.get("type")},
        revenue_of={row.code: str(row.data["gl_account"]) for row in items if row.data.get("gl_account")},
        payment_days={
            row.code: int(row.data.get("payment_days") or 0) for row in by_kind.get(Kind.PAYMENT_CONDITION, [])
        },
        used=used_lines(latest, terms.chart),
        invoices=used_invoices(latest),
        orders=len(orders),
        sales=tuple(sale for order in orders for sale in sales_of(order, terms.settings, terms.chart)),
        payments=Counter(order.payment_method for order in orders if order.payment_method),
        vat_fields=Counter(name for order in orders for name in vat_fields_of(order)),
    )


def _is_inclusive(store: Store, orders: Sequence[Order]) -> bool:
    """Whether prices include tax: as most orders say, else as the store does."""
    says = Counter(order.tax_inclusive for order in orders if order.tax_inclusive is not None)
    return says[True] > says[False] if says else bool(store.prices_include_tax)
