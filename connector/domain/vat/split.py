"""Shipping and handling that the shop taxed at several rates, for goods of several rates: a part at each rate.

The order's tax table has a row for each of these rates. Several taxes of one amount have rows too. They differ in
this: here the amounts that the rows' taxes are of are together the line's net amount.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from connector.domain.document.result import Detail
from connector.domain.money import HUNDRED, ZERO, round_half_up, shortest, total
from connector.domain.order.model import PART, LineKind, OrderLine, TaxRow
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.rates import charged_rate
from connector.domain.vat_arithmetic import with_vat

_DELIVERY = {LineKind.SHIPPING, LineKind.HANDLING}


def split(context: TranslationContext) -> TranslationContext:
    """Return the context in which shipping and handling of several rates stand as a line for each.

    Their rows in the tax table go with them. Together the parts have the line's net, tax and gross amount.
    """
    order = context.order
    lines = tuple(part for line in order.lines for part in _parts(context, line))
    keys = {line.key for line in lines}
    taxes = order.taxes and tuple(_of_part(row, keys) for row in order.taxes)
    return replace(context, order=replace(order, lines=lines, taxes=taxes))


def unread(context: TranslationContext) -> frozenset[Detail]:
    """Return the tax table where it alone tells whether shipping or handling has several rates; else nothing.

    Parts at the rates of the goods have together a tax between the lowest and the highest, which a rate between them
    may give by chance: 0.36 + 0.84 at 6 and 21 % is 12 % of the whole. Where the tax is at the lowest or the highest
    rate of the goods, there are no parts.
    """
    if context.order.taxes is not None:
        return frozenset()
    charges = (line for line in context.order.lines if line.kind in _DELIVERY and line.tax)
    return frozenset({Detail.TAXES}) if any(_may_have_parts(context, line) for line in charges) else frozenset()


def _may_have_parts(context: TranslationContext, line: OrderLine) -> bool:
    area = context.vat_area(line)
    goods = [each for each in context.order.lines if each.kind is LineKind.PRODUCT and context.vat_area(each) == area]
    rates = {rate for each in goods if (rate := charged_rate(context, each)) is not None}
    return len(rates) > 1 and charged_rate(context, line) not in {min(rates), max(rates)}


def _parts(context: TranslationContext, line: OrderLine) -> list[OrderLine]:
    rows: dict[Decimal, Decimal] = {}
    for row in context.order.taxes or ():
        if row.line_key == line.key and line.kind in _DELIVERY:
            rows[row.rate] = rows.get(row.rate, ZERO) + row.amount
    if len(rows) < 2:
        return [line]
    taxes = _to_the_cent(rows, line.tax, context.digits)
    nets = _nets(taxes, line.net, context.digits)
    parts = {rate: _part(line, rate, net, taxes[rate]) for rate, net in nets.items() if net or taxes[rate]}
    fit = all(_has_tax_of(context, rate, part) for rate, part in parts.items())
    return [*parts.values()] if fit else [line]


def _to_the_cent(rows: Mapping[Decimal, Decimal], tax: Decimal, digits: int) -> dict[Decimal, Decimal]:
    """The tax at each rate. The largest takes what rounding leaves of the line's."""
    taxes = {rate: round_half_up(amount, digits) for rate, amount in rows.items()}
    largest = max(taxes, key=lambda rate: abs(taxes[rate]))
    taxes[largest] += tax - total(taxes.values())
    return taxes


def _nets(taxes: Mapping[Decimal, Decimal], net: Decimal, digits: int) -> dict[Decimal, Decimal]:
    """The net amount at each rate; together they are the line's.

    A tax in cents leaves its amount open by a range, the wider the lower the rate. What is left of the line is spread
    over the ranges; at 0 % it is all of the amount.
    """
    found = {rate: tax * HUNDRED / rate for rate, tax in taxes.items() if rate}
    rest, ranges = net - total(found.values()), {rate: 1 / rate for rate in found}
    if ZERO in taxes:
        ranges = dict.fromkeys(found, ZERO) | {ZERO: Decimal(1)}
    whole = total(ranges.values())
    nets = {rate: round_half_up(found.get(rate, ZERO) + rest * ranges[rate] / whole, digits) for rate in taxes}
    nets[min(nets)] += net - total(nets.values())
    return nets


def _has_tax_of(context: TranslationContext, rate: Decimal, part: OrderLine) -> bool:
    """Whether the rate gives the part's tax, on the shop's price basis. No part is negative."""
    included = context.order.tax_inclusive is True
    amount = part.gross if included else part.net
    return amount > 0 and with_vat(amount, rate, context.digits, included=included).vat == part.tax


def _part(line: OrderLine, rate: Decimal, net: Decimal, tax: Decimal) -> OrderLine:
    key = f"{line.key}{PART}{shortest(rate)}"
    return replace(line, key=key, net=net, tax=tax, gross=net + tax, charged=net + tax, charged_tax=tax)


def _of_part(row: TaxRow, keys: set[str]) -> TaxRow:
    key = f"{row.line_key}{PART}{shortest(row.rate)}"
    return replace(row, line_key=key) if key in keys else row
