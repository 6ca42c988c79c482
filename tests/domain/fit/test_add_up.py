"""Sums over many orders: nothing of the shop's money is lost between posted, held and skipped."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.fit.add_up import add_up
from connector.domain.fit.outcome import Outcome
from tests.domain.fit.orders import fits, without

MONEY = st.decimals("0.01", "999.99", places=2).map(str)
CODES = st.sampled_from([Code.NO_VAT_RULE, Code.NO_ITEM, Code.STATUS_NOT_POSTED, Code.TEST_ORDER])
OUTCOMES = st.lists(
    st.one_of(
        st.builds(
            fits, st.just(1), MONEY, account=st.sampled_from(["8000", "8020"]), currency=st.sampled_from(["EUR", "USD"])
        ),
        st.builds(without, st.just(2), CODES, MONEY),
    )
)


@given(OUTCOMES)
def test_every_order_is_in_one_place_and_every_cent_in_one_month(outcomes: list[Outcome]) -> None:
    found = add_up(outcomes)
    assert found.orders == found.fit + found.held + found.skipped == len(outcomes)
    assert sum(len(cause.orders) for cause in found.causes) == found.held
    assert sum(len(cause.orders) for cause in found.skips) == found.skipped
    assert {month.difference for month in found.months} <= {D(0)}
    for currency, money in found.totals.items():
        assert money == sum(month.posted for month in found.months if month.currency == currency)
        for sums in found.by_code["gl_account"], found.by_code["vat_code"]:
            assert money == sum(each.net[currency] + each.vat[currency] for each in sums.values())


def test_amounts_stand_in_the_usual_currency_and_beside_it_in_each() -> None:
    found = add_up([fits(1, "121.00"), fits(2, "12.10"), fits(3, "242.00", currency="USD")]).to_json()
    assert (found["currency"], found["total"], found["totals"]) == ("EUR", "133.10", {"EUR": "133.10", "USD": "242.00"})
    assert found["by_gl_account"] == {
        "8000": {
            "documents": 3,
            "net": "110.00",
            "nets": {"EUR": "110.00", "USD": "200.00"},
            "vat": "23.10",
            "vats": {"EUR": "23.10", "USD": "42.00"},
        }
    }
    assert found["by_cost_center"] == {}


def test_an_order_counts_once_under_its_most_serious_problem() -> None:
    both = without(1, Code.CURRENCY_MISSING, "10.00", Problem(Code.NO_VAT_RULE))
    found = add_up([both, without(2, Code.NO_VAT_RULE, "5.00"), without(3, Code.CURRENCY_MISSING)])
    assert [(cause.code, cause.orders, cause.totals) for cause in found.causes] == [
        (Code.NO_VAT_RULE, ("1", "2"), {"EUR": D("15.00")}),
        (Code.CURRENCY_MISSING, ("3",), {"EUR": D("10.00")}),
    ]


def test_without_orders_every_sum_is_empty() -> None:
    found = add_up([]).to_json()
    assert (found["orders"], found["total"], found["causes"], found["months"]) == (0, "0.00", [], [])
