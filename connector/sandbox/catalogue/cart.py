"""The cart of a shopper, which is the input of the builder. Amounts include tax when the store's prices do."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from connector.sandbox.catalogue.amounts import ZERO
from connector.sandbox.catalogue.goods import Product
from connector.sandbox.catalogue.people import Person


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the cart. `off` is a discount on the whole line, `wrapping` the gift wrapping of the line."""

    product: Product
    quantity: int = 1
    price: Decimal | None = None
    off: Decimal = ZERO
    wrapping: Decimal = ZERO
    parcel: int = 0
    bundle: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A destination of the order and its shipping cost. A rate that is left out is the country's standard rate."""

    to: Person
    shipping: Decimal = ZERO
    handling: Decimal = ZERO
    shipping_rate: Decimal | None = None
    method: str = "Standard delivery"
    list_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    name: str
    amount: Decimal
    rate: Decimal | None = None
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """A change that the merchant makes to an order after the sale.

    A refund has the pieces by the place of their line, an amount of the shipping or of the order as a `whole`, and the
    amount that was `declined`. An edit has the first line's new quantity. Without any of them it is all of the order.
    """

    what: Literal["refund", "cancel", "edit"] = "refund"
    pieces: tuple[int, ...] = ()
    shipping: Decimal = ZERO
    whole: Decimal = ZERO
    declined: Decimal = ZERO
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """The cart of a future order. Without parcels it is digital or picked up. `exempt` removes all VAT.

    `taxes` are the names and percentages of a rate that is not VAT. `coupon_type` is the vendor's number: 0 per item,
    1 percentage, 2 per total, 3 shipping, 4 free shipping, 5 promotion, which has no code. The parcel's price is after
    the coupon's discount on shipping (`shipping_off`): assumed. `certificate` and `credit` pay a part. Without
    `tells_basis` the header does not say whether prices include tax. `past` changes are made before anybody reads the
    order, `later` changes after the invoice.
    """

    kind: str
    buyer: Person
    items: tuple[Item, ...]
    parcels: tuple[Parcel, ...] = ()
    status: int = 11
    coupon: Decimal = ZERO
    code: str = "WELCOME"
    manual: Decimal = ZERO
    fees: tuple[Fee, ...] = ()
    exempt: bool = False
    pickup: bool = False
    payment_method: str = "iDEAL"
    rates: tuple[Decimal, Decimal] | None = None
    order_id: int | None = None
    currency: str | None = None
    message: str = ""
    consignments_empty: bool = False
    taxes: tuple[tuple[str, Decimal], ...] = ()
    coupon_type: int = 2
    shipping_off: Decimal = ZERO
    certificate: Decimal = ZERO
    credit: Decimal = ZERO
    tells_basis: bool = True
    past: tuple[Deed, ...] = ()
    later: tuple[Deed, ...] = ()
