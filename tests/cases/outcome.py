"""What comes of an order, or of its refunds, in the Dutch books of tests/domain; read as a person reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.domain.credit.credit_note import EarlierCredit, Heading, Invoiced, NotToBeCredited, credit
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import minor_digits, shortest
from connector.domain.order.model import Order
from connector.domain.order.refund import UnreadableOrder, read_refunds
from connector.domain.rules.due import why_not_due
from connector.problems.catalogue import sentence
from tests.cases.shop import read
from tests.domain.books import Books, read_books

Json = dict[str, Any]
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
# A gift certificate that is sold is a debt: it has an account and a VAT code of its own.
DEBT = {"priority": 5, "when": {"line": "gift_certificate"}, "then": {"gl_account": "1540"}}
SALES = {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}}
BOOKS = {
    "rules": [DEBT, SALES],
    "more": {"gl_accounts": [{"code": "1540"}], "vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]},
}


@dataclass(frozen=True)
class Outcome:
    """What came of an order: an invoice, or the problems for which it is held or skipped."""

    books: Books
    order: Order
    draft: Draft | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def total(self) -> str:
        return str(self._invoice.gross)

    @property
    def vat(self) -> dict[str, str]:
        """The VAT that Exact makes of the document, by its rate in percent."""
        found: dict[str, list[DraftLine]] = {}
        for row in self._invoice.lines:
            found.setdefault(shortest(row.vat_percentage), []).append(row)
        rounding, digits = self.books.settings.rounding, minor_digits(self.order.currency)
        return {rate: str(predict(rows, rounding, digits).vat) for rate, rows in found.items()}

    @property
    def lines(self) -> list[str]:
        """The lines of the invoice: `2 x Mug 48.40`."""
        return [f"{shortest(row.quantity)} x {row.description} {row.gross}" for row in self._invoice.lines]

    @property
    def accounts(self) -> list[str]:
        """The GL accounts of the lines."""
        return [row.gl_account for row in self._invoice.lines]

    @property
    def codes(self) -> list[str]:
        """The codes of what is wrong."""
        return [str(each.code) for each in self.problems]

    @property
    def words(self) -> str:
        """What a person reads of what is wrong."""
        return " ".join(sentence(each) for each in self.problems)

    @property
    def day(self) -> date:
        return self._invoice.order_date

    @property
    def _invoice(self) -> Draft:
        assert self.draft is not None, self.words
        return self.draft


def books(*, vat: Sequence[Json] = (), currencies: Mapping[str, int] | None = None, **settings: Any) -> Books:
    """The Dutch books with these settings, VAT rules, and further currencies by their decimals in Exact."""
    chart = {"currencies": {"EUR": 2, **(currencies or {})}}
    return read_books(BOOKS | {"settings": settings, "vat": list(vat), "chart": chart})


def invoice(raw: Json, using: Books | None = None, **parts: Any) -> Outcome:
    """What comes of an order as BigCommerce sends it. Its tax table, when that is needed, has no rows."""
    using = using or books()
    found = read(raw, **parts)
    if not_due := why_not_due(found, using.settings, NOW):
        return Outcome(using, found, problems=(not_due,))
    drafted = using.translate_order(found)
    if isinstance(drafted, Needs):
        drafted = using.translate_order(read(raw, taxes=[], **parts))
    assert not isinstance(drafted, Needs), drafted
    return (
        Outcome(using, found, problems=drafted.problems)
        if isinstance(drafted, Held)
        else Outcome(using, found, drafted)
    )


def unreadable(raw: Json) -> Problem:
    """Why an order that cannot be read is held."""
    with pytest.raises(UnreadableOrder) as caught:
        read(raw)
    return caught.value.problem


def credits_of(raw: Json, refunds: Sequence[Json], using: Books | None = None) -> list[Outcome]:
    """The credit note of each refund of an order that was invoiced, one after another."""
    using = using or books()
    sold = invoice(raw, using)
    assert sold.draft, sold.words
    earlier: list[EarlierCredit] = []
    found = []
    for each in read_refunds(refunds, minor_digits(sold.order.currency)):
        heading = Heading(f"{sold.draft.reference}-C{each.id}", date(2026, 11, 3), "26700001")
        try:
            note = credit(Invoiced(sold.draft, sold.order, tuple(earlier)), each, using.settings, heading)
        except NotToBeCredited as why:
            found.append(Outcome(using, sold.order, problems=(why.problem,)))
        else:
            earlier.append(EarlierCredit(each, note, note.gross))
            found.append(Outcome(using, sold.order, note))
    return found


def refund(total: str, tax: str, *items: Json, number: int = 11, **changes: Any) -> Json:
    """A refund whose payment was accepted."""
    paid = {"id": number, "provider_id": "cards", "amount": total, "is_declined": False}
    return {
        "id": number,
        "created": "2026-11-03T09:00:00+00:00",
        "reason": "",
        "total_amount": total,
        "total_tax": tax,
        "uses_merchant_override_values": False,
        "items": list(items),
        "payments": [paid],
        **changes,
    }


def item(kind: str, number: int, *, quantity: int | None = None, amount: str | None = None, **changes: Any) -> Json:
    """One thing that a refund gives back: pieces of a line, or an amount."""
    asked: Json = {"quantity": quantity, "requested_amount": amount, "adjustments": [], "reason": ""}
    return {"item_type": kind, "item_id": number, **asked, **changes}


__all__ = ["Code", "Outcome", "books", "credits_of", "invoice", "item", "refund", "unreadable"]
