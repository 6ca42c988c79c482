"""Writes what chose the codes of a draft's line: a rule's name as it is, a reason in the language of the reader."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.chosen_by import NoRule, parts, with_place

_REASONS: Final = {
    NoRule.AS_GOODS: _("as the goods"),
    NoRule.ONLY_ONE: _("the only code of the division that fits"),
    NoRule.ONLY_ONE_WITHOUT_VAT: _("the only code of the division without VAT"),
    NoRule.ROUNDING: _("the rounding settings"),
    NoRule.SKU_TABLE: _("the table of SKUs"),
}


def in_words(kept: str) -> str:
    """Return what a draft keeps of a choice, for a person. A place stays as the draft has it."""
    place, chosen_by = parts(kept)
    words = str(_REASONS[NoRule(chosen_by)]) if chosen_by in set(NoRule) else chosen_by
    return with_place(place, words) if place else words
