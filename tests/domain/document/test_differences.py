"""How a document in Exact differs from what was meant is kept as facts."""

from decimal import Decimal

from connector.domain.document.differences import Difference, Differs, as_param, difference, of_param

FOUND = (
    difference(Differs.TOTAL, theirs=Decimal("17.91"), ours=Decimal("17.90")),
    difference(Differs.VAT_CODE, number=1, theirs="", ours="2"),
)


def test_what_is_kept_reads_as_it_was_written() -> None:
    assert of_param(as_param(FOUND)) == FOUND
    assert FOUND[0].params == {"theirs": "17.91", "ours": "17.90"}


def test_no_difference_is_nothing() -> None:
    assert as_param(()) == ""


def test_words_of_an_earlier_release_are_no_facts() -> None:
    assert of_param("total 17.91 in Exact, 17.90 meant") is None


def test_what_a_later_release_compared_too_is_left_out() -> None:
    kept = as_param([FOUND[0], Difference(Differs.VAT, {})]).replace('"vat"', '"colour"')
    assert of_param(kept) == FOUND[:1]
