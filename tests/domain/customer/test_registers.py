"""Numbers of public registers: written without separators when their form is right, else not at all."""

import pytest

from connector.domain.customer.registers import chamber_number, peppol_id


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("12345678", "NL", "12345678"),
        ("KvK-nummer: 12.34.56.78", "NL", "12345678"),
        ("1234567", "NL", ""),
        ("0403.019.261", "BE", "0403019261"),
        ("BE 0403.019.261", "BE", "0403019261"),
        ("0403.019.262", "BE", ""),
        ("552 008 443", "FR", "552008443"),
        ("552 008 444", "FR", ""),
        ("732 829 320 00074", "FR", "73282932000074"),
        ("HRB 86891", "DE", "HRB86891"),
        ("SC123456", "GB", "SC123456"),
        ("none", "DE", ""),
        ("", "NL", ""),
    ],
)
def test_a_chamber_of_commerce_number_has_the_form_of_its_country(text: str, country: str, number: str) -> None:
    assert chamber_number(text, country) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0106:12345678", "0106:12345678"),
        (" iso6523-actorid-upis::0106:12345678 ", "0106:12345678"),
        ("0106:1234567", ""),
        ("0208:0403019261", "0208:0403019261"),
        ("0208:0403019262", ""),
        ("0088:7300010000001", "0088:7300010000001"),
        ("0088:7300010000002", ""),
        ("9944:NL004495445B01", "9944:NL004495445B01"),
        ("9925:0403019261", "9925:0403019261"),
        ("9999:ANY-THING_1", "9999:ANY-THING_1"),
        ("12345678", ""),
        ("0106:", ""),
    ],
)
def test_a_peppol_id_has_a_scheme_and_a_number_that_fits_it(text: str, number: str) -> None:
    assert peppol_id(text) == number
