"""Every reason and every text of the vendors in plain words: what happened, who mends it, where.

The texts of Exact and BigCommerce stand in `explain_texts`; here are our own reasons, and which comes first.
"""

import re
from collections.abc import Mapping

from connector.domain.document.explain_texts import VENDOR_TEXTS, Explanation, Table, first
from connector.domain.document.states import BlockedReason, SkipReason

__all__ = ["Explanation", "explain", "explain_call", "vendor_of"]

E = Explanation
# How a failed call ends its sentence, before the vendor's own words (clients.errors).
_ANSWERED = re.compile(r"\(\S+, HTTP \d{3}\)")
_UNKNOWN = E(
    "The connector is busy with this document, or waits to try again.",
    "Nobody has to do anything; the history below says what comes next.",
    "ledger",
)
_DEFAULTS: Mapping[str, Explanation] = {
    BlockedReason.MAPPING: E(
        "No rule says how to book a line of this order, or what the rule names is not in the division.",
        "An accountant adds or corrects the rule, then re-posts.",
        "rules",
    ),
    BlockedReason.ITEM: E(
        "A line of this order has no item in Exact that can be sold.",
        "An accountant makes the item in Exact, or another one is chosen in the connection; then an operator re-posts.",
        "connection",
    ),
    BlockedReason.CUSTOMER: E(
        "The customer's account in Exact cannot be used as it is.",
        "An accountant corrects the account in Exact or chooses another one, then re-posts.",
        "customers",
    ),
    BlockedReason.CURRENCY: E(
        "The order is in a currency that the division or the journal does not take.",
        "An accountant adds the currency in Exact, or chooses a journal that takes it; then re-posts.",
        "connection",
    ),
    BlockedReason.TOTALS: E(
        "The invoice would not come to exactly what the customer paid.",
        "An accountant corrects the VAT rules, or allows a rounding difference in the connection; then re-posts.",
        "vat_rules",
    ),
    BlockedReason.REJECTED: E(
        "Exact refused the invoice.",
        "An accountant reads Exact's own text in the history, mends what it names, then re-posts.",
        "exact",
    ),
    BlockedReason.PERIOD: E(
        "The order's date lies in a period that is closed, or does not exist, in Exact.",
        "An accountant opens the period in Exact, or lets invoices carry the day of posting; then re-posts.",
        "exact",
    ),
    BlockedReason.DUPLICATE: E(
        "Exact already holds an invoice for this order that the connector did not expect.",
        "An accountant finds out which one is right, deletes the other in Exact, and links the right one here.",
        "exact",
    ),
    BlockedReason.DRIFT: E(
        "The invoice was changed or deleted in Exact after the connector had made it.",
        "An accountant finds out why; then re-posts the order, links another invoice, or skips it.",
        "ledger",
    ),
    BlockedReason.EXHAUSTED: E(
        "The connector broke down again and again with this order in hand.",
        "Whoever runs the connector looks into the worker's log; then an operator re-posts.",
        "ledger",
    ),
    BlockedReason.INTERNAL: E(
        "The connector could not go on, and it is not the order's fault.",
        "An operator reads the history, has the cause mended, then re-posts.",
        "ledger",
    ),
    SkipReason.STATUS: E(
        "The order's status in the store is not one that this connection posts.",
        "Nobody has to do anything: it is posted once it is paid. The statuses stand in the connection.",
        "bigcommerce",
    ),
    SkipReason.SHADOW: E(
        "The connection is in shadow mode: it shows what it would post, and posts nothing.",
        "An owner sets the connection live when the drafts look right.",
        "connection",
    ),
    SkipReason.BEFORE_START: E(
        "The order was placed before the connection's start date.",
        "Nobody, unless it should be in Exact: then the owner moves the start date, and an operator re-posts.",
        "connection",
    ),
    SkipReason.MIGRATED: E(
        "The order was taken over from another shop system, so it was invoiced there.",
        "Nobody has to do anything; an operator can re-post it all the same.",
        "ledger",
    ),
    SkipReason.TEST: E(
        "It is a test order, and the connection does not post those.",
        "Nobody, unless test orders should be posted: then the owner says so in the connection.",
        "connection",
    ),
    SkipReason.ZERO: E(
        "The order's total is zero, so there is nothing to invoice.",
        "Nobody has to do anything.",
        "ledger",
    ),
    SkipReason.DELETED: E(
        "The order was deleted or archived in the store before it was posted.",
        "Nobody, unless that was a mistake: then somebody restores it in the store.",
        "bigcommerce",
    ),
    SkipReason.UNPAID: E(
        "No captured payment was found for this order, so there is no receipt to book yet.",
        "Nobody: it is looked at again when the store reports a change of the order.",
        "bigcommerce",
    ),
    SkipReason.PERSON: E(
        "A person decided that this order is not posted; the history says who and why.",
        "Nobody, unless it should be posted after all: then an operator re-posts it.",
        "ledger",
    ),
}

