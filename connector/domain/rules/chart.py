"""The division's master data as the domain sees it. The keys of every mapping are trimmed codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from connector.domain.money import ZERO

OPTIONAL, MANDATORY, NOT_USED = 0, 1, 2  # GLAccounts.UseCostcenter and UseCostunit
SALES_JOURNAL = 20  # Journals.Type
RECEIPT_JOURNALS = {12, 16}  # bank, payment service


@dataclass(frozen=True, slots=True)
class GLAccount:
    """A GL account. The two `use_` fields are 0 optional, 1 mandatory, 2 not used. A blocked one takes no entries."""

    id: str
    code: str
    name: str
    use_cost_center: int = OPTIONAL
    use_cost_unit: int = OPTIONAL
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class VatCode:
    """A VAT code; `percentage` is in percent (21, not 0.21).

    `type`: E prices exclude VAT, I they include it, B base only (0 %), N none.
    `transaction_type`: B both, P purchase, S sales.
    `oss_country`: the country of a one-stop-shop code, else "". `country`: obsolete in Exact, not used.
    `eu_sales_listing`: its place on the EU sales list: L goods, S services, T triangular, N or "" none.
    """

    code: str
    name: str
    percentage: Decimal
    type: str = "E"
    oss_country: str = ""
    blocked: bool = False
    transaction_type: str = "B"
    country: str = ""
    eu_sales_listing: str = ""

    @property
    def rate(self) -> Decimal:
        """The percentage that the code adds to an invoice."""
        return ZERO if self.type in {"B", "N"} else self.percentage

    @property
    def includes_vat(self) -> bool:
        """Whether prices under this code include VAT."""
        return self.type == "I"

    @property
    def adds_within(self) -> bool:
        """Whether prices include a VAT above zero. Such a code is for invoices, not for sales entries."""
        return self.includes_vat and self.rate > ZERO

    @property
    def is_listed(self) -> bool:
        """Whether it is for a business in another member state, which owes the VAT itself."""
        return self.eu_sales_listing in {"L", "S", "T"}

    @property
    def usable(self) -> bool:
        """Whether a sales invoice may carry it."""
        return not self.blocked and self.transaction_type in {"B", "S"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item; only sales items whose end date has not passed can be invoiced. `new`: Exact does not have it yet.

    `numbered`: each piece, or each batch, has a number, which a document that moves stock would have to name.
    """

    id: str
    code: str
    name: str
    is_sales: bool = True
    ended: bool = False
    new: bool = False
    numbered: bool = False

    @property
    def sellable(self) -> bool:
        """Whether a sales invoice may carry it."""
        return self.is_sales and not self.ended


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal; `currency` is "" unless the journal is fixed to one."""

    code: str
    type: int = SALES_JOURNAL
    currency: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of the division. `decimals` are those of its amounts in Exact; None when Exact does not say."""

    code: str
    name: str = ""
    decimals: int | None = None


def decimals_of(precision: str) -> int | None:
    """Return Exact's AmountPrecision as a number of decimals; None when it is empty.

    The reference does not say whether cents are 2 or 0.01, so both are read. 1 means a currency without cents.
    """
    if not precision:
        return None
    step = Decimal(precision)
    if step > 1 and step == step.to_integral_value():
        return int(step)
    return max(0, -int(step.normalize().as_tuple().exponent)) if step else 0


@dataclass(frozen=True, slots=True)
class Chart:
    """All master data of one division; `country` is the division's own (ISO 3166-1 alpha-2).

    `warehouses` has their ids.
    """

    country: str
    gl_accounts: Mapping[str, GLAccount] = field(default_factory=dict)
    vat_codes: Mapping[str, VatCode] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    cost_centers: Mapping[str, str] = field(default_factory=dict)
    cost_units: Mapping[str, str] = field(default_factory=dict)
    payment_conditions: Mapping[str, str] = field(default_factory=dict)
    journals: Mapping[str, Journal] = field(default_factory=dict)
    currencies: Mapping[str, Currency] = field(default_factory=dict)
    warehouses: Mapping[str, str] = field(default_factory=dict)
