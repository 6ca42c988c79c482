from decimal import Decimal as D

from connector.domain.invoice.draft import Draft
from tests.domain.books import HERE, read_books, read_json


def test_a_draft_kept_before_a_field_existed_has_its_default() -> None:
    forced = HERE / "cases" / "exclusive_code_of_an_inclusive_shop_vat_forced"
    draft = read_books(read_json(forced / "setup.json")).translate(read_json(forced / "order.json"))
    assert isinstance(draft, Draft)
    kept = draft.to_json()
    assert [line.vat_amount for line in Draft.from_json(kept).lines] == [D("1.74"), D("1.74"), None]
    for line in kept["lines"]:
        del line["vat_amount"]
    assert {line.vat_amount for line in Draft.from_json(kept).lines} == {None}
