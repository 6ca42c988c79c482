"""Verifies an invoice before it is printed. One that differs from the draft is corrected or deleted while it is open.

So no wrong invoice is printed, and none stays in Exact when it can be deleted.
"""

from collections.abc import Callable
from dataclasses import replace as with_changes
from hashlib import sha256

from django.core.cache import cache

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice, InvoiceLine
from connector.clients.wording import marked as _
from connector.domain.choices import PostingSettings
from connector.domain.document.codes import Code
from connector.domain.document.differences import Difference, as_param
from connector.domain.document.result import problem
from connector.domain.invoice.draft import Draft
from connector.flow.hold import Hold
from connector.flow.invoice import compare, exact_document, replace
from connector.flow.ledger import transitions
from connector.flow.order.terms import Remembered, settings_for
from connector.models import OrderSync


def verify(
    document: OrderSync,
    draft: Draft,
    client: ExactClient,
    invoice: Invoice,
    *,
    fresh: bool,
    remembered: Remembered,
    renew: Callable[[], None],
) -> Invoice:
    """Return the invoice as it is in Exact, equal to the draft in every total, code and line.

    `fresh`: Exact has just made it, so nobody else can have changed it. Its lines are then read only when the totals
    differ, or when codes like these were not read back today. Raises the client's errors, and Hold when the invoice
    differs and may not be corrected; an open one is deleted first.
    """
    trusted = _Trusted(document.division_id, draft, remembered.trusted)
    if fresh and not compare.differences(draft, invoice) and trusted.seen_today():
        return invoice
    settings = settings_for(document)
    lines = _lines(document, client)
    differing = _differences(draft, invoice, lines, settings)
    if differing and not invoice.is_final and (changes := compare.corrections(draft, lines, settings)):
        _note_corrections(document, differing, changes)
        for change in changes:
            renew()
            client.correct_line(change.line_id, vat_amount=change.vat_amount, net_price=change.net_price)
        renew()
        invoice = _shown(document, client)
        lines = _lines(document, client)
        differing = _differences(draft, invoice, lines, settings)
        if not differing:
            corrected = problem(Code.CORRECTED, amount=invoice.amount_fc, currency=draft.currency)
            transitions.note(document, (corrected,))
    if differing:
        renew()
        raise _refused(document, invoice, client, differing)
    trusted.remember()
    return with_changes(invoice, lines=tuple(lines))


class _Trusted:
    """Remembers for a day which accounts, cost centres, cost units and VAT codes Exact kept on its lines."""

    DAY = 24 * 3600

    def __init__(self, division_id: int, draft: Draft, seen: set[str]) -> None:
        facts = compare.taken_on_trust(draft)
        self.keys = [f"kept:{division_id}:{sha256(fact.encode()).hexdigest()}" for fact in sorted(facts)]
        self.seen = seen  # in this turn

    def seen_today(self) -> bool:
        """Whether all of them were read back today. False when every line must be read."""
        if not self.seen.issuperset(self.keys):
            self.seen.update(cache.get_many(self.keys))
        return bool(self.keys) and self.seen.issuperset(self.keys)

    def remember(self) -> None:
        """Remember that they were just read back."""
        cache.set_many(dict.fromkeys(self.keys, True), self.DAY)


def require_rate(document: OrderSync, draft: Draft, invoice: Invoice) -> None:
    """Raise Hold when Exact has no exchange rate for the invoice. An invoice stays open."""
    home = document.connection.division.currency
    if not lacks_rate(draft, home, invoice):
        return
    raise Hold(
        Code.NO_EXCHANGE_RATE_OF_ENTRY if draft.is_entry else Code.NO_EXCHANGE_RATE,
        currency=draft.currency,
        noun=document.english_noun,
        number=invoice.number or invoice.id,
        gross=draft.gross,
        counted=invoice.amount_dc,
        home=home,
    )


def lacks_rate(draft: Draft, home: str, invoice: Invoice) -> bool:
    """Whether a foreign invoice counts for the same amount in the division's own currency `home`.

    Exact books so without a rate. `amount_dc` None counts as no rate.
    """
    foreign = bool(home) and draft.currency != home and bool(draft.gross)
    counted = draft.gross if invoice.amount_dc is None else invoice.amount_dc
    return foreign and abs(counted - draft.gross) < compare.TOLERANCE


def _shown(document: OrderSync, client: ExactClient) -> Invoice:
    """Read the document. Raises Unavailable when Exact does not show it: it is looked for in the next turn."""
    if (invoice := exact_document.read(document, client)) is None:
        text = _("Exact does not show %(noun)s %(number)s yet.")
        raise errors.Unavailable(text, given=exact_document.in_exact(document))
    return invoice


def _lines(document: OrderSync, client: ExactClient) -> list[InvoiceLine]:
    """Read the lines. Raises Unavailable when there are none, because Exact does not show the document yet."""
    lines = exact_document.lines(document, client)
    if not lines:
        text = _("Exact does not show the lines of %(noun)s %(number)s yet.")
        raise errors.Unavailable(text, given=exact_document.in_exact(document))
    return lines


def _differences(
    draft: Draft, invoice: Invoice, lines: list[InvoiceLine], settings: PostingSettings
) -> list[Difference]:
    return [*compare.differences(draft, invoice), *compare.line_differences(draft, lines, settings)]


def _note_corrections(document: OrderSync, differing: list[Difference], changes: list[compare.Correction]) -> None:
    changed = as_param(each.difference for each in changes)
    transitions.note(document, (problem(Code.CORRECTING, differences=as_param(differing), corrections=changed),))


def _refused(document: OrderSync, invoice: Invoice, client: ExactClient, differing: list[Difference]) -> Hold:
    """Delete the open invoice and return the hold that names the differences. Raises the client's errors."""
    number, found = invoice.number or invoice.id, as_param(differing)
    params = {"noun": document.english_noun, "number": number, "differences": found}
    if invoice.is_final:
        return Hold(Code.FINAL_ENTRY_AND_OTHER if document.is_entry else Code.FINAL_AND_OTHER, **params)
    replace.withdraw(document, invoice, client)
    return Hold(Code.MADE_OTHERWISE, **params)
