"""Every reason and every problem of ours has its plain sentence, and the page that puts it right."""

import re

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, from_json, problem
from connector.domain.document.states import BlockedReason, SkipReason
from connector.problems.catalogue import BY_REASON, EXACT, STORE, explain, explain_call, sentence
from connector.problems.explanation import PAGES, Explanation
from tests.domain.books import HERE, read_json


def explanation_of(found: Problem) -> Explanation:
    return explain(found.code, found.params)


MUG = {"line": "product:65", "name": "Mug", "kind": "product", "country": "NL"}
OWN = [
    (problem(Code.NO_GL_ACCOUNT_RULE, **MUG), "rules"),
    (problem(Code.GL_ACCOUNT_MISSING, **MUG, gl_account="8000"), "rules"),
    (problem(Code.VAT_CODE_MISSING, **MUG, vat_code="2", rules="vat", rule="1", version=3), "vat_rules"),
    (problem(Code.NO_VAT_RULE, **MUG, rate="21", fitting=""), "vat_rules"),
    (problem(Code.JOURNAL_MISSING, journal="70"), "connection"),
    (problem(Code.TEMPLATE_MISSING, template="Webshop"), "connection"),
    (problem(Code.PAYMENT_CONDITION_MISSING, payment_condition="30", method="PayPal"), "rules"),
    (problem(Code.ITEM_MISSING, **MUG, item="TEA"), "exact"),
    (problem(Code.NO_ITEM, **MUG), "connection"),
    (problem(Code.ACCOUNT_BLOCKED, account="12", by="e-mail address"), "exact"),
    (problem(Code.ACCOUNTS_ALIKE, amount=2, by="VAT number", accounts="1, 2", search_code="C1"), "customers"),
    (problem(Code.GUEST_WITHOUT_EMAIL), "bigcommerce"),
    (problem(Code.CUSTOMER_WITHOUT_NAME, search_code="NLS-5"), "bigcommerce"),
    (problem(Code.COLLECTIVE_ACCOUNT_MISSING, account="7"), "connection"),
    (problem(Code.NO_EXCHANGE_RATE, currency="USD"), "exact"),
    (problem(Code.CURRENCY_DECIMALS, currency="KWD", digits=3, kept=2), "exact"),
    (problem(Code.PERIOD_MISSING, day="2026-01-05"), "exact"),
    (problem(Code.PERIOD_CLOSED, period="2026-01-01 to 2026-01-31"), "connection"),
    (problem(Code.MADE_OTHERWISE, noun="invoice", number="7", differences="total 1 in Exact, 2 meant"), "connection"),
    (problem(Code.FINAL_AND_OTHER, noun="invoice", number="7", differences="total 1, 2 meant"), "exact"),
    (problem(Code.LINES_DO_NOT_ADD_UP, sum="10", total="11", currency="EUR"), "bigcommerce"),
    (problem(Code.RIGHT_MISSING, vendor=STORE, right="store_v2_orders", text=""), "store"),
    (problem(Code.TOKEN_REFUSED, vendor=STORE, text=""), "store"),
    (problem(Code.TOKEN_REFUSED, vendor=EXACT, text=""), "grant"),
    (problem(Code.CALL_FAILED, vendor=EXACT, text=""), "ledger"),
    (problem(Code.PAYMENTS_DO_NOT_FIT, settled="20.00", gross="17.90", currency="EUR"), "exact"),
    (problem(Code.PAYMENT_CURRENCY, payment_currency="USD", currency="EUR"), "exact"),
]


@pytest.mark.parametrize("reason", [*BlockedReason, *SkipReason])
def test_every_reason_is_explained_of_a_row_without_a_code(reason: str) -> None:
    explained = explain("", {}, reason)
    assert explained is BY_REASON[reason]
    assert explained.where in PAGES
    assert str(explained.what_happened).endswith(".")
    assert str(explained.who).endswith(".")


@pytest.mark.parametrize(("held", "where"), OWN, ids=lambda value: str(getattr(value, "code", value)))
def test_our_own_problems_lead_to_the_page_that_puts_them_right(held: Problem, where: str) -> None:
    assert explanation_of(held).where == where


@pytest.mark.parametrize("status", [0, 401, 403, 429, 503])
@pytest.mark.parametrize("vendor", [EXACT, STORE])
def test_a_failed_call_without_a_text_is_explained_by_its_status(vendor: str, status: int) -> None:
    explained = explain_call(vendor, status, "")
    assert explained is not None
    assert explained.needs_person == (status in {401, 403})
    assert explained.where == ("ledger" if status in {0, 429, 503} else explained.where)


def test_who_has_to_do_nothing_is_not_asked_for() -> None:
    assert not explain("", {}, SkipReason.ZERO).needs_person
    assert explain("", {}, BlockedReason.MAPPING).needs_person
    assert all(explain("", {}, reason).needs_person for reason in BlockedReason)


def test_what_a_product_is_called_changes_no_advice() -> None:
    plain, odd = (
        problem(Code.GL_ACCOUNT_MISSING, **{**MUG, "name": name}, gl_account="8000")
        for name in ("Mug", "The VAT rule book")
    )
    assert explanation_of(plain) == explanation_of(odd)


HELD_ORDERS = [
    (folder.name, held)
    for folder in sorted((HERE / "cases").iterdir())
    for held in from_json(read_json(folder / "expected.json").get("held", []))
]
HELD_REFUNDS = [
    (folder.name, outcome["code"])
    for folder in sorted((HERE / "credits").glob("*/"))
    for outcome in read_json(folder / "expected.json")
    if "held" in outcome
]


@pytest.mark.parametrize(("name", "held"), HELD_ORDERS)
def test_each_held_order_of_the_cases_names_a_figure_or_code_and_a_page(name: str, held: Problem) -> None:
    assert re.search(r'\d|"|in [A-Z]{3}\b', sentence(held))
    explained = explanation_of(held)
    assert explained.needs_person
    assert explained.where in {"rules", "vat_rules", "connection", "exact", "bigcommerce"}


@pytest.mark.parametrize(("name", "code"), HELD_REFUNDS)
def test_each_held_refund_of_the_cases_is_reported_as_a_refund(name: str, code: str) -> None:
    explained = explain(code, {})
    assert "credit note" in str(explained.what_happened)
    assert explained.where in {"exact", "connection"}
