"""Every problem that a document can have, by code.

A code says what kind of fault it is. Its parameters say which one: texts and whole numbers that can be kept as JSON.
The sentences for people stand in `connector.problems`.
"""

from enum import StrEnum
from typing import Final

from connector.domain.document.states import BlockedReason, SkipReason

_LINE: Final = "line name kind country"  # an order's line: its key, its name, its kind, its destination
_RULE: Final = "rules rule version"  # a rule: "mapping" or "vat", its number, the version of the rules
_OF_REFUND: Final = "refund order currency"  # `refund` is "" for all that remains of the invoice
_INVOICE: Final = "noun number"  # a document in Exact: what it is, and its number, else its id
# A vendor's answer: the vendor, the HTTP status (0: no answer), the client's error, the vendor's own text in it, the
# endpoint, that text without the values of the one document, and the client's sentence with the values that complete
# it (JSON), so that it can be written in another language.
_REFUSAL: Final = "vendor status error text endpoint fault said given"
_LEFT: Final = "stands noun number"  # what is in Exact already: "", "booked" or "open"
_SOLD: Final = "key quantity name gross"  # a line of a posted order: its key, and what was sold
_GIVEN_BACK: Final = "id amount currency"  # a refund: its id in BigCommerce, and its amount with tax
_R, _S = BlockedReason, SkipReason


