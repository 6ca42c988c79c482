"""One phone number has one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.customer.phones import phone_key


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("06 12345678", "NL", "+31612345678"),
        ("+31 (0)6 12345678", "BE", "+31612345678"),
        ("0031 6 12 34 56 78", "", "+31612345678"),
        ("06-12345678 ext. 4", "NL", "+31612345678"),
        ("020-1234567 / 06-12345678", "NL", "+31201234567"),
        ("030/901820", "DE", "+4930901820"),
        ("0475 12 34 56", "be", "+32475123456"),
        ("٠٦١٢٣٤٥٦٧٨", "NL", "+31612345678"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(text: str, country: str, key: str) -> None:
    assert phone_key(text, country) == key


@pytest.mark.parametrize("text", ["", "-", "geen", "0000000000", "12", "9" * 500, "📞", "06 12345678 🙂" * 40])
def test_what_is_no_number_of_anybody_has_no_key(text: str) -> None:
    assert phone_key(text, "NL") == ""


def test_a_number_without_its_country_needs_one_that_is_known() -> None:
    assert phone_key("06 12345678", "") == phone_key("06 12345678", "ZZ") == ""
    assert phone_key("+31 6 12345678", "ZZ") == "+31612345678"


@given(st.text(max_size=60), st.sampled_from(["NL", "BE", "DE", "GB", "ZZ", ""]))
def test_a_key_is_its_own_key(text: str, country: str) -> None:
    key = phone_key(text, country)
    assert phone_key(key, country) == key
    assert phone_key(f" {text} ", country) == key
