"""An order from its lines alone: what was charged, with which tax, and where it goes."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from connector.domain.money import total
from connector.domain.order.model import Address, LineKind, Order, OrderLine, TaxRow
from tests.domain.books import plain_order

UTRECHT = Address(first_name="Jet", last_name="Bakker", city="Utrecht", postcode="3511 AA", country="NL")
BERLIN = Address(first_name="Uwe", last_name="Lang", city="Berlin", postcode="10115", country="DE")
ZURICH = Address(first_name="Ueli", last_name="Frei", city="Zürich", postcode="8001", country="CH")
AUSTIN = Address(first_name="Ann", last_name="Hill", city="Austin", state="Texas", postcode="78701", country="US")
GHENT = Address(
    company="Maes BV",
    city="Gent",
    postcode="9000",
    country="BE",
    form_fields=(("VAT number", "BE0123456749"),),
)


def charge(key: str, gross: str, tax: str = "0.00", *, to: Address = UTRECHT, **changes: Any) -> OrderLine:
    """One line, `product:1` or `fee:3`, of which the shopper paid `gross`, `tax` included."""
    kind = LineKind(key.partition(":")[0])
    line = OrderLine(
        key=key,
        kind=kind,
        sku="",
        name=f"{kind.capitalize()} {key.partition(':')[2]}",
        notes="",
        quantity=D(1),
        net=D(gross) - D(tax),
        tax=D(tax),
        gross=D(gross),
        charged=D(gross),
        charged_tax=D(tax),
        tax_class="",
        ship_to=to,
    )
    return replace(line, **changes)


def taxed(key: str, rate: str, amount: str, name: str = "VAT") -> TaxRow:
    """A row of the tax table: the rate in percent and the tax of one line."""
    return TaxRow(key, LineKind(key.partition(":")[0]), name, D(rate), D(amount))


def order_of(*lines: OrderLine, taxes: Iterable[TaxRow] | None = None, **changes: Any) -> Order:
    """An order of these lines, in EUR, with prices without VAT; the first line's address is also the customer's."""
    gross, tax = total(line.gross for line in lines), total(line.tax for line in lines)
    order = replace(
        plain_order(),
        billing=lines[0].ship_to,
        ship_to=tuple(dict.fromkeys(line.ship_to for line in lines)),
        lines=lines,
        total_inc=gross,
        total_tax=tax,
        total_ex=gross - tax,
        taxes=None if taxes is None else tuple(taxes),
    )
    return replace(order, **changes)
