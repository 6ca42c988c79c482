"""The lines of an order, each with its own net, tax and gross.

BigCommerce's line totals are before discounts, its line tax is after them. `discounted_total_inc_tax` is what
the shopper paid for the line ("Orders V2" reference, order products; confirmed by captured orders).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from connector.domain.money import ZERO, round_half_up, shortest, tidy, total
from connector.domain.order.buyer import company_name, person_name
from connector.domain.order.fields import Expected, Fields
from connector.domain.order.model import Address, LineKind, OrderLine
from connector.domain.order.vat_area import iso_country

_ONE = Decimal(1)
_NOWHERE = {"download", "email"}
_WRAPPING = "Gift wrapping"


@dataclass(frozen=True, slots=True)
class Basis:
    """The facts of an order that all its lines need."""

    billing: Address
    ship_to: tuple[Address, ...]
    tax_inclusive: bool
    digits: int
    categories: Mapping[str, Sequence[str]] | None = None  # by product id; None: not read

    @property
    def main_address(self) -> Address:
        """The first shipping address, else the billing address."""
        return self.ship_to[0] if self.ship_to else self.billing


def read_address(address: Fields) -> Address:
    """Read one address of an order. Raises UnreadableOrder when its form fields are no list."""
    return Address(
        first_name=person_name(address.text("first_name")),
        last_name=person_name(address.text("last_name")),
        company=company_name(address.text("company")),
        street_1=address.text("street_1"),
        street_2=address.text("street_2"),
        city=address.text("city"),
        state=address.text("state"),
        postcode=address.text("zip"),
        country=iso_country(address.text("country_iso2")),
        phone=address.text("phone"),
        email=address.text("email"),
        form_fields=tuple((each.text("name"), each.text("value")) for each in address.many("form_fields")),
        pickup_location=tuple(
            text for name in ("pickup_code", "pickup_id", "pickup_name") if (text := address.text(name))
        ),
    )


def read_lines(order: Fields, destinations: list[Fields], fees: list[Fields], basis: Basis) -> tuple[OrderLine, ...]:
    """Return every line of the order: products, shipping, handling, fees.

    Raises UnreadableOrder when a field cannot be read.
    """
    return (
        *_products(destinations, basis),
        *_wrapping(order, destinations, basis),
        *_delivery(LineKind.SHIPPING, order, destinations, basis),
        *_delivery(LineKind.HANDLING, order, destinations, basis),
        *(_fee(fee, basis) for fee in fees),
    )


def _products(destinations: list[Fields], basis: Basis) -> Iterator[OrderLine]:
    """Return the products and their wrapping. A line of quantity 0 was removed from the order: it is left out."""
    products = [(product, place) for place in destinations for product in place.many("lines")]
    ids = {product.id("id") for product, _ in products}
    bundled: dict[str, list[tuple[Fields, Address]]] = {}
    sold = []
    for product, place in products:
        parent = product.id("parent_order_product_id")
        if parent in ids and _is_free(product):
            bundled.setdefault(parent, []).append((product, _ship_to(product, place, basis)))
        elif product.amount("quantity"):
            sold.append((product, _ship_to(product, place, basis)))
    for product, ship_to in sold:
        yield _product(product, bundled.get(product.id("id"), []), ship_to, basis)
        if product.amount("wrapping_cost_inc_tax", ZERO):
            name = product.text("wrapping_name") or _WRAPPING
            costs = _costs(product, "wrapping_", basis)
            yield _line(costs, kind=LineKind.WRAPPING, line_id=product.text("id"), name=name, ship_to=ship_to)


def _wrapping(order: Fields, destinations: Iterable[Fields], basis: Basis) -> Iterator[OrderLine]:
    """One line for the order's own gift wrapping, when no product has any."""
    products = (product for place in destinations for product in place.many("lines"))
    if any(product.amount("wrapping_cost_inc_tax", ZERO) for product in products):
        return
    if order.amount("wrapping_cost_inc_tax", ZERO):
        costs = _costs(order, "wrapping_", basis)
        yield _line(
            costs, kind=LineKind.WRAPPING, line_id="0", name=_WRAPPING, ship_to=basis.main_address, of_order=True
        )


def _is_free(product: Fields) -> bool:
    return not any(product.amount(f"total_{part}", ZERO) for part in ("ex_tax", "inc_tax", "tax"))


def _bundle_note(product: Fields) -> str:
    return f"{shortest(product.amount('quantity'))} x {product.text('name')}"


def _ship_to(product: Fields, place: Fields, basis: Basis) -> Address:
    if product.text("type") == "digital" or place.text("kind") in _NOWHERE or not place.has("address"):
        return basis.billing
    return read_address(place.one("address"))


