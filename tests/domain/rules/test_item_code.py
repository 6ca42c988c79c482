"""The code of an item is its SKU, as far as Exact takes it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.lengths import LONGEST_ITEM_CODE, length
from connector.domain.rules.item_code import item_code, key_of

LONG = "SKU-" + "0123456789" * 29 + "ABCDEF"


@pytest.mark.parametrize(
    ("sku", "code"),
    [
        ("MUG-01", "MUG-01"),
        ("'0123", "'0123"),
        ("  two   words\t", "two words"),
        ("\u00a0", ""),
        ("   ", ""),
        ("\u200b\u202e", ""),
        ("قميص أزرق", "قميص أزرق"),
        ("A\u200bB\x00C", "ABC"),
        ("cafe\u0301", "café"),
        ("=1+1", "=1+1"),
    ],
)
def test_what_can_be_seen_of_a_sku_is_kept(sku: str, code: str) -> None:
    assert item_code(sku) == code


def test_a_sku_of_three_hundred_characters_keeps_its_beginning_and_is_unique() -> None:
    assert len(LONG) == 300
    assert item_code(LONG) == "SKU-0123456789012345678-3394F3"
    assert item_code(LONG[:-1] + "X") != item_code(LONG)
    assert length(item_code("👕" * 150)) <= LONGEST_ITEM_CODE


def test_skus_that_differ_only_in_case_have_one_key() -> None:
    assert key_of(item_code("Mug-01")) == key_of(item_code("MUG-01"))
    assert key_of(item_code("'0123")) != key_of(item_code("0123"))


@given(st.text(max_size=400))
def test_a_code_fits_and_has_nothing_that_is_not_seen(sku: str) -> None:
    code = item_code(sku)
    assert length(code) <= LONGEST_ITEM_CODE
    assert code == code.strip()
    assert "  " not in code
    assert not any(unicodedata.category(each)[0] == "C" for each in code)
    assert item_code(code) == code


@given(st.text(alphabet=st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=30))
def test_a_sku_of_letters_and_digits_that_fits_is_its_own_code(sku: str) -> None:
    composed = unicodedata.normalize("NFC", sku)
    assert length(composed) > LONGEST_ITEM_CODE or item_code(sku) == composed


@given(st.lists(st.from_regex(r"[A-Z0-9]{31,60}", fullmatch=True), min_size=2, max_size=20, unique=True))
def test_long_skus_that_differ_have_codes_that_differ(skus: list[str]) -> None:
    assert len({key_of(item_code(sku)) for sku in skus}) == len(skus)
