"""The VAT of each line in whole cents, for an order whose tax the shop rounded once, or once per rate.

The tax of its lines, each rounded, is not the order's. So the order's tax is divided over its rates, and each rate's
over its lines, by the largest remainders: each line has less than a cent more or less than its tax before rounding.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

from connector.domain.invoice.redeemed import REDEEMED
from connector.domain.money import HUNDRED, ZERO, round_half_up, total
from connector.domain.order.model import Order, OrderLine
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import VatChoice

Key = TypeVar("Key", bound=Hashable)
_NOISE_DIGITS = 8  # a sum of quotients is known so far


def settle_vat(context: TranslationContext, choices: Mapping[str, VatChoice]) -> TranslationContext:
    """Return the context with lines whose VAT adds up to the order's tax. `choices` are the lines' codes, by key.

    An order is left as it is when the shop rounded the tax of each line, when more than rounding is between the
    order's tax and its lines', and when a line has no code, for which the order is held.
    """
    order, unit = context.order, context.charged_unit
    if _is_rounded_on_each_line(order, unit) or any(line.key not in choices for line in order.lines):
        return context
    exact = {line.key: _exact_tax(order, line, choices[line.key]) for line in order.lines}
    if any(abs(line.charged_tax - exact[line.key]) > unit for line in order.lines):
        return context
    taxes = _divide_tax(order, exact, {key: _group(choice) for key, choice in choices.items()}, unit)
    return context if taxes is None else replace(context, order=_with_taxes(order, taxes, context.charged_digits))


def apportion(exact: Mapping[Key, Decimal], whole: Decimal, unit: Decimal) -> dict[Key, Decimal] | None:
    """Return whole units with the sum `whole`, each less than a unit from its exact amount: the largest remainders.

    None when there are none. Equal remainders are rounded up in their order.
    """
    shares = {key: (each / unit).to_integral_value(ROUND_FLOOR) * unit for key, each in exact.items()}
    remainders = {key: each - shares[key] for key, each in exact.items() if each != shares[key]}
    missing = int((whole - total(shares.values())) / unit)
    if not 0 <= missing <= len(remainders):
        return None
    for key in sorted(remainders, key=lambda key: remainders[key], reverse=True)[:missing]:
        shares[key] += unit
    return shares


def _is_rounded_on_each_line(order: Order, unit: Decimal) -> bool:
    in_units = all(not line.charged_tax % unit for line in order.lines)
    return in_units and total(line.tax for line in order.lines) == order.total_tax


def _exact_tax(order: Order, line: OrderLine, choice: VatChoice) -> Decimal:
    """The line's tax before rounding. A tax that is no VAT is known as the shop wrote it, without its rate.

    The VAT of what certificates paid was rounded when they were sold.
    """
    if choice.tax_apart or line.key == REDEEMED:
        return line.charged_tax
    rate = choice.code.rate
    if order.tax_inclusive is False:
        return (line.charged - line.charged_tax) * rate / HUNDRED
    return line.charged * rate / (HUNDRED + rate)


def _group(choice: VatChoice) -> tuple[str, Decimal]:
    """What the VAT return keeps apart: the country of the one-stop shop and the rate, or the rule of another tax."""
    return (choice.chosen_by, ZERO) if choice.tax_apart else (choice.code.oss_country, choice.code.rate)


def _divide_tax(
    order: Order, exact: Mapping[str, Decimal], groups: Mapping[str, tuple[str, Decimal]], unit: Decimal
) -> dict[str, Decimal] | None:
    """The order's tax over the groups, then each group's over its lines; None when that cannot be."""
    members = {group: [key for key in exact if groups[key] == group] for group in dict.fromkeys(groups.values())}
    sums = {group: _without_noise(total(exact[key] for key in keys)) for group, keys in members.items()}
    by_group = apportion(sums, order.total_tax, unit)
    taxes: dict[str, Decimal] = {}
    for group, keys in members.items():
        shares = (
            apportion({key: _without_noise(exact[key]) for key in keys}, by_group[group], unit) if by_group else None
        )
        if shares is None:
            return None
        taxes |= shares
    return taxes


def _without_noise(amount: Decimal) -> Decimal:
    return round_half_up(amount, _NOISE_DIGITS)


def _with_taxes(order: Order, taxes: Mapping[str, Decimal], digits: int) -> Order:
    """The order with these taxes. What the shop's prices are stays: gross amounts, or net ones."""
    lines = []
    for line in order.lines:
        tax = round_half_up(taxes[line.key], digits)
        if order.tax_inclusive is False:
            net = round_half_up(line.charged - line.charged_tax, digits)
            lines.append(replace(line, net=net, tax=tax, gross=net + tax))
        else:
            lines.append(replace(line, net=line.gross - tax, tax=tax))
    return replace(order, lines=tuple(lines))
