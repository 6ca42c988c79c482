from dataclasses import replace
from decimal import Decimal as D

from connector.domain.choices import DocumentForm
from connector.domain.invoice.draft import (
    CREDIT_ENTRY,
    CREDIT_NOTE,
    SALES_ENTRY,
    SALES_INVOICE,
    Draft,
    eu_sales_code,
)
from tests.domain.books import HERE, plain_order, read_books, read_json


def test_a_draft_kept_before_a_field_existed_has_its_default() -> None:
    forced = HERE / "cases" / "exclusive_code_of_an_inclusive_shop_vat_forced"
    draft = read_books(read_json(forced / "setup.json")).translate(read_json(forced / "order.json"))
    assert isinstance(draft, Draft)
    kept = draft.to_json()
    assert [line.vat_amount for line in Draft.from_json(kept).lines] == [D("1.74"), D("1.74"), None]
    for line in kept["lines"]:
        del line["vat_amount"]
    assert {line.vat_amount for line in Draft.from_json(kept).lines} == {None}


def plain_draft() -> Draft:
    draft = read_books({}).translate_order(plain_order())
    assert isinstance(draft, Draft)
    return draft


def test_what_is_kept_is_read_as_it_was() -> None:
    draft = plain_draft()
    assert Draft.from_json(draft.to_json()) == draft


def test_a_draft_is_the_same_whichever_rule_chose_its_codes() -> None:
    draft = plain_draft()
    (line,) = draft.lines
    renamed = replace(draft, notes="Seen", lines=(replace(line, rule="rule 7, version 9", vat_rule="VAT rule 2"),))
    assert draft.becomes_the_same_as(renamed)
    assert not draft.becomes_the_same_as(replace(draft, lines=(replace(line, gl_account="8100"),)))


def test_a_credit_note_has_the_form_of_its_invoice() -> None:
    draft = plain_draft()
    forms = [replace(draft, type=kind).form for kind in (SALES_INVOICE, CREDIT_NOTE, SALES_ENTRY, CREDIT_ENTRY)]
    assert forms == [DocumentForm.SALES_INVOICE] * 2 + [DocumentForm.SALES_ENTRY] * 2


def test_the_code_for_the_sales_list_is_that_of_a_line_that_costs_something() -> None:
    chart = read_books({"more": {"vat_codes": [{"code": "7", "percentage": "0", "eu_sales_listing": "L"}]}}).chart
    (line,) = plain_draft().lines
    listed = replace(line, vat_code="7")
    free = replace(listed, gross=D("0.00"))
    codes = [eu_sales_code(replace(plain_draft(), lines=lines), chart) for lines in ((line, listed), (line, free))]
    assert codes == ["7", ""]
