"""Names of one party, however they are written."""

import pytest

from connector.domain.customer.names import fitting, name_key, same_name
from connector.domain.document.lengths import LONGEST_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gentse Fietsen", "Gentse Fietsen BV"),
        ("GENTSE FIETSEN B.V.", "Gentse Fietsen"),
        ("Müller & Söhne GmbH", "Muller Sohne"),
        ("Café du Nord S.à r.l.", "CAFE DU NORD SARL"),
        ("Smith Ltd.", "Smith Limited"),
        ("Fabryka Sp. z o.o.", "Fabryka"),
        ("Ørsted Cykler A/S", "Orsted Cykler"),
        ("Łukasz Dąbrowski", "Lukasz Dabrowski"),
        ("Bakkerij N.V./S.A.", "BAKKERIJ"),
        ("عبد الله 🎉", "عبد الله"),
        ("Dijk, Vera", "Vera Dijk"),
        ("J. P. de Wit", "J.P. de Wit"),
        ("A" * 60, "A" * LONGEST_NAME),
        ("🎉 A" * 20, fitting("🎉 A" * 20)),
    ],
)
def test_one_party(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        (" ", "-"),
        ("★", "***"),
        ("Vera Dijk", "Vera van Dijk"),
        ("Alfa Fietsen BV", "Beta Fietsen BV"),
        ("Ann Bakker", "Bob Visser"),
        ("BV", "NV"),
    ],
)
def test_two_parties(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_a_name_is_cut_where_exact_counts_an_emoji_as_two() -> None:
    assert fitting("🎉" * 30) == "🎉" * 25
    assert fitting("A" * 60) == "A" * LONGEST_NAME


def test_the_key_of_a_name_is_the_same_for_every_way_to_write_it() -> None:
    assert name_key("Gentse Fietsen B.V.") == name_key("fietsen, gentse") == "fietsen gentse"
    assert name_key("") == ""


def test_a_number_before_a_legal_form_is_a_word_of_its_own() -> None:
    assert same_name("Fietshuis 4 B.V.", "Fietshuis 4")
    assert not same_name("Fietshuis 4 B.V.", "Fietshuis 5 B.V.")
