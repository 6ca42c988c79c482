"""JSON in and out: exact decimals, nothing that two parsers could read differently."""

import json
from decimal import Decimal

import pytest

from connector.clients.strict_json import Unreadable, dump, load


def test_numbers_stay_exact() -> None:
    assert load(b'{"a": 8.26, "b": 3, "c": 1e2}') == {"a": Decimal("8.26"), "b": 3, "c": Decimal("1e2")}


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b'{"a": 1',
        b'{"a": 1, "a": 2}',
        b'[{"x": {"a": 1, "a": 2}}]',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"\xff{}",
        b"",
        pytest.param(b"[" * 100_000, id="nested"),
        pytest.param(b"9" * 5000, id="huge"),
        b"1e99999999999999999999999",
        b"1e999999999",
        b"1e-999999999",
        b"0e999999999",
        pytest.param(b"9" * 101, id="digits"),
        pytest.param(b"0." + b"1" * 101, id="decimals"),
        pytest.param(b"[" * 41 + b"]" * 41, id="41 lists"),
        pytest.param(b'{"a":' * 41 + b"1" + b"}" * 41, id="41 objects"),
        pytest.param(b"[" + b"0," * 1_000_000 + b"0]", id="a million values"),
    ],
)
def test_what_is_not_plain_json_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        load(body)
    assert len(str(caught.value)) < 80
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 40 + b"]" * 40,
        b"[" + b",".join([b"[]"] * 100) + b"]",
        b'["' + b"[" * 500 + b'\\"' + b"{" * 500 + b'"]',
        b"9" * 100,
        b"1.7976931348623157E+308",
        b"5E-324",
    ],
    ids=["40 levels", "side by side", "brackets in a text", "100 digits", "the largest float", "the smallest float"],
)
def test_what_a_vendor_may_send_is_read(body: bytes) -> None:
    load(body)


@pytest.mark.parametrize("digits", ["8.26", "0.1", "1234567890123456.7891", "2.00", "-0.0001", "100"])
def test_a_decimal_is_sent_with_exactly_its_own_digits(digits: str) -> None:
    assert dump({"p": Decimal(digits)}) == b'{"p":' + digits.encode() + b"}"


def test_no_exponent_is_sent_and_everything_else_is_ordinary_json() -> None:
    assert dump(Decimal("1E+2")) == b"100"
    value = {"a": ["x", True, None, 3, {"k\n": 'quote "'}], "e": "é"}
    assert json.loads(dump(value)) == value


def test_an_amount_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        dump({"a": Decimal("NaN")})
