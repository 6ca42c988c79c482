"""A choice is its value, and has the words for it; a sales entry rounds on each line whatever is chosen."""

import pytest

from connector.domain.choices import Choice, DocumentForm, Mode, VatRounding
from tests.domain.books import read_books


def test_a_choice_is_its_value_and_has_words() -> None:
    assert Mode("live") is Mode.LIVE
    assert (f"{Mode.LIVE}", Mode.LIVE.words) == ("live", "Live")
    assert not [member for kind in Choice.__subclasses__() for member in kind if not member.words]


@pytest.mark.parametrize("chosen", VatRounding)
def test_a_sales_entry_rounds_on_each_line(chosen: VatRounding) -> None:
    invoice, entry = (
        read_books({"settings": {"document": form, "vat_rounding": chosen}}).settings
        for form in (DocumentForm.SALES_INVOICE, DocumentForm.SALES_ENTRY)
    )
    assert (invoice.is_entry, invoice.rounding) == (False, chosen)
    assert (entry.is_entry, entry.rounding) == (True, VatRounding.LINE)
