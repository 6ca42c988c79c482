"""How cents are treated: rounding, and whether the shop's own VAT is sent. The store's orders were tried with each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.choices import VatRounding
from connector.domain.money import plain, total
from connector.domain.rules.propose.booking import rounding_account
from connector.domain.rules.propose.facts import Facts, UsedInvoice
from connector.domain.rules.propose.proposal import Confidence, Params, Proposal, Reason, Why
from connector.domain.vat_arithmetic import with_vat

LIMIT = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Tried:
    """How many of the orders that are due would be posted: plainly, with the shop's VAT sent (`forced`), with a
    rounding line (`rounded`), with `both`."""

    orders: int = 0
    plainly: int = 0
    forced: int = 0
    rounded: int = 0
    both: int = 0


def propose_vat_rounding(facts: Facts) -> Proposal:
    """Propose where Exact rounds VAT, as its latest invoices show it; on each line where they do not tell."""
    votes = Counter(where for invoice in facts.invoices if (where := _rounded(facts, invoice)))
    code = votes[VatRounding.CODE] > votes[VatRounding.LINE]
    value = VatRounding.CODE if code else VatRounding.LINE
    shown = Why.ROUNDED_BY_CODE if code else Why.ROUNDED_BY_LINE if votes else Why.ROUNDING_UNKNOWN
    reason = Reason(shown, {"count": votes[value], "of": sum(votes.values())})
    sure = Confidence.CERTAIN if len(votes) == 1 and votes[value] >= 3 else Confidence.LIKELY
    return Proposal("vat_rounding", value.value, reason, sure)


def propose_amounts(facts: Facts, tried: Tried, *, entry: bool) -> Iterator[Proposal]:
    """Yield the proposals of the rounding line and of the VAT that is sent."""
    account = rounding_account(facts)
    best = tried.both if account else tried.forced
    without = tried.rounded if account else tried.plainly
    helps = best > without
    reason = Reason(
        Why.FORCING_HELPS if helps else Why.FORCING_NOT_NEEDED, {"count": best - without, "of": tried.orders}
    )
    yield Proposal("force_vat", helps, reason, Confidence.CERTAIN if tried.orders else Confidence.LIKELY)
    by_line = tried.both - tried.forced if helps else tried.rounded - tried.plainly
    if account is None:
        yield Proposal("rounding.limit", "0.00", Reason(Why.NONE, {"kind": "gl_account"}), Confidence.LIKELY)
        return
    why = Why.ROUNDING_HELPS if by_line > 0 else Why.ROUNDING_NOT_NEEDED
    params: Params = {"limit": plain(LIMIT), "count": max(by_line, 0), "of": tried.orders}
    yield Proposal("rounding.limit", plain(LIMIT), Reason(why, params), Confidence.LIKELY)
    yield account.as_proposal("rounding.gl_account")


def _rounded(facts: Facts, invoice: UsedInvoice) -> VatRounding | None:
    """Where the VAT of an invoice was rounded; None when it would be the same both ways.

    Exact computes the VAT within the gross amount under a code that includes VAT, else on the net amount.
    """
    codes = facts.chart.vat_codes
    if any(code not in codes for code in invoice.nets):
        return None
    by_line = by_code = Decimal(0)
    for code in invoice.nets:
        rate, included = codes[code].rate, codes[code].adds_within
        amounts = (invoice.grosses if included else invoice.nets)[code]
        by_line += sum(with_vat(amount, rate, 2, included=included).vat for amount in amounts)
        by_code += with_vat(total(amounts), rate, 2, included=included).vat
    if by_line == by_code or invoice.vat not in (by_line, by_code):
        return None
    return VatRounding.LINE if invoice.vat == by_line else VatRounding.CODE