# What our own messages say more precisely than their reason; the first that fits counts.
_OWN: Mapping[str, Table] = {
    BlockedReason.MAPPING: (
        (
            r"VAT code|VAT rule|tax class|does not tell one rate|cannot be told",
            E(
                "No VAT code fits a line of this order, or the one that a rule names cannot be used.",
                "An accountant adds or corrects the VAT rule, or unblocks the code in Exact and pulls the master data; "
                "then re-posts.",
                "vat_rules",
            ),
        ),
        (
            r"\bJournal \S+ is not",
            E(
                "The connection's journal is gone from the division, or is no sales journal.",
                "Another journal is chosen in the connection; then an operator re-posts.",
                "connection",
            ),
        ),
        (
            r"invoice template",
            E(
                "The connection's invoice template is gone from the division.",
                "Another template is chosen in the connection; then an operator re-posts.",
                "connection",
            ),
        ),
        (
            r"No item is set",
            E(
                "The connection does not say with which item such a line is invoiced.",
                "The item is chosen in the connection; then an operator re-posts.",
                "connection",
            ),
        ),
        (
            r"^Payment condition",
            E(
                "A rule chooses a payment condition that the division does not have.",
                "An accountant corrects the payment rule, then re-posts.",
                "rules",
            ),
        ),
    ),
    BlockedReason.ITEM: (
        (
            r"not a sales item|not in the division",
            E(
                "The item for a line is not in Exact, is no sales item, or has ended.",
                "An accountant makes or corrects the item in Exact, pulls the master data, then re-posts.",
                "exact",
            ),
        ),
    ),
    BlockedReason.CUSTOMER: (
        (
            r"is blocked in Exact",
            E(
                "The customer's account is blocked in Exact.",
                "An accountant unblocks it in Exact, or gives another one our SearchCode there; then re-posts.",
                "exact",
            ),
        ),
        (
            r"is no customer in Exact",
            E(
                "The account that fits is not marked as a customer in Exact.",
                "An accountant sets its status to Customer in Exact, then re-posts.",
                "exact",
            ),
        ),
        (
            r"have the same|accounts with the SearchCode",
            E(
                "Several accounts in Exact fit this customer, and the connector does not guess.",
                "An accountant merges them in Exact, or gives the right one our SearchCode there; then re-posts.",
                "customers",
            ),
        ),
        (
            r"left no e-mail address",
            E(
                "The guest left no e-mail address, so there is nothing to recognise them by.",
                "Somebody adds it to the order in the store; it then goes on by itself.",
                "bigcommerce",
            ),
        ),
        (
            r"collective account",
            E(
                "The division does not have the connection's collective account.",
                "Another collective account is chosen in the connection; then an operator re-posts.",
                "connection",
            ),
        ),
    ),
    BlockedReason.CURRENCY: (
        (
            r"no exchange rate.* It is booked",
            E(
                "Exact has no exchange rate for the day, and the sales entry is booked one to one.",
                "An accountant enters the rate and deletes the entry in Exact, then re-posts: it is booked anew.",
                "exact",
            ),
        ),
        (
            r"no exchange rate",
            E(
                "Exact has no exchange rate for the day, so the invoice was left open and not printed.",
                "An accountant enters the rate in Exact, then re-posts.",
                "exact",
            ),
        ),
        (
            r"decimals, and the division keeps",
            E(
                "The order's amounts have more decimals than Exact keeps in that currency.",
                "An accountant makes the invoice by hand and links it.",
                "exact",
            ),
        ),
    ),
    SkipReason.ZERO: (
        (
            r"^Nothing remains",
            E(
                "The refunds gave back all of the invoice, so nothing is left for this credit note.",
                "Nobody has to do anything.",
                "ledger",
            ),
        ),
    ),
    BlockedReason.PERIOD: (
        (
            r"counts as closed",
            E(
                "Exact refused this period before, so it counts as closed and no further call is spent on it.",
                "An accountant opens it in Exact and pulls the master data, or lets such invoices be booked on the "
                "first open day; then re-posts.",
                "connection",
            ),
        ),
        (
            r"no financial period",
            E(
                "Exact has no financial period for the invoice's day.",
                "An accountant makes the financial year in Exact and pulls the master data, then re-posts.",
                "exact",
            ),
        ),
    ),
    BlockedReason.TOTALS: (
        (
            r"otherwise than meant",
            E(
                "Exact made something else of the invoice than was sent, so it was not printed and is deleted again.",
                "An accountant compares the VAT codes and the rounding in Exact with the connection's, then re-posts.",
                "connection",
            ),
        ),
        (
            r"final in Exact",
            E(
                "The invoice is final in Exact, with other amounts than the order.",
                "An accountant credits it in Exact and skips the order, or links it when it is right as it is.",
                "exact",
            ),
        ),
        (
            r"Set force_vat",
            E(
                "Exact would compute a cent more or less VAT on this credit note than what is left of its invoice.",
                "An accountant lets the shop's VAT be sent (force_vat in the connection) and re-posts, or makes the "
                "credit note in Exact by hand and links it.",
                "connection",
            ),
        ),
        (
            r"^Refund \d+ of|^What is to be credited|is refunded|(is|are) credited|A credit note of invoice",
            E(
                "This refund does not become a credit note that is right to the cent by itself.",
                "An accountant compares the figures with the refunds in the store, makes the credit note in Exact by "
                "hand, and links it.",
                "exact",
            ),
        ),
        (
            r"payments come to|A payment is in",
            E(
                "The payments of this order and its invoice do not fit together.",
                "An accountant books the payment in Exact by hand, then skips this one.",
                "exact",
            ),
        ),
        (
            r"lines add up|tax of the lines|has no lines",
            E(
                "The order's lines do not add up to its total, as after a total was changed by hand in the store.",
                "Somebody corrects the order in the store, or an accountant invoices it by hand and links it.",
                "bigcommerce",
            ),
        ),
    ),
}


def explain_call(message: str) -> str:
    """Say in a sentence why a call to a vendor failed, from the message that was kept of it."""
    told = first(VENDOR_TEXTS, message)
    return told.what_happened if told else "The call failed; the connector's next step stands above."


def vendor_of(message: str) -> str:
    """Return whose own words a message holds, "Exact" or "BigCommerce"; "" when it is all ours."""
    if not _ANSWERED.search(message):
        return ""
    return "BigCommerce" if "BigCommerce" in message else "Exact"


def explain(reason: str, message: str = "") -> Explanation:
    """Say what happened to a document with this reason and message, who mends it, and on which page.

    A vendor's own text inside the message says most, then what our own message says, then the reason. `reason` "" is
    that of a document which is neither held nor skipped. Anything unknown gets a sentence too.
    """
    return first(VENDOR_TEXTS, message) or first(_OWN.get(reason, ()), message) or _DEFAULTS.get(reason, _UNKNOWN)