def _product(product: Fields, bundled: list[tuple[Fields, Address]], ship_to: Address, basis: Basis) -> OrderLine:
    options = [
        f"{option.text('display_name')}: {option.text('display_value')}" for option in product.many("product_options")
    ]
    is_certificate = product.text("type") == "giftcertificate"
    return _line(
        _Costs.rounded(_paid(product, basis), product.amount("total_tax"), basis),
        kind=LineKind.GIFT_CERTIFICATE if is_certificate else LineKind.PRODUCT,
        line_id=product.text("id"),
        name=product.text("name") or product.text("sku"),
        ship_to=ship_to,
        sku=product.text("sku"),
        notes="\n".join(options + [_bundle_note(part) for part, _place in bundled]),
        quantity=tidy(product.amount("quantity")),
        product_id=product.id("product_id"),
        category=_category(product, basis),
        brand=product.text("brand"),
        digital=product.text("type") == "digital",
        parts=tuple(_product(part, [], place, basis) for part, place in bundled if part.amount("quantity")),
    )


def _category(product: Fields, basis: Basis) -> tuple[str, ...] | None:
    """All categories of the product; a custom product has none, for it is not in the catalogue."""
    product_id = product.id("product_id")
    if not product_id:
        return ()
    found = basis.categories.get(product_id) if basis.categories is not None else None
    return None if found is None else tuple(found)


def _paid(product: Fields, basis: Basis) -> Decimal:
    """The line's gross amount after discounts. A line with a negative quantity gives money back.

    Raises UnreadableOrder.
    """
    paid = _after_discounts(product, basis)
    if product.amount("quantity") < 0 < paid:
        raise product.unreadable("quantity", Expected.QUANTITY)
    return paid


def _after_discounts(product: Fields, basis: Basis) -> Decimal:
    """The gross amount, as the vendor states it. Custom products and old orders do not have it: it is computed."""
    if product.has("discounted_total_inc_tax"):
        return product.amount("discounted_total_inc_tax")
    discounts = total(each.amount("amount") for each in product.many("applied_discounts"))
    if basis.tax_inclusive:
        return product.amount("total_inc_tax") - discounts
    return product.amount("total_ex_tax") - discounts + product.amount("total_tax")


def _delivery(kind: LineKind, order: Fields, destinations: Iterable[Fields], basis: Basis) -> Iterator[OrderLine]:
    """Shipping or handling lines: one per destination that has a cost, else one for the order's own cost."""
    prefix = "" if kind is LineKind.SHIPPING else "handling_"
    name = kind.value.capitalize()
    found = False
    for place in destinations:
        charges = place.one("costs") if place.data.get("costs") else Fields({}, "")
        if charges.amount(f"{prefix}cost_inc_tax", ZERO):
            found = True
            address = read_address(place.one("address")) if place.has("address") else basis.billing
            place_id = place.text("key").rpartition(":")[2]
            yield _line(_costs(charges, prefix, basis), kind=kind, line_id=place_id, name=name, ship_to=address)
    if not found and order.amount(f"{kind}_cost_inc_tax", ZERO):
        costs = _costs(order, f"{kind}_", basis)
        yield _line(costs, kind=kind, line_id="0", name=name, ship_to=basis.main_address, of_order=True)


def _fee(fee: Fields, basis: Basis) -> OrderLine:
    names = (fee.text(name) for name in ("display_name_customer", "display_name_merchant", "name"))
    name = next(filter(None, names), "Fee")
    costs = _costs(fee, "", basis)
    return _line(costs, kind=LineKind.FEE, line_id=fee.text("id"), name=name, ship_to=basis.main_address, of_order=True)


@dataclass(frozen=True, slots=True)
class _Costs:
    gross: Decimal
    tax: Decimal
    charged: Decimal
    charged_tax: Decimal
    tax_class: str = ""

    @classmethod
    def rounded(cls, gross: Decimal, tax: Decimal, basis: Basis, tax_class: str = "") -> Self:
        """Round the gross amount and the tax, each once. The net amount is the difference."""
        return cls(round_half_up(gross, basis.digits), round_half_up(tax, basis.digits), gross, tax, tax_class)


def _costs(source: Fields, prefix: str, basis: Basis) -> _Costs:
    """The amounts in `<prefix>cost_inc_tax` and `<prefix>cost_tax`."""
    tax_class = source.text(f"{prefix}cost_tax_class_id") or source.text("tax_class_id")
    gross, tax = source.amount(f"{prefix}cost_inc_tax"), source.amount(f"{prefix}cost_tax")
    return _Costs.rounded(gross, tax, basis, tax_class)


def _line(
    costs: _Costs,
    *,
    kind: LineKind,
    line_id: str,
    name: str,
    ship_to: Address,
    sku: str = "",
    notes: str = "",
    quantity: Decimal = _ONE,
    product_id: str = "",
    category: tuple[str, ...] | None = (),
    brand: str = "",
    digital: bool = False,
    of_order: bool = False,
    parts: tuple[OrderLine, ...] = (),
) -> OrderLine:
    return OrderLine(
        key=f"{kind}:{line_id}",
        kind=kind,
        sku=sku,
        name=name,
        notes=notes,
        quantity=quantity,
        net=costs.gross - costs.tax,
        tax=costs.tax,
        gross=costs.gross,
        charged=costs.charged,
        charged_tax=costs.charged_tax,
        tax_class=costs.tax_class,
        ship_to=ship_to,
        product_id=product_id,
        category=category,
        brand=brand,
        digital=digital,
        of_order=of_order,
        parts=parts,
    )
