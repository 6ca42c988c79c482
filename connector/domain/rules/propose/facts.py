"""What a proposal is made from: the division's codes, what its latest invoices used, and what the store sold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Chart

REVENUE = 110  # GLAccounts.Type
DEBTS = frozenset({26, 27, 32, 55, 60, 90})  # other than those of trade
TAXES = frozenset({24, 29, 100})
BALANCE = DEBTS | TAXES | {10, 12, 14, 16, 20, 21, 22, 25, 30, 35, 40, 50, 52}


class Place(StrEnum):
    """Where a sale is taxed, seen from the division."""

    HOME = "home"
    EU = "eu"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Sale:
    """A line that the store sold. `area` is where it is taxed: a country (ISO 3166), or an area of its own for VAT.

    `rate` is the VAT rate in percent; None when it is not known, or the tax is no VAT that the division knows.
    `business`: it goes to a business of another member state, which owes the VAT itself.
    """

    kind: LineKind
    area: str
    place: Place
    rate: Decimal | None
    taxed: bool = False
    business: bool = False
    digital: bool = False
    sku: str = ""


@dataclass(frozen=True, slots=True)
class UsedLine:
    """A line of one of the division's latest invoices or entries. `country` is the customer's; codes, "" for none."""

    country: str
    journal: str
    gl_account: str
    vat_code: str
    item: str = ""
    cost_center: str = ""
    cost_unit: str = ""


@dataclass(frozen=True, slots=True)
class UsedInvoice:
    """VAT of an invoice, to see where Exact rounds it: net and gross amounts of its lines by VAT code, and its VAT."""

    nets: Mapping[str, tuple[Decimal, ...]]
    grosses: Mapping[str, tuple[Decimal, ...]]
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known. Counts are of orders. `today` is the store's day.

    `account_types` are Exact's, by GL account; `revenue_of` has the GL account of an item; `payment_days` those of a
    payment condition. `layouts` are the names of invoice templates. `inclusive`: the store's prices include tax;
    `currency` is its default one.
    `payments` counts by payment method, `vat_fields` by the name of a form field with a VAT number.
    """

    chart: Chart
    today: date
    inclusive: bool
    currency: str = ""
    journal_names: Mapping[str, str] = field(default_factory=dict)
    layouts: tuple[str, ...] = ()
    account_types: Mapping[str, int] = field(default_factory=dict)
    revenue_of: Mapping[str, str] = field(default_factory=dict)
    payment_days: Mapping[str, int] = field(default_factory=dict)
    used: tuple[UsedLine, ...] = ()
    invoices: tuple[UsedInvoice, ...] = ()
    orders: int = 0
    sales: tuple[Sale, ...] = ()
    payments: Mapping[str, int] = field(default_factory=dict)
    vat_fields: Mapping[str, int] = field(default_factory=dict)

    def sold(self, kind: LineKind) -> bool:
        """Whether the store sold lines of this kind."""
        return any(sale.kind is kind for sale in self.sales)

    def place_of(self, country: str, eu: frozenset[str]) -> Place:
        """Return where a country is, seen from the division."""
        if country == self.chart.country:
            return Place.HOME
        return Place.EU if country in eu else Place.OUTSIDE
