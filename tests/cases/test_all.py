"""Each kind of order, refund or change that was met has a test that says what is right for it.

A test has the kind's name as its own name or as the id of one of its rows. Some stand beside the code that they are
about, under a name of their own.
"""

import re
from pathlib import Path

import pytest

KINDS = [
    "400_lines",
    "api_discount_not_spread",
    "archived",
    "cancel_then_refund_short",
    "company_dash",
    "country_iso2_missing",
    "credit_now_14",
    "date_1970",
    "date_empty",
    "date_minus1",
    "date_offset",
    "digital_only",
    "disputed",
    "dummy_email",
    "edit_qty_down",
    "email_empty_customer",
    "exact_500_texts",
    "fee_200_percent",
    "free_gift_line",
    "gift_certificate_only",
    "guest_becomes_customer",
    "guest_becomes_customer_repost",
    "handling_on_header_only",
    "header_after_giftcert",
    "html_name",
    "huf_whole_tax",
    "line_in_no_consignment",
    "line_in_two_consignments",
    "long_reference",
    "marketplace_tax",
    "name_emoji_nul_rtl",
    "names_all_empty",
    "neg_fee",
    "neg_line_price",
    "neg_qty_only",
    "no_lines_total",
    "noround_excl",
    "noround_excl_force",
    "noround_incl_code",
    "payment_status_empty",
    "poll_bad_row",
    "qty_100000",
    "redacted_credit_and_repost",
    "refund_created_empty",
    "refund_deduction",
    "refund_double_submit",
    "refund_fee",
    "refund_gift_wrap_free",
    "refund_line_twice_9110",
    "refund_line_twice_9111",
    "refund_line_twice_9120",
    "refund_more_than_order",
    "refund_order_level_with_tax",
    "refund_payment_more_than_total",
    "refund_shipping_ex_tax",
    "refund_strings",
    "refund_tax_adjustment",
    "refund_tax_negative",
    "refund_then_cancel",
    "refund_to_store_credit",
    "refund_unknown_kind",
    "refund_zero",
    "removed_line_qty0",
    "removed_line_qty0_totals_stay",
    "renamed_product_text",
    "ship_only",
    "status_back_to_incomplete",
    "store_zones",
    "total_zero_store_credit",
    "vat_later",
    "vat_matched_by_email",
    "vat_other_number",
    "wrapping_on_header_only",
]
ELSEWHERE = {
    "dummy_email": "test_dummy_email_of_guests_is_held_or_goes_to_the_collective_account",
    "marketplace_tax": "test_a_tax_that_a_marketplace_remits_goes_to_an_account_of_its_own",
    "poll_bad_row": "test_a_row_that_cannot_be_read_is_named_and_the_others_come_in",
}
TESTS = "\n".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
NAMED = set(re.findall(r"def test_(\w+)|\bid=\"(\w+)\"", TESTS))
FOUND = {name for pair in NAMED for name in pair if name}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_test(kind: str) -> None:
    assert ELSEWHERE.get(kind, f"test_{kind}").removeprefix("test_") in FOUND
