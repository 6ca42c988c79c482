"""Master data as the domain reads it."""

import pytest

from connector.domain.rules.chart import decimals_of
from connector.flow.order.chart import chart_from
from connector.models import MasterData


def row(kind: str, code: str, **data: object) -> MasterData:
    return MasterData(kind=kind, code=code, name=code.lower(), exact_id=f"id-{code}", data=data)


@pytest.mark.parametrize(
    ("precision", "decimals"),
    [("", None), ("0.01", 2), ("0.010", 2), ("0.001", 3), ("1", 0), ("0", 0), ("2", 2), ("3", 3), ("0.05", 2)],
)
def test_a_precision_is_a_step_or_a_number_of_decimals(precision: str, decimals: int | None) -> None:
    assert decimals_of(precision) == decimals


def test_what_is_blocked_listed_or_ended_in_exact_is_so_in_the_chart() -> None:
    chart = chart_from(
        "NL",
        [
            row("currency", "KWD", amount_precision="0.01"),
            row("vat_code", "7", percentage="0", eu_sales_listing="L"),
            row("vat_code", "2", percentage="21", eu_sales_listing="N"),
            row("gl_account", "8000", blocked=True),
            row("journal", "70", type=20, blocked=True),
            row("cost_center", "EAST"),
            row("cost_center", "WEST", ended=True),
        ],
    )
    assert chart.currencies["KWD"].decimals == 2
    assert chart.vat_codes["7"].is_listed
    assert not chart.vat_codes["2"].is_listed
    assert chart.gl_accounts["8000"].blocked
    assert chart.journals["70"].blocked
    assert list(chart.cost_centers) == ["EAST"]
