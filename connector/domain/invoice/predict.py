"""How Exact Online adds up an invoice, so that its totals are known before it is sent. It rounds half up (assumed)."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from connector.domain.choices import VatRounding
from connector.domain.invoice.draft import DraftLine
from connector.domain.money import total
from connector.domain.vat_arithmetic import Totals, with_vat


def add_up(parts: Iterable[Totals | DraftLine]) -> Totals:
    """Return the sums of net, VAT and gross."""
    kept = list(parts)
    return Totals(*(total(getattr(part, name) for part in kept) for name in ("net", "vat", "gross")))


def predict(lines: Iterable[DraftLine], mode: VatRounding, digits: int = 2) -> Totals:
    """Return the invoice's totals. `mode` says whether VAT is rounded on each line, or once per VAT code."""
    if mode == VatRounding.LINE:
        return add_up(lines)
    by_code = attrgetter("vat_code")
    return add_up(_of_one_code(list(group), digits) for _, group in groupby(sorted(lines, key=by_code), key=by_code))


def _of_one_code(lines: list[DraftLine], digits: int) -> Totals:
    included = lines[0].vat_type == "I"
    base = total(line.gross if included else line.net for line in lines)
    return with_vat(base, lines[0].vat_percentage, digits, included=included)
