"""Outcomes in a line each."""

from decimal import Decimal as D

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.fit.outcome import Outcome, Share


def fits(
    order_id: int,
    gross: str = "121.00",
    *,
    account: str = "8000",
    vat_code: str = "2",
    currency: str = "EUR",
    month: str = "2026-10",
    traits: str = "",
) -> Outcome:
    """An order that would be posted: a fifth or so of it is VAT, in one line without a cost centre."""
    net = (D(gross) / D("1.21")).quantize(D("0.01"))
    share = Share(net, D(gross) - net)
    return Outcome(
        str(order_id),
        month,
        currency,
        D(gross),
        share.vat,
        gross=D(gross),
        vat=share.vat,
        shares={"gl_account": {account: share}, "cost_center": {}, "vat_code": {vat_code: share}},
        traits=frozenset(traits.split()),
    )


def without(order_id: int, code: Code, gross: str = "10.00", *more: Problem) -> Outcome:
    """An order that has a problem, or of which no document is due."""
    return Outcome(str(order_id), "2026-10", "EUR", D(gross), problems=(Problem(code), *more))
