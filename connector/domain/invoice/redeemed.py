"""Gift certificates of a single purpose that paid a part of an order. Their VAT was paid when they were sold.

What they paid leaves the supply and its VAT: a line below zero at the rate at which they were sold, booked as their
sale was. So the VAT of a supply is never charged twice. A certificate for any goods is a payment and changes nothing.
"""

from dataclasses import replace
from decimal import Decimal

from connector.domain.choices import GiftCertificates, VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Needs, Problem, problem
from connector.domain.money import ZERO, round_half_up, shortest, total
from connector.domain.order.model import LineKind, Order, OrderLine, TaxRow
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import rule_for_tax_apart
from connector.domain.vat.rates import charged_rate
from connector.domain.vat_arithmetic import with_vat

REDEEMED = f"{LineKind.GIFT_CERTIFICATE}:redeemed"
"""The key of the line for what certificates paid."""

_NAME = "Gift certificate, VAT paid when it was sold"


def without_redeemed(context: TranslationContext) -> Order | Problem | Needs:
    """Return the order less what certificates of a single purpose paid of it.

    A problem says that their rate is not known, or that the goods of that rate are worth less.
    """
    order = context.order
    paid = round_half_up(order.gift_certificate, context.digits)
    if context.settings.gift_certificates != GiftCertificates.SINGLE or not paid:
        return order
    supplies = [line for line in order.lines if line.kind is not LineKind.GIFT_CERTIFICATE and line.gross]
    rates = {line.key: _rate(context, line) for line in supplies}
    if None in rates.values():  # the line itself is held when its rate stays unknown
        return Needs(frozenset({Detail.TAXES})) if order.taxes is None else order
    rate = _own_rate(context, set(rates.values()))
    if rate is None:
        return problem(Code.VOUCHER_RATE_UNKNOWN, amount=paid, currency=order.currency)
    own = [line for line in supplies if rates[line.key] == rate]
    worth = total(line.gross for line in own)
    if paid > worth + len(own) * context.charged_unit / 2:  # the order's total was rounded once, each line apart
        facts = {"amount": paid, "rest": worth, "rate": shortest(rate), "currency": order.currency}
        return problem(Code.VOUCHER_MORE_THAN_GOODS, **facts)
    return _less(order, _line(context, own, paid, rate), rate)


def _rate(context: TranslationContext, line: OrderLine) -> Decimal | None:
    """The rate of a supply at home; below zero elsewhere, where no certificate of a single purpose is for."""
    if context.vat_area(line) != context.chart.country or rule_for_tax_apart(context, line):
        return Decimal(-1)
    return charged_rate(context, line)


def _own_rate(context: TranslationContext, charged: set[Decimal | None]) -> Decimal | None:
    """The rate at which certificates are sold: that of the VAT rules for them, else the only one of the order."""
    rules = (rule for rule in context.rules.vat if LineKind.GIFT_CERTIFICATE in rule.when.get("line", ()))
    named = {rate for rule in rules for rate in rule.rates}
    known = named or charged
    return next(iter(known)) if len(known) == 1 and known <= {rate for rate in charged if rate != -1} else None


def _line(context: TranslationContext, own: list[OrderLine], paid: Decimal, rate: Decimal) -> OrderLine:
    """The line for what certificates paid. Where VAT is rounded once per code, the rest of the goods keeps its VAT."""
    vat = with_vat(paid, rate, context.charged_digits, included=True).vat
    if context.settings.rounding == VatRounding.CODE:
        rest = total(line.gross for line in own) - paid
        vat = total(line.tax for line in own) - with_vat(rest, rate, context.charged_digits, included=True).vat
    return replace(
        own[0],
        key=REDEEMED,
        kind=LineKind.GIFT_CERTIFICATE,
        sku="",
        name=_NAME,
        notes="",
        quantity=Decimal(1),
        net=vat - paid,
        tax=-vat,
        gross=-paid,
        charged=-paid,
        charged_tax=-vat,
        product_id="",
        category=(),
        brand="",
    )


def _less(order: Order, line: OrderLine, rate: Decimal) -> Order:
    """The order with that line, also in its tax table where that was read."""
    own = (TaxRow(line.key, line.kind, line.name, rate, line.tax),)
    return replace(
        order,
        lines=(*order.lines, line),
        total_inc=order.total_inc + line.gross,
        total_tax=order.total_tax + line.tax,
        total_ex=order.total_ex + line.net,
        gift_certificate=ZERO,
        taxes=None if order.taxes is None else order.taxes + own,
    )
