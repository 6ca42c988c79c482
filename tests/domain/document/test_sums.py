"""What a side comes to: every part adds up to the whole, and pages may be added one after the other."""

from datetime import date
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.sums import PARTS, Entry, Totals
from connector.domain.money import total

CENTS = st.integers(-100_000, 100_000).map(lambda number: D(number).scaleb(-2))


def entry(codes: dict[str, tuple[D, D]], day: date | None, currency: str, country: str, method: str) -> Entry:
    net, vat = total(each for each, _vat in codes.values()), total(each for _net, each in codes.values())
    return Entry(day, currency, net + vat, net, vat, country, method, codes)


ENTRIES = st.builds(
    entry,
    st.dictionaries(st.sampled_from(["0", "2", "4"]), st.tuples(CENTS, CENTS), max_size=3),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5)),
    st.sampled_from(["EUR", "USD"]),
    st.sampled_from(["", "NL", "BE"]),
    st.sampled_from(["iDEAL", "PayPal"]),
)


def test_a_document_stands_under_its_day_country_method_and_codes() -> None:
    sums = Totals()
    sums.add(entry({"2": (D("10.00"), D("2.10")), "4": (D("5.00"), D("0.45"))}, date(2026, 1, 2), "EUR", "NL", "iDEAL"))
    euros = sums.to_json()["EUR"]
    whole = {"count": 1, "gross": "17.55", "net": "15.00", "vat": "2.55"}
    assert {name: euros[name] for name in whole} == whole
    assert (euros["days"], euros["countries"], euros["methods"]) == (
        {"2026-01-02": whole},
        {"NL": whole},
        {"iDEAL": whole},
    )
    assert euros["codes"]["4"] == {"count": 1, "gross": "5.45", "net": "5.00", "vat": "0.45"}
    assert euros["codes_by_country"] == {"NL": euros["codes"]}


def test_money_without_a_code_is_not_lost() -> None:
    sums = Totals()
    sums.add(Entry(None, "EUR", D("12.10"), D("10.00"), D("2.10")))
    assert sums.to_json()["EUR"]["codes"][""]["vat"] == "2.10"
    assert sums.to_json()["EUR"]["days"][""]["count"] == 1


@given(st.lists(ENTRIES, max_size=20), st.integers(0, 20))
def test_parts_add_up_and_pages_may_be_added_one_after_the_other(entries: list[Entry], cut: int) -> None:
    whole, first = Totals(), Totals()
    for each in entries:
        whole.add(each)
    for each in entries[:cut]:
        first.add(each)
    resumed = Totals.from_json(first.to_json())
    for each in entries[cut:]:
        resumed.add(each)
    assert resumed.to_json() == whole.to_json()
    for sums in whole.to_json().values():
        for name in PARTS:
            for amount in ("gross", "net", "vat"):
                assert total(D(each[amount]) for each in sums[name].values()) == D(sums[amount])
