"""A code has the ledger's reason, and says which of its parameters tell one cause from another."""

from connector.domain.document.codes import Code
from connector.domain.document.states import BlockedReason, SkipReason


def test_a_code_is_its_word_and_has_its_reason() -> None:
    assert Code("item_missing") is Code.ITEM_MISSING
    assert f"{Code.ITEM_MISSING}" == "item_missing"
    assert (Code.ITEM_MISSING.reason, Code.TEST_ORDER.reason) == (BlockedReason.ITEM, SkipReason.TEST)


def test_the_parameters_of_a_cause_are_among_all() -> None:
    assert Code.ITEM_MISSING.cause == ("item",)
    assert Code.ITEM_MISSING.params == {"item", "line", "name", "kind", "country"}
    assert Code.NO_GIFT_CERTIFICATE_ITEM.cause == ()
    assert not [code for code in Code if not code.params.issuperset(code.cause)]


def test_a_document_goes_on_by_itself_where_a_code_has_no_reason() -> None:
    assert Code.NOT_IN_EXACT.reason is None
