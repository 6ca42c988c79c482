"""The kind of document, the journal and the invoice template."""

from collections import Counter
from collections.abc import Iterator

from connector.domain.choices import DocumentForm
from connector.domain.order.model import LineKind
from connector.domain.rules.chart import SALES_JOURNAL
from connector.domain.rules.propose import hints
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.items import CHARGES, default_item, item_of
from connector.domain.rules.propose.proposal import Candidate, Confidence, Proposal, Reason, Why, pick


def propose_document(facts: Facts) -> Iterator[Proposal]:
    """Yield the proposals of the document: an invoice where the division has items for what is sold, else an entry."""
    form = form_of(facts)
    invoice = form == DocumentForm.SALES_INVOICE
    sure = Confidence.LIKELY if invoice or facts.chart.items else Confidence.CERTAIN
    reason = Reason(Why.ITEMS_FIT if invoice else Why.NO_ITEM_FITS, {"count": len(facts.chart.items)})
    other = DocumentForm.SALES_ENTRY if invoice else DocumentForm.SALES_INVOICE
    yield Proposal("document", form.value, reason, sure, (Candidate(other.value, other.words),))
    if found := pick(_journals(facts), name_first=True, what="journal"):
        yield found.as_proposal("journal")
    if invoice:
        yield from _template(facts)


def form_of(facts: Facts) -> DocumentForm:
    """Return the kind of document that the division's items allow."""
    fits = default_item(facts) is not None or _covers(facts)
    return DocumentForm.SALES_INVOICE if fits else DocumentForm.SALES_ENTRY


def _covers(facts: Facts) -> bool:
    """Whether nearly all that was sold is an item by its SKU, and each charge has an item."""
    if any(facts.sold(kind) and item_of(facts, kind) is None for kind in CHARGES):
        return False
    skus = [sale.sku for sale in facts.sales if sale.kind is LineKind.PRODUCT]
    known = [sku for sku in skus if sku in facts.chart.items and facts.chart.items[sku].sellable]
    return bool(skus) and len(known) * 20 >= len(skus) * 19


def _journals(facts: Facts) -> Iterator[Candidate]:
    used = Counter(line.journal for line in facts.used)
    for code, journal in facts.chart.journals.items():
        name = facts.journal_names.get(code, "")
        right = journal.type == SALES_JOURNAL and (not facts.currency or journal.currency in ("", facts.currency))
        if right and not journal.blocked:
            yield Candidate(code, name, used[code], hints.says(name, hints.WEB_SHOP))


def _template(facts: Facts) -> Iterator[Proposal]:
    candidates = [Candidate(name, name, named=hints.says(name, hints.WEB_SHOP)) for name in facts.layouts]
    found = pick(candidates, name_first=True, what="layout")
    if found:
        yield found.as_proposal("invoice_template")
        yield Proposal("finalize", True, Reason(Why.PRINTED_TO_BOOK), Confidence.LIKELY)
