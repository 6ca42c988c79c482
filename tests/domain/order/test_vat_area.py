import pytest

from connector.domain.order.model import Address
from connector.domain.order.vat_area import (
    ELSEWHERE,
    in_eu,
    is_carved_out,
    iso_country,
    town_and_postcode_disagree,
    vat_area,
)


@pytest.mark.parametrize(
    ("country", "postcode", "area"),
    [
        ("NL", "3511 AA", "NL"),
        ("ES", "28001", "ES"),
        ("ES", "35001", "IC"),
        ("ES", "38 001", "IC"),
        ("ES", "51001", "EA"),
        ("ES", "52001", "EA"),
        ("FI", "00100", "FI"),
        ("FI", "22100", "AX"),
        ("FI", "FI-22100", "AX"),
        ("AX", "22100", "AX"),
        ("GB", "SW1A 1AA", "GB"),
        ("GB", "bt1 5gs", "XI"),
        ("GB", "B1 1AA", "GB"),
        ("DE", "78266", ELSEWHERE),
        ("DE", "D-27498", ELSEWHERE),
        ("DE", "27499", "DE"),
        ("IT", "23041", ELSEWHERE),
        ("IT", "22061", ELSEWHERE),
        ("GR", "630 86", ELSEWHERE),
        ("FR", "97400", ELSEWHERE),
        ("FR", "75001", "FR"),
        ("FR", "98000", "FR"),
        ("MC", "98000", "FR"),
        ("IM", "IM1 1AA", "GB"),
        ("", "35001", ""),
        ("SM", "47890", "SM"),
        ("IT", "47890", "SM"),
        ("IT", "I-47899", "SM"),
        ("IT", "47900", "IT"),
        ("VA", "00120", "VA"),
        ("IT", "00120", "VA"),
        ("IT", "00121", "IT"),
        ("CY", "99010", ELSEWHERE),
        ("CY", "9300", ELSEWHERE),
        ("CY", "1010", "CY"),
        ("IT", "RSM-47890", "SM"),
        ("IT", "SCV-00120", "VA"),
        ("ES", "ES35001", "IC"),
        ("FI", "AX-22100", "AX"),
        ("FI", "FIN-22100", "AX"),
        ("FR", "FR97110", ELSEWHERE),
        ("FR", "F75001", "FR"),
        ("DK", "3900", "GL"),
        ("DK", "3000", "DK"),
        ("GB", "je2 3ab", "JE"),
        ("GB", "GY1 1AA", "GG"),
        ("LI", "9490", "CH"),
    ],
)
def test_the_area_of_an_address(country: str, postcode: str, area: str) -> None:
    assert vat_area(Address(country=country, postcode=postcode)) == area


@pytest.mark.parametrize(
    ("country", "city", "postcode", "area"),
    [
        ("IT", "San  Marino", "", "SM"),
        ("IT", "Repubblica di San Marino", "RSM", "SM"),
        ("IT", "San Marino", "40010", "IT"),  # a village near Bologna
        ("IT", "Città del Vaticano", "", "VA"),
        ("IT", "Roma", "", "IT"),
        ("CY", "GİRNE", "", ELSEWHERE),
        ("CY", "Kyrenia", "Mersin 10", ELSEWHERE),
        ("CY", "Gazimağusa", "", ELSEWHERE),
        ("CY", "Famagusta", "5330", "CY"),  # Ayia Napa, in the district of that name
        ("CY", "Nicosia", "", "CY"),
        ("CY", "Lapta, Girne", "00000", ELSEWHERE),
        ("CY", "Lefke / Kuzey K\u0131br\u0131s", "", ELSEWHERE),
        ("CY", "", "Mersin 10", ELSEWHERE),
        ("IT", "Borgo Maggiore (RSM)", "", "SM"),
        ("IT", "Vatican City State", "", "VA"),
        ("NL", "San Marino", "", "NL"),
        ("CY", "KKTC Mağusa", "", ELSEWHERE),
        ("CY", "Girne - Mersin 10 Turkey", "", ELSEWHERE),
        ("CY", "Gazi Mağusa", "", ELSEWHERE),
        ("CY", "Nicosia (North)", "", ELSEWHERE),
        ("CY", "Nicosia, Nordzypern", "", ELSEWHERE),
        ("CY", "North Street Village", "", "CY"),
        ("IT", "Città di San Marino", "", "SM"),
        ("IT", "Dogana RSM", "", "SM"),
        ("IT", "Vatican City, Rome", "", "VA"),
    ],
)
def test_without_a_postcode_of_the_country_the_town_tells_the_area(
    country: str, city: str, postcode: str, area: str
) -> None:
    assert vat_area(Address(country=country, city=city, postcode=postcode)) == area


