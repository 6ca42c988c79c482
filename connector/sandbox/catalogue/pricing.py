"""Compute the amounts of a cart: every line, parcel and fee with its discounts and its tax."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from connector.sandbox.catalogue.amounts import ZERO, Money, before_discounts, charged, digits_of, spread, total
from connector.sandbox.catalogue.cart import Cart, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import RATES
from connector.sandbox.catalogue.shops import Shop

NO_VAT = (ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """`unit` and `listed` are before discounts, `paid` after; `coupon` and `manual` are the line's shares."""

    item: Item
    rate: Decimal
    wrapping_rate: Decimal
    unit: Money
    listed: Money
    paid: Money
    wrapping: Money
    coupon: Decimal
    manual: Decimal


@dataclass(frozen=True, slots=True)
class PricedParcel:
    parcel: Parcel
    rate: Decimal
    handling_rate: Decimal
    shipping: Money
    handling: Money


@dataclass(frozen=True, slots=True)
class PricedFee:
    fee: Fee
    cost: Money


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart with all its amounts."""

    lines: tuple[PricedLine, ...]
    parcels: tuple[PricedParcel, ...]
    fees: tuple[PricedFee, ...]

    @classmethod
    def of(cls, shop: Shop, cart: Cart) -> Self:
        """Price a cart with the rates of its destination country. There is no tax outside the EU or when exempt."""
        standard, reduced = _rates(shop, cart)
        inclusive, digits = shop.tax_inclusive, digits_of(cart.currency or shop.currency)
        parcels = []
        for parcel in cart.parcels:
            rate = standard if parcel.shipping_rate is None else parcel.shipping_rate
            shipping = charged(parcel.shipping, rate, inclusive=inclusive, digits=digits)
            handling = charged(parcel.handling, standard, inclusive=inclusive, digits=digits)
            parcels.append(PricedParcel(parcel, rate, standard, shipping, handling))
        fees = []
        for fee in cart.fees:
            rate = standard if fee.rate is None else fee.rate
            fees.append(PricedFee(fee, charged(fee.amount, rate, inclusive=inclusive, digits=digits)))
        lines = _price_lines(cart, standard, reduced, inclusive=inclusive, digits=digits)
        return cls(lines, tuple(parcels), tuple(fees))

    @property
    def subtotal(self) -> Money:
        """Products before discounts, with and without tax, and the tax after discounts, as the store writes them."""
        listed = total([line.listed for line in self.lines])
        return Money(listed.ex, listed.inc, sum((line.paid.tax for line in self.lines), ZERO))

    @property
    def shipping(self) -> Money:
        return total([parcel.shipping for parcel in self.parcels])

    @property
    def handling(self) -> Money:
        return total([parcel.handling for parcel in self.parcels])

    @property
    def wrapping(self) -> Money:
        return total([line.wrapping for line in self.lines])

    @property
    def grand(self) -> Money:
        """What the shopper pays in total."""
        paid = total([line.paid for line in self.lines])
        return paid + self.shipping + self.handling + self.wrapping + total([fee.cost for fee in self.fees])


def _rates(shop: Shop, cart: Cart) -> tuple[Decimal, Decimal]:
    if cart.exempt:
        return NO_VAT
    if cart.rates is not None:
        return cart.rates
    if cart.pickup:
        return RATES[shop.country]
    return RATES.get(cart.parcels[0].to.country if cart.parcels else cart.buyer.country, NO_VAT)


def _price_lines(
    cart: Cart, standard: Decimal, reduced: Decimal, *, inclusive: bool, digits: int
) -> tuple[PricedLine, ...]:
    amounts = [_list_price(item, inclusive=inclusive) * item.quantity for item in cart.items]
    weights = [amount - item.off for amount, item in zip(amounts, cart.items, strict=True)]
    shares = zip(spread(cart.coupon, weights, digits), spread(cart.manual, weights, digits), strict=True)
    lines = []
    for item, amount, (coupon, manual) in zip(cart.items, amounts, shares, strict=True):
        rate = ZERO if item.product.certificate else reduced if item.product.reduced else standard
        paid = charged(amount - item.off - coupon - manual, rate, inclusive=inclusive, digits=digits)
        lines.append(
            PricedLine(
                item=item,
                rate=rate,
                wrapping_rate=standard,
                unit=before_discounts(amount / item.quantity, paid, inclusive=inclusive),
                listed=before_discounts(amount, paid, inclusive=inclusive),
                paid=paid,
                wrapping=charged(item.wrapping, standard, inclusive=inclusive, digits=digits),
                coupon=coupon,
                manual=manual,
            )
        )
    return tuple(lines)


def _list_price(item: Item, *, inclusive: bool) -> Decimal:
    if item.price is not None:
        return item.price
    return item.product.with_tax if inclusive else item.product.without_tax
