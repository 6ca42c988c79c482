"""What other rules would move, before they are in force."""

from connector.domain.document.codes import Code
from connector.domain.fit.moves import moves
from tests.domain.fit.orders import fits, without


def test_money_that_moves_is_shown_at_both_codes_and_what_stays_is_not() -> None:
    stays = (fits(1, account="8000"), fits(1, account="8000"))
    moved = (fits(2, account="8000"), fits(2, account="8020"))
    found = moves([stays, moved]).to_json()
    assert found["changed"] == 1
    assert found["by_gl_account"] == {
        "8000": {"documents": 1, "before": {"EUR": "200.00"}, "after": {"EUR": "100.00"}},
        "8020": {"documents": 1, "before": {"EUR": "0.00"}, "after": {"EUR": "100.00"}},
    }
    assert found["by_vat_code"] == {}


def test_orders_become_held_or_free() -> None:
    found = moves(
        [
            (fits(1), without(1, Code.NO_VAT_RULE)),
            (without(2, Code.NO_VAT_RULE), fits(2)),
            (without(3, Code.NO_VAT_RULE), without(3, Code.NO_ITEM)),
            (without(4, Code.TEST_ORDER), without(4, Code.TEST_ORDER)),
        ]
    )
    assert (found.changed, found.becomes_held, found.becomes_free) == (0, ("1",), ("2",))
    assert found.by_code == {"gl_account": {}, "cost_center": {}, "vat_code": {}, "item": {}, "warehouse": {}}