@pytest.mark.parametrize(
    ("country", "city", "postcode", "area"),
    [
        ("CY", "Kyrenia", "1010", "CY"),
        ("CY", "Girne", "3036", "CY"),
        ("CY", "Lefkoşa", "1010", "CY"),
        ("CY", "Famagusta", "1010", "CY"),
        ("CY", "Limassol", "99300", ELSEWHERE),
        ("CY", "Larnaka", "9300", ELSEWHERE),
        ("IT", "San Marino", "47921", "IT"),
        ("IT", "Repubblica di San Marino", "40010", "IT"),
        ("IT", "Borgo Maggiore", "00120", "VA"),
        ("IT", "Città del Vaticano", "00193", "IT"),
        ("IT", "Vaticano", "47890", "SM"),
    ],
)
def test_a_town_and_a_postcode_of_two_areas_disagree(country: str, city: str, postcode: str, area: str) -> None:
    address = Address(country=country, city=city, postcode=postcode)
    assert town_and_postcode_disagree(address)
    assert vat_area(address) == area


@pytest.mark.parametrize(
    ("country", "city", "postcode", "area"),
    [
        ("CY", "Girne", "99300", ELSEWHERE),
        ("CY", "Kyrenia", "9300", ELSEWHERE),
        ("CY", "Nicosia", "99010", ELSEWHERE),
        ("CY", "Nicosia", "1010", "CY"),
        ("CY", "Limassol", "3036", "CY"),
        ("CY", "Famagusta", "5330", "CY"),
        ("CY", "Gazimağusa", "99450", ELSEWHERE),
        ("IT", "San Marino", "47890", "SM"),
        ("IT", "San Marino", "40010", "IT"),
        ("IT", "Rimini", "47921", "IT"),
        ("IT", "Serravalle", "47899", "SM"),
        ("IT", "Roma", "00120", "VA"),
        ("IT", "Città del Vaticano", "SCV-00120", "VA"),
        ("IT", "Vaticano", "89866", "IT"),
        ("IT", "San Marino", "", "SM"),
        ("SM", "San Marino", "40010", "SM"),
        ("ES", "Limassol", "35001", "IC"),
        ("GB", "Belfast", "BT1 5GS", "XI"),
    ],
)
def test_they_agree_or_one_of_them_tells_nothing(country: str, city: str, postcode: str, area: str) -> None:
    address = Address(country=country, city=city, postcode=postcode)
    assert not town_and_postcode_disagree(address)
    assert vat_area(address) == area


def test_northern_ireland_belongs_to_the_eu_for_goods_alone() -> None:
    belfast = Address(country="GB", postcode="BT1 5GS")
    assert in_eu(vat_area(belfast))
    assert not in_eu(vat_area(belfast, goods=False))
    assert vat_area(Address(country="ES", postcode="35001"), goods=False) == "IC"


def test_a_country_has_one_code_in_every_spelling() -> None:
    assert [iso_country(written) for written in ("EL", "gr", " DE ", "uk", "")] == ["GR", "GR", "DE", "GB", ""]
    assert [iso_country(written) for written in ("NLD", "528", "N", "Nederland")] == [""] * 4


def test_the_state_may_name_the_area() -> None:
    assert vat_area(Address(country="CY", city="Boğaz", state="TRNC")) == ELSEWHERE
    assert vat_area(Address(country="IT", city="Dogana", state="Repubblica di San Marino")) == "SM"


def test_the_district_of_famagusta_belongs_to_the_eu() -> None:
    assert vat_area(Address(country="CY", city="Paralimni", state="Famagusta")) == "CY"


def test_a_rule_for_a_country_applies_to_joined_areas_but_not_to_excluded_ones() -> None:
    assert is_carved_out("IC", "ES")
    assert is_carved_out("XI", "GB")
    assert not is_carved_out("FR", "MC")
    assert not is_carved_out("NL", "NL")
    assert not any(in_eu(area) for area in ("IC", "EA", "AX", "GB", "SM", "VA", ELSEWHERE, ""))
