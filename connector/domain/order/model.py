"""The order as the connector sees it, independent of the shop's wire format.

Amounts are in the order's transactional currency. A line's amounts are those of the whole line, after all discounts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from connector.domain.money import HUNDRED, WITHOUT_COINS, ZERO, round_half_up, total
from connector.domain.order.statuses import ORDER_STATUSES


class LineKind(StrEnum):
    """What a line charges for. A line's key is `<kind>:<id>`, with the id that refunds use."""

    PRODUCT = "product"
    SHIPPING = "shipping"
    HANDLING = "handling"
    WRAPPING = "wrapping"
    FEE = "fee"
    GIFT_CERTIFICATE = "gift_certificate"
    ROUNDING = "rounding"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2 in capitals, "" when unknown.

    `pickup_location` has the code, the id and the name of the shop's own place where goods are fetched; else empty.
    """

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    form_fields: tuple[tuple[str, str], ...] = ()
    pickup_location: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The person's name, else the company's."""
        return f"{self.first_name} {self.last_name}".strip() or self.company


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order: gross = net + tax, rounded to the currency's smallest unit. The tax is the shop's.

    `charged` is the gross amount before rounding, `charged_tax` the tax in it; they may have four decimals.
    `category` has the ids and the names of all categories of the product; None when they were not read.
    `digital`: the product is downloaded, which is a service. It is taxed at the billing address.
    `of_order`: it is charged for the order as a whole and has no destination of its own. `ship_to` is where the first
    goods go, until `place` decides; `placed` is the reason, where that was a choice.
    `parts` are the free parts of a bundle, whose amounts are 0. They are named in `notes` too.
    """

    key: str
    kind: LineKind
    sku: str
    name: str
    notes: str
    quantity: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    charged: Decimal
    charged_tax: Decimal
    tax_class: str
    ship_to: Address
    product_id: str = ""
    category: tuple[str, ...] | None = ()
    brand: str = ""
    digital: bool = False
    of_order: bool = False
    placed: str = ""
    parts: "tuple[OrderLine, ...]" = ()


PART = "@"  # stands before the rate in the key of a part of a line: `shipping:51@9`


def whole_key(key: str) -> str:
    """Return the key of the order's line: of a part that has a rate of its own, the line that it is a part of."""
    return key.partition(PART)[0]


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A row of the order's tax table: the rate in percent that was applied to one line, and its tax class.

    `tax_class` has the class's id and name, as far as the table has them.
    """

    line_key: str
    kind: LineKind
    name: str
    rate: Decimal
    amount: Decimal
    tax_class: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `created` and `modified` are UTC. `customer_id` is "" for a guest.

    `taxes` is None when the tax table was not read. `customer_group` has the id and the name of the customer's group;
    it is empty without a group, and None when the group was not read.
    `language` is the customer's locale, such as `nl` or `en-GB`; "" when the order does not say.
    `has_refunds`: the order or a line says that some of it was refunded. Amounts are still those of the sale.
    Store credit and gift certificates are payments: they lower the amount due, never the total.
    """

    id: str
    status_id: int
    created: datetime
    modified: datetime
    currency: str
    tax_inclusive: bool | None
    customer_id: str
    billing: Address
    ship_to: tuple[Address, ...]
    lines: tuple[OrderLine, ...]
    total_inc: Decimal
    total_ex: Decimal
    total_tax: Decimal
    payment_method: str
    channel: str
    is_deleted: bool
    store_credit: Decimal
    gift_certificate: Decimal
    external_source: str
    message: str
    taxes: tuple[TaxRow, ...] | None = None
    customer_group: tuple[str, ...] | None = ()
    has_refunds: bool = False
    language: str = ""

    @property
    def in_whole_units(self) -> bool:
        """Whether the shop rounded to whole units of a currency whose hundredths are out of use.

        Its prices and totals are whole. The tax of a line may be shown as it is before rounding.
        """
        without = self.tax_inclusive is False
        prices = (line.charged - line.charged_tax if without else line.charged for line in self.lines)
        if self.currency not in WITHOUT_COINS or any(each % 1 for each in (self.total_inc, self.total_tax, *prices)):
            return False
        return not any(line.charged_tax % 1 for line in self.lines) or self._is_tax_rounded_to_units()

    def _is_tax_rounded_to_units(self) -> bool:
        """Whether the order's tax is its lines' in whole units, and not in hundredths, by line, by rate or once."""
        taxes = [line.charged_tax for line in self.lines]
        if abs(total(taxes) - self.total_tax) > Decimal(len(taxes)) / 2:
            return False
        ways = (taxes, self._tax_by_rate(), [total(taxes)])
        return all(total(round_half_up(each, 2) for each in parts) != self.total_tax for parts in ways)

    def _tax_by_rate(self) -> Iterable[Decimal]:
        found = defaultdict[Decimal, Decimal](Decimal)
        for line in self.lines:
            net = line.charged - line.charged_tax
            found[round_half_up(HUNDRED * line.charged_tax / net, 1) if net else ZERO] += line.charged_tax
        return found.values()

    @property
    def status(self) -> str:
        """The status by its number and BigCommerce's own name: `5 (Cancelled)`."""
        return f"{self.status_id} ({ORDER_STATUSES.get(self.status_id, 'unknown')})"