class Code(StrEnum):
    """A kind of fault. Two documents have the same cause when their code and its `cause` parameters are the same.

    `reason` is the ledger's; None when the document goes on by itself. `cause` names the parameters that make a cause,
    `params` all parameters.
    """

    reason: BlockedReason | SkipReason | None
    cause: tuple[str, ...]
    params: frozenset[str]

    def __new__(
        cls, value: str, reason: BlockedReason | SkipReason | None = None, cause: str = "", besides: str = ""
    ) -> "Code":
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
    WAREHOUSE_MISSING = "warehouse_missing", _R.MAPPING, "warehouse", _LINE
    NO_WAREHOUSES = "no_warehouses", _R.MAPPING
    TWO_WAREHOUSES = "two_warehouses", _R.MAPPING, "warehouses"
    ITEM_NUMBERED = "item_numbered", _R.ITEM, "item", _LINE
    # `refusals`: how often Exact refused the document for it.
    STOCK_NOT_THERE = "stock_not_there", _R.ITEM, "item warehouse", "quantity there refusals"
    PIECES_LOST = "pieces_lost", _R.TOTALS, "", f"{_LINE} quantity"
    ITEM_CODE_SHARED = "item_code_shared", _R.ITEM, "item", f"{_LINE} sku other"
    ITEM_REFUSED = "item_refused", _R.ITEM, "endpoint fault", f"{_REFUSAL} item sku"
    NEW_ITEM_CODE_MISSING = "new_item_code_missing", _R.ITEM, "listed code"

    # The head of the document.
    JOURNAL_MISSING = "journal_missing", _R.MAPPING, "journal"
    JOURNAL_NOT_SALES = "journal_not_sales", _R.MAPPING, "journal"
    JOURNAL_BLOCKED = "journal_blocked", _R.MAPPING, "journal"
    PAYMENT_CONDITION_MISSING = "payment_condition_missing", _R.MAPPING, "payment_condition", "method"
    CURRENCY_MISSING = "currency_missing", _R.CURRENCY, "currency"
    CURRENCY_NOT_OF_JOURNAL = "currency_not_of_journal", _R.CURRENCY, "currency journal", "journal_currency"
    CURRENCY_DECIMALS = "currency_decimals", _R.CURRENCY, "currency", "digits kept"

    # The VAT code of a line.
    NO_VAT_RULE = "no_vat_rule", _R.MAPPING, "country area rate fitting", _LINE
    NO_VAT_RULE_ABROAD = "no_vat_rule_abroad", _R.MAPPING, "country area rate fitting", _LINE
    NO_VAT_RULE_WITHOUT_VAT = "no_vat_rule_without_vat", _R.MAPPING, "kind fitting", _LINE
    NO_VAT_CODE_OF_TYPE_N = "no_vat_code_of_type_n", _R.MAPPING, "kind", _LINE
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
    VAT_CODE_FOR_GOODS = "vat_code_for_goods", _R.MAPPING, "vat_code right", f"{_LINE} {_RULE}"
    VAT_CODE_FOR_SERVICES = "vat_code_for_services", _R.MAPPING, "vat_code right", f"{_LINE} {_RULE}"
    FOREIGN_VAT_OF_BUSINESS = (
        "foreign_vat_of_business",
        _R.MAPPING,
        "oss_country",
        f"{_LINE} vat_code vat_number tax currency",
    )
    NO_VAT_NEEDS_PROOF = "no_vat_needs_proof", _R.MAPPING, "country proof", f"{_LINE} area vat_number"
    TAX_OUTSIDE_VAT_AREA = "tax_outside_vat_area", _R.MAPPING, "country", f"{_LINE} tax net"
    VAT_RATE_UNKNOWN = "vat_rate_unknown", _R.MAPPING, "country rates", f"{_LINE} tax net"
    VAT_RATE_OF_FREE_LINE_UNKNOWN = "vat_rate_of_free_line_unknown", _R.MAPPING, "country", _LINE
    TAX_CLASS_UNKNOWN = "tax_class_unknown", _R.MAPPING, "rule", f"{_LINE} {_RULE}"
    TAX_APART_UNDER_TAXED_CODE = (
        "tax_apart_under_taxed_code",
        _R.MAPPING,
        "vat_code",
        f"{_LINE} {_RULE} percentage",
    )
    VOUCHER_RATE_UNKNOWN = "voucher_rate_unknown", _R.MAPPING, "", "amount currency"
    VOUCHER_MORE_THAN_GOODS = "voucher_more_than_goods", _R.TOTALS, "rate", "amount rest currency"
    TAX_ON_GIFT_CERTIFICATE = "tax_on_gift_certificate", _R.MAPPING, "", f"{_LINE} tax"

    # What the order says of itself, in the store.
    ORDER_FIELD_ODD = "order_field_odd", _R.TOTALS, "field expected", "value"
    ORDER_DATE_ODD = "order_date_odd", _R.PERIOD, "field expected", "value"
    ORDER_CURRENCY_ODD = "order_currency_odd", _R.CURRENCY, "field expected", "value"
    RETURN_ORDER = "return_order", _R.TOTALS, "", "total tax currency"
    EXCHANGE_ORDER = "exchange_order", _R.TOTALS, "", "total tax currency"
    TAX_ON_NOTHING = "tax_on_nothing", _R.TOTALS, "", "total tax currency"
    ADDRESS_MISSING = "address_missing", _R.MAPPING, "", "line name"
    COUNTRY_MISSING = "country_missing", _R.MAPPING, "", "line name"
    TOWN_AND_POSTCODE_DISAGREE = "town_and_postcode_disagree", _R.MAPPING, "", "line name town postcode"

    # The order's total, to the cent.
    NO_LINES = "no_lines", _R.TOTALS, "", "total currency"
    LINES_DO_NOT_ADD_UP = "lines_do_not_add_up", _R.TOTALS, "", "sum total currency"
    TAX_DOES_NOT_ADD_UP = "tax_does_not_add_up", _R.TOTALS, "", "sum tax currency"
    TAX_TABLE_DIFFERS = "tax_table_differs", _R.TOTALS, "rule", f"{_RULE} table_tax tax currency"
    TOTALS_DIFFER = "totals_differ", _R.TOTALS, "", "gross vat total tax currency helps"
    TOTALS_DIFFER_UNLESS_FORCED = "totals_differ_unless_forced", _R.TOTALS, "", "gross vat total tax currency helps"
    VAT_OF_RATE_DIFFERS = "vat_of_rate_differs", _R.TOTALS, "rate", "vat tax currency helps"
    VAT_OF_COUNTRY_DIFFERS = "vat_of_country_differs", _R.TOTALS, "country rate", "vat tax currency helps"

    # A credit note that would be wrong by a cent or more.
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
    REFUND_OF_MORE_THAN_SUPPLIES = (
        "refund_of_more_than_supplies",
        _R.TOTALS,
        "",
        f"{_OF_REFUND} amount rest reference",
    )
    REFUND_AS_SINGLE_VOUCHER = "refund_as_single_voucher", _R.TOTALS, "", f"{_OF_REFUND} amount rest"
    REFUND_ALL_AS_SINGLE_VOUCHER = "refund_all_as_single_voucher", _R.TOTALS, "", f"{_OF_REFUND} amount reference"
    REFUND_OF_TAX_ALONE = "refund_of_tax_alone", _R.TOTALS, "", f"{_OF_REFUND} amount"
    REFUND_NAMES_NO_LINE = "refund_names_no_line", _R.TOTALS, "", f"{_OF_REFUND} amount"
    REFUND_DOES_NOT_ADD_UP = "refund_does_not_add_up", _R.TOTALS, "", f"{_OF_REFUND} sum amount"
    REFUND_OF_UNKNOWN_LINE = "refund_of_unknown_line", _R.TOTALS, "", f"{_OF_REFUND} what id reference"
    REFUND_OF_MORE_PIECES = "refund_of_more_pieces", _R.TOTALS, "", "name line refunded sold"
    REFUND_OF_MORE_THAN_LINE = "refund_of_more_than_line", _R.TOTALS, "", "name line amount rest gross reference"
    REFUND_OF_MORE_THAN_RATE = (
        "refund_of_more_than_rate",
        _R.TOTALS,
        "",
        "name line amount rest rate reference",
    )
    REFUND_OUTSIDE_LINES = "refund_outside_lines", _R.TOTALS, "", "amount taken reference"
    CREDIT_VAT_UNLESS_FORCED = "credit_vat_unless_forced", _R.TOTALS, "vat_code", "names gross vat computed"
    CREDIT_PIECES_LOST = "credit_pieces_lost", _R.TOTALS, "", "name line pieces quantity"
    CREDIT_VAT_BY_HAND = "credit_vat_by_hand", _R.TOTALS, "vat_code", "names gross vat computed"

    # Receipts.
    PAYMENT_CURRENCY = "payment_currency", _R.TOTALS, "payment_currency currency"
    PAYMENTS_DO_NOT_FIT = (
        "payments_do_not_fit",
        _R.TOTALS,
        "",
        "settled currency money gift_certificate store_credit gross",
    )

    EARLIER_RECEIPT_UNCLEAR = "earlier_receipt_unclear", _R.DUPLICATE, "", "reference money currency"

    # Periods.
    PERIOD_MISSING = "period_missing", _R.PERIOD, "day"
    PERIOD_CLOSED = "period_closed", _R.PERIOD, "period"
    NO_OPEN_PERIOD = "no_open_period", _R.PERIOD, "period"
    MONTH_CLOSED = "month_closed", _R.PERIOD, "month"

    # The customer's account in Exact.
    CUSTOMER_NOT_FOUND = "customer_not_found", _R.CUSTOMER, "search_code", "name"
    GUEST_WITHOUT_EMAIL = "guest_without_email", _R.CUSTOMER
    CUSTOMER_WITHOUT_NAME = "customer_without_name", _R.CUSTOMER, "search_code"
    GUEST_WITH_PLACEHOLDER = "guest_with_placeholder", _R.CUSTOMER, "email"
    BUYER_REDACTED = "buyer_redacted", _R.CUSTOMER
    COLLECTIVE_ACCOUNT_MISSING = "collective_account_missing", _R.CUSTOMER, "account"
    COLLECTIVE_WITHOUT_NUMBER = "collective_without_number", _R.CUSTOMER, "account", "vat_code vat_number"
    ACCOUNTS_ALIKE = "accounts_alike", _R.CUSTOMER, "accounts", "amount by search_code"
    ACCOUNT_OF_NAMESAKE = "account_of_namesake", _R.CUSTOMER, "accounts", "search_code"
    ACCOUNTS_OF_ONE_SEARCH_CODE = "accounts_of_one_search_code", _R.CUSTOMER, "search_code", "amount"
    SEARCH_CODE_TAKEN = "search_code_taken", _R.CUSTOMER, "search_code", "account"
    ACCOUNT_GONE = "account_gone", _R.CUSTOMER
    LINK_NOT_PROVEN = "link_not_proven", _R.CUSTOMER, "account", "search_code"
    ACCOUNT_WITHOUT_NUMBER = "account_without_number", _R.CUSTOMER, "account", "vat_number"
    ACCOUNT_HAS_OTHER_NUMBER = "account_has_other_number", _R.CUSTOMER, "account", "theirs vat_number"
    ACCOUNT_BLOCKED = "account_blocked", _R.CUSTOMER, "account"
    ACCOUNT_ENDED = "account_ended", _R.CUSTOMER, "account", "day"
    ACCOUNT_PROSPECT = "account_prospect", _R.CUSTOMER, "account"
    ACCOUNT_SUSPECT = "account_suspect", _R.CUSTOMER, "account"
    ACCOUNT_NO_CUSTOMER = "account_no_customer", _R.CUSTOMER, "account"
    ACCOUNT_REFUSED = "account_refused", _R.CUSTOMER, "endpoint fault", f"{_REFUSAL} name"
    ACCOUNT_SEARCH_GAVE_UP = (
        "account_search_gave_up",
        _R.CUSTOMER,
        "endpoint fault",
        f"{_REFUSAL} name search_code tries",
    )
    VAT_NUMBER_REFUSED = "vat_number_refused", _R.CUSTOMER, "endpoint fault", f"{_REFUSAL} account vat_number"
    PROMOTION_REFUSED = "promotion_refused", _R.CUSTOMER, "endpoint fault", f"{_REFUSAL} account"
    VAT_NUMBER_NOT_TAKEN = "vat_number_not_taken", _R.CUSTOMER, "endpoint fault", f"{_REFUSAL} name"
    ADDRESS_REFUSED = "address_refused", _R.CUSTOMER, "endpoint fault", _REFUSAL
    ACCOUNT_OF_REGISTERED = "account_of_registered", _R.CUSTOMER, "account", "search_code"
    ACCOUNT_OF_ANOTHER_CUSTOMER = "account_of_another_customer", _R.CUSTOMER, "account"

    # What a customer's account, contact person and address got. They hold nothing.
    VALUE_SHORTENED = "value_shortened", None, "part", "was now"
    VALUE_LEFT_OUT = "value_left_out", None, "part", "was"
    INVOICE_ADDRESS_REFUSED = "invoice_address_refused", None, "endpoint fault", _REFUSAL
    CONTACT_REFUSED = "contact_refused", None, "endpoint fault", f"{_REFUSAL} name"

    # Why a customer's details are not carried over. They hold no document.
    CUSTOMER_DELETED = "customer_deleted", None, "", "name"
    ACCOUNT_SHARED = "account_shared", None, "", "account"
    NAME_NOT_DIVIDED = "name_not_divided", None, "", "name"
    ACCOUNT_NEEDS_NAME = "account_needs_name"
    EMAIL_UNFIT = "email_unfit", None, "", "email"
    VAT_NUMBER_UNFIT = "vat_number_unfit", None, "", "vat_number"
    STORE_NEEDS_EMAIL = "store_needs_email"
    NO_ADDRESS_IN_STORE = "no_address_in_store"
    NO_FIELD_FOR_NUMBER = "no_field_for_number", None, "", "vat_number"
    DETAILS_REFUSED = "details_refused", None, "endpoint fault", _REFUSAL
    CUSTOMER_UNREADABLE = "customer_unreadable", None, "", "vendor"
    DETAILS_NOT_TAKEN = "details_not_taken"
    DETAILS_UNCLEAR = "details_unclear", None, "endpoint fault", _REFUSAL

    # The document in Exact.
    TEMPLATE_MISSING = "template_missing", _R.MAPPING, "template"
    NO_EXCHANGE_RATE = "no_exchange_rate", _R.CURRENCY, "currency", f"{_INVOICE} gross counted home"
    NO_EXCHANGE_RATE_OF_ENTRY = "no_exchange_rate_of_entry", _R.CURRENCY, "currency", f"{_INVOICE} gross counted home"
    CORRECTING = "correcting", None, "", "differences corrections"
    CORRECTED = "corrected", None, "", "amount currency"
    MADE_OTHERWISE = "made_otherwise", _R.TOTALS, "", f"{_INVOICE} differences"
    FINAL_AND_OTHER = "final_and_other", _R.TOTALS, "", f"{_INVOICE} differences"
    FINAL_ENTRY_AND_OTHER = "final_entry_and_other", _R.TOTALS, "", f"{_INVOICE} differences"
    FINAL_AND_CHANGED = "final_and_changed", _R.DRIFT, "", _INVOICE
    FOREIGN_REFERENCE = "foreign_reference", _R.DRIFT, "", f"{_INVOICE} found reference"
    GONE_IN_EXACT = "gone_in_exact", _R.DRIFT, "", _INVOICE
    NO_LONGER_DUE = "no_longer_due", _R.DRIFT, "", f"{_INVOICE} why"
    CREDITED_GONE = "credited_gone", _R.DRIFT, "", _INVOICE
    CREDITED_CHANGED = "credited_changed", _R.DRIFT, "", f"{_INVOICE} differences"
    CREDITED_OPEN = "credited_open", _R.DRIFT, "", _INVOICE
    SETTLED_GONE = "settled_gone", _R.DRIFT, "", _INVOICE
    POSTED_TO_OTHER_DIVISION = "posted_to_other_division", _R.DUPLICATE, "division", _INVOICE
    SEVERAL_WITH_OUR_REFERENCE = "several_with_our_reference", _R.DUPLICATE, "", "amount reference documents"
    OTHER_FORM_WITH_OUR_REFERENCE = "other_form_with_our_reference", _R.DUPLICATE, "", "reference documents"
    OTHER_WITH_OUR_REFERENCE = "other_with_our_reference", _R.DUPLICATE, "", "reference documents differences"
    MAY_BE_IN_EXACT = "may_be_in_exact", _R.DUPLICATE, "", "amount documents"
    SEVERAL_RECEIPTS = "several_receipts", _R.DUPLICATE, "journal", "amount reference amounts settled currency"
    NEXT_INVOICE_NOT_DUE = "next_invoice_not_due", _R.DRIFT, "", "why"
    NEXT_INVOICE_HELD = "next_invoice_held", _R.INTERNAL
    CREDIT_NOTE_SKIPPED = "credit_note_skipped", _R.DUPLICATE, "", "sequence"

    # Receipts need codes of their own.
    RECEIPT_JOURNAL_NOT_SET = "receipt_journal_not_set", _R.MAPPING
    RECEIPT_JOURNAL_UNFIT = "receipt_journal_unfit", _R.MAPPING, "journal"
    RECEIPT_ACCOUNT_NOT_SET = "receipt_account_not_set", _R.MAPPING, "setting", "amount"
    RECEIPT_ACCOUNT_UNFIT = "receipt_account_unfit", _R.MAPPING, "setting gl_account", "amount"

    # What the ledger or the store lacks.
    NO_DRAFT = "no_draft", _R.INTERNAL
    NO_ORIGINAL = "no_original", _R.INTERNAL
    NOTHING_TO_SETTLE = "nothing_to_settle", _R.INTERNAL
    ORDER_UNREADABLE = "order_unreadable", _R.INTERNAL, "field", "value expected"
    REFUNDS_UNREADABLE = "refunds_unreadable", _R.TOTALS, "field", "value expected"
    PAYMENTS_UNREADABLE = "payments_unreadable", _R.TOTALS, "field", "value expected"
    DETAILS_MISSING = "details_missing", _R.INTERNAL, "details"
    DETAILS_UNREADABLE = "details_unreadable", _R.MAPPING, "facts rows"

    # A call that failed, and the document is held.
    REFUSED = "refused", _R.REJECTED, "endpoint fault", f"{_REFUSAL} {_LEFT}"
    NOT_FOUND_WHILE_POSTING = "not_found_while_posting", _R.REJECTED, "endpoint", f"{_REFUSAL} {_LEFT}"
    PERIOD_REFUSED = "period_refused", _R.PERIOD, "endpoint fault", f"{_REFUSAL} {_LEFT} period"
    RIGHT_MISSING = "right_missing", _R.INTERNAL, "vendor right", f"{_REFUSAL} {_LEFT}"
    NOT_FOUND = "not_found", _R.INTERNAL, "endpoint", f"{_REFUSAL} {_LEFT}"
    GAVE_UP = "gave_up", _R.INTERNAL, "endpoint fault", f"{_REFUSAL} tries"
    GAVE_UP_INSIDE = "gave_up_inside", _R.INTERNAL, "fault", "tries"
    SENT_TOO_OFTEN = "sent_too_often", _R.EXHAUSTED, "endpoint fault", f"{_REFUSAL} {_LEFT} times"
    REPEATED_TOO_OFTEN = "repeated_too_often", _R.EXHAUSTED, "endpoint fault", f"{_REFUSAL} times"
    SEARCH_GAVE_UP = "search_gave_up", _R.EXHAUSTED, "fault", "error said given noun tries"
    WORKER_DIED = "worker_died", _R.EXHAUSTED, "", "times"

    # A call that failed, and the document goes on by itself.
    CALLS_USED_UP = "calls_used_up", None, "", _REFUSAL
    TOKEN_REFUSED = "token_refused", None, "vendor", _REFUSAL
    CALL_UNCLEAR = "call_unclear", None, "", _REFUSAL
    CALL_FAILED = "call_failed", None, "", _REFUSAL
    FAILED_INSIDE = "failed_inside", None, "fault"
    TRY_STOPPED = "try_stopped", None, "", _REFUSAL
    BACKFILL_STOPPED = "backfill_stopped", None, "", _REFUSAL
    CUSTOMERS_STOPPED = "customers_stopped", None, "", _REFUSAL
    PERIOD_GIVES_WAY = "period_gives_way", None, "", _REFUSAL
    READ_AGAIN = "read_again", None, "", _REFUSAL

    # It waits for another document of the order, or goes on after a write whose outcome is known now.
    WAITS_FOR_INVOICE = "waits_for_invoice", None, "", "noun reference"
    WAITS_FOR_CREDIT_NOTE = "waits_for_credit_note", None, "", "reference"
    WAITS_FOR_RECEIPT = "waits_for_receipt", None
    FOUND_IN_EXACT = "found_in_exact", None, "", _INVOICE
    NOT_IN_EXACT = "not_in_exact", None
    NOT_DELETED = "not_deleted", None, "", _INVOICE
    DELETED = "deleted", None, "", _INVOICE
    WORKER_STOPPED = "worker_stopped", None
    WORKER_STOPPED_WRITING = "worker_stopped_writing", None

    # No document is due.
    STATUS_NOT_POSTED = "status_not_posted", _S.STATUS, "status"
    VOUCHERS_OF_CANCELLED = "vouchers_of_cancelled", _S.STATUS, "", "amount currency"
    GIVEN_BACK_OF_CANCELLED = "given_back_of_cancelled", _S.STATUS, "", "amount currency"
    BEFORE_START = "before_start", _S.BEFORE_START
    MIGRATED = "migrated", _S.MIGRATED
    TEST_ORDER = "test_order", _S.TEST
    NOTHING_TO_PAY = "nothing_to_pay", _S.ZERO
    NOTHING_REMAINS = "nothing_remains", _S.ZERO, "", "noun reference"
    ARCHIVED = "archived", _S.DELETED
    SHADOW = "shadow", _S.SHADOW
    SEEN_IN_SHADOW = "seen_in_shadow", _S.SHADOW
    NOT_PAID = "not_paid", _S.UNPAID
    PAYMENT_VOIDED = "payment_voided", _S.UNPAID, "", "payment"
    REFUND_LEFT = "refund_left", _S.PERSON
    TAKEN_OUT = "taken_out", _S.PERSON, "", _INVOICE

    # What changed in an order after its document was posted.
    ORDER_CHANGED = "order_changed", None
    ORDER_FIELD_CHANGED = "order_field_changed", None, "", "changed before after"
    LINE_FIELD_CHANGED = "line_field_changed", None, "", "key changed before after"
    LINE_REMOVED = "line_removed", None, "", _SOLD
    LINE_ADDED = "line_added", None, "", _SOLD
    REFUND_MADE = "refund_made", None, "", _GIVEN_BACK
    ORDER_UNDONE = "order_undone", None, "", "undone"
    REFUND_PAYS_OUT = "refund_pays_out", None, "", _GIVEN_BACK
    REFUND_TO_SETTLE = "refund_to_settle", None, "", "amount currency"
    ORDER_ACTIVE_AGAIN = "order_active_again", None, "", "status"
    ORDER_ARCHIVED = "order_archived", None
    ORDER_GONE = "order_gone", None

    # What follows from it.
    REFUND_IGNORED = "refund_ignored", None, "", _GIVEN_BACK
    REFUND_NOT_CREDITED = "refund_not_credited", None, "", _GIVEN_BACK
    REFUND_MAYBE_TYPED = "refund_maybe_typed", None, "", f"{_GIVEN_BACK} references"
    REFUND_CREDIT_FOLLOWS = "refund_credit_follows", None, "", _GIVEN_BACK
    REFUND_DECLINED = "refund_declined", None, "", _GIVEN_BACK
    AMOUNT_NOT_KNOWN = "amount_not_known", None
    UNDONE_IGNORED = "undone_ignored", None, "", "undone"
    UNDONE_NOT_CREDITED = "undone_not_credited", None, "", "undone"
    UNDONE_CREDITED = "undone_credited", None, "", "undone"
    EDIT_IGNORED = "edit_ignored", None
    EDIT_CREDITED = "edit_credited", None
    EDIT_WAITS = "edit_waits", None, "", "status"
    EDIT_REPOSTED = "edit_reposted", None
    REPOST_CHARGES_REFUND = "repost_charges_refund", None
    REPOST_IMPOSSIBLE = "repost_impossible", None
    NOTHING_TO_CREDIT = "nothing_to_credit", None, "", "reference accounts"
    TYPED_BY_HAND = "typed_by_hand", None
    CHANGED_AFTER_DECISION = "changed_after_decision", None
    LEFT_AS_IT_IS = "left_as_it_is", None
    DECISION_NEEDED = "decision_needed", None
