"""What a shopper put together: the input of the builder. Amounts are in the store's own price basis."""

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
    """Where a part of the order goes and what that costs. Rates left out are the country's standard rate."""

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
    """What the merchant does to an order after it was sold.

    Of a refund: how many pieces of each line, by its place; which amount of the shipping, or of the order as a
    `whole`; how much of it was `declined`. Of an edit: the first line's new quantity. Nothing named: all of it.
    """

    what: Literal["refund", "cancel", "edit"] = "refund"
    pieces: tuple[int, ...] = ()
    shipping: Decimal = ZERO
    whole: Decimal = ZERO
    declined: Decimal = ZERO
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """An order to be. Without parcels it is digital or picked up; `exempt` takes the VAT off all of it.

    `taxes`: the names and percentages of which a rate that is no VAT is made up. `coupon_type` is the vendor's number:
    0 per item, 1 percentage, 2 per total, 3 shipping, 4 free shipping, 5 promotion, which has no code. What a coupon
    takes off the shipping (`shipping_off`) is in the parcel's price already: assumed. `certificate` and `credit` pay a
    part. Without `tells_basis` the header does not say whether prices include tax. `past` is done before anybody
    reads the order, `later` after it was invoiced.
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
