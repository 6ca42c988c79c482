"""The bytes that are hashed are the same for equal values, however a database or a program writes them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from connector.domain.document import chain

AT = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        (1.10, Decimal("1.1")),
        (1e300, 10**300),
        (-0.0, 0),
        (1000, Decimal("1E+3")),
        ((1, 2), [1, 2]),
    ],
)
def test_equal_values_have_one_hash(one: object, other: object) -> None:
    assert chain.digest(one) == chain.digest(other)


@pytest.mark.parametrize(
    ("one", "other"), [(1, "1"), (1, True), (None, ""), ([], {}), ([1, [2]], [1, 2]), ({"a": None}, {}), ("é", "e")]
)
def test_other_values_have_another(one: object, other: object) -> None:
    assert chain.digest(one) != chain.digest(other)


def test_the_bytes_are_as_documented() -> None:
    value = {"text": "café", "number": Decimal("12.50"), "list": [True, None]}
    assert chain.canonical(value) == b'{"list":[true,null],"number":{"n":"12.5"},"text":"caf\\u00e9"}'


def test_a_moment_is_in_utc_to_the_microsecond() -> None:
    assert chain.moment(AT) == "2026-03-01T12:00:00.000005Z"
    assert chain.moment(AT.astimezone(timezone(timedelta(hours=1)))) == chain.moment(AT)


def test_an_entry_is_tied_to_the_one_before_it_and_to_all_that_it_says() -> None:
    entry = chain.Entry(7, 1, "transition", AT, "Noted.", {"to": "posted"}, {"who": ""})
    first = entry.hash_after(chain.genesis(7))
    assert first == chain.chained(chain.genesis(7), entry.content())
    assert first != entry.hash_after(chain.genesis(8))
    assert first != chain.Entry(7, 2, "transition", AT, "Noted.", {"to": "posted"}, {"who": ""}).hash_after(
        chain.genesis(7)
    )


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        chain.canonical(object())
