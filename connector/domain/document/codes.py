"""Every problem that a document can have, by code.

A code says what kind of fault it is. Its parameters say which one: texts and whole numbers that can be kept as JSON.
The sentences for people stand in `connector.problems`.
"""

from enum import StrEnum
from typing import Final

from connector.domain.document.states import BlockedReason, SkipReason

_LINE: Final = "line name kind country"  # of an order's line: its key, its name, its kind, its destination
_RULE: Final = "rules rule version"  # of a rule: "mapping" or "vat", its number, the version of the rules
_OF_REFUND: Final = "refund order currency"  # `refund` "": all that remains of the invoice
_INVOICE: Final = "noun number"  # of a document in Exact: what it is, and its number, else its id
_R = BlockedReason


class Code(StrEnum):
    """A kind of fault. Two documents have the same cause when code and `cause` parameters are the same.

    `reason` is the ledger's. `cause` names the parameters that tell one cause from another, `params` all of them.
    """

    reason: BlockedReason | SkipReason
    cause: tuple[str, ...]
    params: frozenset[str]

    def __new__(cls, value: str, reason: BlockedReason | SkipReason, cause: str = "", besides: str = "") -> "Code":
        code = str.__new__(cls, value)
        code._value_ = value
        code.reason = reason
        code.cause = tuple(cause.split())
        code.params = frozenset((*code.cause, *besides.split()))
        return code

    # Where a line is booked.
    NO_GL_ACCOUNT_RULE = "no_gl_account_rule", _R.MAPPING, "kind country", _LINE
    GL_ACCOUNT_MISSING = "gl_account_missing", _R.MAPPING, "gl_account", _LINE
    GL_ACCOUNT_BLOCKED = "gl_account_blocked", _R.MAPPING, "gl_account", _LINE
    COST_CODE_NEEDED = "cost_code_needed", _R.MAPPING, "gl_account dimension", _LINE
    COST_CODE_MISSING = "cost_code_missing", _R.MAPPING, "dimension cost_code", _LINE
    TAX_LINE_NOT_BOOKED = "tax_line_not_booked", _R.MAPPING, "rule", _LINE
    NO_GIFT_CERTIFICATE_ITEM = "no_gift_certificate_item", _R.MAPPING, "", _LINE
    NO_ITEM = "no_item", _R.ITEM, "kind", _LINE
    ITEM_MISSING = "item_missing", _R.ITEM, "item", _LINE
    ITEM_NOT_SOLD = "item_not_sold", _R.ITEM, "item", _LINE

    # The head of the document.
    JOURNAL_MISSING = "journal_missing", _R.MAPPING, "journal"
    JOURNAL_NOT_SALES = "journal_not_sales", _R.MAPPING, "journal"
    JOURNAL_BLOCKED = "journal_blocked", _R.MAPPING, "journal"
    PAYMENT_CONDITION_MISSING = "payment_condition_missing", _R.MAPPING, "payment_condition", "method"
    CURRENCY_MISSING = "currency_missing", _R.CURRENCY, "currency"
    CURRENCY_NOT_OF_JOURNAL = "currency_not_of_journal", _R.CURRENCY, "currency journal", "journal_currency"
    CURRENCY_DECIMALS = "currency_decimals", _R.CURRENCY, "currency", "digits kept"

    # The VAT code of a line.
    NO_VAT_RULE = "no_vat_rule", _R.MAPPING, "country rate fitting", _LINE
    NO_VAT_RULE_ABROAD = "no_vat_rule_abroad", _R.MAPPING, "country rate fitting", _LINE
    NO_VAT_RULE_WITHOUT_VAT = "no_vat_rule_without_vat", _R.MAPPING, "kind fitting", _LINE
    VAT_CODES_ALL_BLOCKED = "vat_codes_all_blocked", _R.MAPPING, "vat_codes", f"{_LINE} rate"
    VAT_CODE_MISSING = "vat_code_missing", _R.MAPPING, "vat_code", f"{_LINE} {_RULE}"
    VAT_CODE_BLOCKED = "vat_code_blocked", _R.MAPPING, "vat_code", f"{_LINE} {_RULE}"
    VAT_CODE_FOR_PURCHASES = "vat_code_for_purchases", _R.MAPPING, "vat_code", f"{_LINE} {_RULE}"
    VAT_CODE_INCLUDES_VAT = "vat_code_includes_vat", _R.MAPPING, "vat_code", f"{_LINE} {_RULE}"
    VAT_CODE_OF_OTHER_COUNTRY = "vat_code_of_other_country", _R.MAPPING, "vat_code oss_country", f"{_LINE} {_RULE} area"
    VAT_CODE_OF_OTHER_RATE = (
        "vat_code_of_other_rate",
        _R.MAPPING,
        "vat_code rate",
        f"{_LINE} {_RULE} percentage tax net",
    )
    VAT_CODE_NEEDS_PROOF = "vat_code_needs_proof", _R.MAPPING, "vat_code proof", f"{_LINE} vat_number"
    NO_VAT_NEEDS_PROOF = "no_vat_needs_proof", _R.MAPPING, "country proof", f"{_LINE} area vat_number"
    VAT_RATE_UNKNOWN = "vat_rate_unknown", _R.MAPPING, "country rates", f"{_LINE} tax net"
    VAT_RATE_OF_FREE_LINE_UNKNOWN = "vat_rate_of_free_line_unknown", _R.MAPPING, "country", _LINE
    TAX_CLASS_UNKNOWN = "tax_class_unknown", _R.MAPPING, "rule", f"{_LINE} {_RULE}"
    TAX_APART_UNDER_TAXED_CODE = (
        "tax_apart_under_taxed_code",
        _R.MAPPING,
        "vat_code",
        f"{_LINE} {_RULE} percentage",
    )
    TAX_ON_GIFT_CERTIFICATE = "tax_on_gift_certificate", _R.MAPPING, "", f"{_LINE} tax"

    # The order's total, to the cent.
    NO_LINES = "no_lines", _R.TOTALS, "", "total currency"
    LINES_DO_NOT_ADD_UP = "lines_do_not_add_up", _R.TOTALS, "", "sum total currency"
    TAX_DOES_NOT_ADD_UP = "tax_does_not_add_up", _R.TOTALS, "", "sum tax currency"
    TAX_TABLE_DIFFERS = "tax_table_differs", _R.TOTALS, "rule", f"{_RULE} told tax currency"
    TOTALS_DIFFER = "totals_differ", _R.TOTALS, "", "gross vat total tax currency"
    TOTALS_DIFFER_UNLESS_FORCED = "totals_differ_unless_forced", _R.TOTALS, "", "gross vat total tax currency"
    VAT_OF_RATE_DIFFERS = "vat_of_rate_differs", _R.TOTALS, "rate", "vat tax currency"
    VAT_OF_COUNTRY_DIFFERS = "vat_of_country_differs", _R.TOTALS, "country rate", "vat tax currency"

    # A credit note that would not be right to the cent.
    REFUND_OF_MORE_THAN_REMAINS = (
        "refund_of_more_than_remains",
        _R.TOTALS,
        "",
        f"{_OF_REFUND} amount rest reference gross",
    )
    REFUND_DECLINED_IN_PART = "refund_declined_in_part", _R.TOTALS, "", f"{_OF_REFUND} amount paid"
    REFUND_CREDITED_OTHERWISE = "refund_credited_otherwise", _R.TOTALS, "", f"{_OF_REFUND} amount credited"
    REFUND_WITHOUT_LINES_LEFT = "refund_without_lines_left", _R.TOTALS, "", "reference rest"
    REFUND_TAX_DIFFERS = "refund_tax_differs", _R.TOTALS, "", f"{_OF_REFUND} tax credited"
    REFUND_OF_ORDER_HELD = "refund_of_order_held", _R.TOTALS, "", f"{_OF_REFUND} amount"
    REFUND_OF_TAX_ALONE = "refund_of_tax_alone", _R.TOTALS, "", f"{_OF_REFUND} amount"
    REFUND_DOES_NOT_ADD_UP = "refund_does_not_add_up", _R.TOTALS, "", f"{_OF_REFUND} sum amount"
    REFUND_OF_UNKNOWN_LINE = "refund_of_unknown_line", _R.TOTALS, "", f"{_OF_REFUND} what id reference"
    REFUND_OF_MORE_PIECES = "refund_of_more_pieces", _R.TOTALS, "", "name line refunded sold"
    REFUND_OF_MORE_THAN_LINE = "refund_of_more_than_line", _R.TOTALS, "", "name line amount rest gross reference"
    REFUND_OUTSIDE_LINES = "refund_outside_lines", _R.TOTALS, "", "amount taken reference"
    CREDIT_VAT_UNLESS_FORCED = "credit_vat_unless_forced", _R.TOTALS, "vat_code", "names gross vat computed"
    CREDIT_VAT_BY_HAND = "credit_vat_by_hand", _R.TOTALS, "vat_code", "names gross vat computed"

    # Receipts.
    PAYMENT_CURRENCY = "payment_currency", _R.TOTALS, "payment_currency currency"
    PAYMENTS_DO_NOT_FIT = (
        "payments_do_not_fit",
        _R.TOTALS,
        "",
        "settled currency money gift_certificate store_credit gross",
    )

    # Periods.
    PERIOD_MISSING = "period_missing", _R.PERIOD, "day"
    PERIOD_CLOSED = "period_closed", _R.PERIOD, "period"
    NO_OPEN_PERIOD = "no_open_period", _R.PERIOD, "period"
