"""What an order becomes in numbers: no name, no address, and the same after it was kept as JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from connector.domain.document.codes import Code
from connector.domain.fit.outcome import Outcome, Verdict, of_draft, without_document
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import Order
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books
from tests.domain.fit.orders import fits, without


def drafted() -> tuple[Order, Draft]:
    order = order_of(charge("product:1", "12.10", "2.10"), charge("product:2", "10.90", "0.90"))
    draft = read_books({}).translate_order(order)
    assert isinstance(draft, Draft)
    return order, draft


def outcome_of(order: Order, draft: Draft) -> Outcome:
    return of_draft(order, "Europe/Amsterdam", draft, b2b=True)


def test_the_money_of_each_code_adds_up_to_the_document() -> None:
    found = outcome_of(*drafted())
    for kind in ("gl_account", "vat_code"):
        shares = found.shares[kind].values()
        assert sum(share.net + share.vat for share in shares) == found.gross == D("23.00")
    assert {code: (share.net, share.vat) for code, share in found.shares["vat_code"].items()} == {
        "1": (D("10.00"), D("0.90")),
        "2": (D("10.00"), D("2.10")),
    }


def test_it_keeps_nothing_that_names_the_customer() -> None:
    made = drafted()
    kept = json.dumps(outcome_of(*made).to_json())
    billing = made[0].billing
    assert all(text not in kept for text in (billing.last_name, billing.email, billing.street_1) if text)
    assert {"business", "country NL", "rate 21", "rate 9"} <= outcome_of(*made).traits


def test_a_month_is_one_of_the_stores_own_time_zone() -> None:
    order = replace(drafted()[0], created=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    months = [without_document(order, zone, ()).month for zone in ("Europe/Amsterdam", "America/New_York")]
    assert months == ["2026-11", "2026-10"]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (fits(1), Verdict.FIT),
        (without(1, Code.NO_VAT_RULE), Verdict.HELD),
        (without(1, Code.STATUS_NOT_POSTED), Verdict.SKIPPED),
    ],
)
def test_a_verdict_survives_being_kept(outcome: Outcome, verdict: Verdict) -> None:
    kept = Outcome.from_json(json.loads(json.dumps(outcome.to_json())))
    assert (kept, kept.verdict) == (outcome, verdict)
