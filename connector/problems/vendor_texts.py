"""The vendors' own texts in plain words, table driven: the first pattern that is found in a text counts.

Facts: texts of Exact in public client logs, in Dutch and English; a missing twin in the other language is assumed.
Reasons of HTTP 403: Exact's header `Reason`.
"""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.problems.explanation import Explanation, Mender

_ASKED = r"(?:Verplicht|Mandatory): "
_WRONG = r"(?:Ongeldig|Invalid|Ongeldige referentie|Invalid reference|Onbekend|Unknown|Verplicht|Mandatory): "
_PARTY = r"(?:Factuur voor|Invoice to|Besteld door|Ordered by|Leveren aan|Deliver to|Factuurrelatie|Invoice account)"

Table = tuple[tuple[str, Explanation], ...]
E = Explanation

RIGHTS: Final[Table] = (
    (
        r"BlockedUser",
        E(
            _("The Exact user who gave the consent is blocked."),
            _("An administrator of your Exact licence unblocks the user, or another user connects again."),
            "grant",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"InactiveUser",
        E(
            _("The Exact user who gave the consent is no longer active."),
            _("An administrator of your Exact licence makes the user active, or another user connects again."),
            "grant",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"BlockedCustomer",
        E(
            _("Exact has blocked your Exact Online subscription."),
            _("Whoever holds the subscription settles it with Exact. Orders wait; none is lost."),
            "exact",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"LicenseExpired",
        E(
            _("Your licence for Exact Online has expired."),
            _("Whoever holds the subscription renews it with Exact. Orders wait; none is lost."),
            "exact",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"DivisionBlocked",
        E(
            _("The division is blocked in Exact, as during a move or a restore."),
            _("An administrator of your Exact licence looks at the division's state and unblocks it."),
            "exact",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"NoDivisionAccess",
        E(
            _("The Exact user who gave the consent may not see this division."),
            _("An administrator of Exact gives the user access to it, or a user with access connects again."),
            "grant",
            Mender.EXACT_ADMIN,
        ),
    ),
    (
        r"Application Scope Violated|^[a-z]+(?:\.[a-z]+)+$",
        E(
            _("The app registration at Exact lacks a scope that this needs."),
            _("The owner of the app adds the scope in Exact's App Center; then an owner connects again."),
            "grant",
            Mender.OWNER,
        ),
    ),
)
_TOKENS: Table = (
    (
        r"access_token not expired|token issued before is still valid|present access token is still valid",
        E(
            _("Exact gives no new token as long as the present one is valid. The consent is fine."),
            _("Nobody has to do anything; it goes on within ten minutes."),
            "ledger",
            Mender.NOBODY,
        ),
    ),
    (
        r"Old refresh token used|refresh token expired|Refresh token is invalid|unauthorized_client|invalid_grant",
        E(
            _("The consent for Exact has ended, so Exact lets the connector in no more."),
            _("An owner connects to Exact again. Orders wait; none is lost."),
            "grant",
            Mender.OWNER,
        ),
    ),
)
_PARTIES: Table = (
    (
        _WRONG + _PARTY + r" \(Type\)",
        E(
            _("The account in Exact is not marked as a customer, so it takes no invoice."),
            _("An accountant sets its status to Customer in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        _ASKED + _PARTY,
        E(
            _("Exact got no account to invoice."),
            _("An accountant finds out which account is meant in Exact, then re-posts: the customer is matched anew."),
            "customers",
        ),
    ),
    (
        _WRONG + r"(?:Afleveradres|Delivery address|Adres|Address)",
        E(
            _("The delivery address is gone from the account in Exact."),
            _("An accountant corrects the account in Exact, then re-posts: the customer is matched anew."),
            "customers",
        ),
    ),
    (
        _WRONG + rf"(?:{_PARTY}|Relatie|Account|Accounts)\b",
        E(
            _("The customer's account was deleted in Exact, or is in another division."),
            _("An accountant corrects the account in Exact, then re-posts: the customer is matched anew."),
            "customers",
        ),
    ),
    (
        _WRONG + r"E-?mail",
        E(
            _("Exact does not take the customer's e-mail address as one."),
            _("Somebody corrects the address at the order in the store; then an operator re-posts."),
            "bigcommerce",
            Mender.STORE,
        ),
    ),
)
_CODES: Table = (
    (
        _WRONG + r"(?:Boekjaar|Fiscal year|Financial year|Periode|Period)|financial year cannot be changed|"
        r"boekjaar kan niet",
        E(
            _("The invoice's date lies in a financial year or period that is closed, or does not exist, in Exact."),
            _("An accountant opens the period in Exact, or lets invoices carry the day of posting; then re-posts."),
            "exact",
        ),
    ),
    (
        _WRONG + r"(?:Journals?|Dagboek)",
        E(
            _("The connection's journal is gone, blocked, or is no sales journal."),
            _("Another journal is chosen in the connection; then an operator re-posts."),
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Payment condition|Betalingsconditie)",
        E(
            _("Exact wants a payment condition, and the one that was sent is missing or unknown."),
            _("An accountant adds or corrects the payment rules, then re-posts."),
            "rules",
        ),
    ),
    (
        _WRONG + r"(?:VAT|BTW)",
        E(
            _("Exact does not take the VAT code or percentage of a line."),
            _("An accountant corrects the VAT rules, or the VAT code in Exact; then re-posts."),
            "vat_rules",
        ),
    ),
    (
        _WRONG + r"(?:Grootboekrekening|G/?L[ -]?account|Kostenplaats|Cost cent(?:re|er)|Kostendrager|Cost unit)",
        E(
            _("A GL account, cost centre or cost unit of a line is gone, blocked or missing in Exact."),
            _("An accountant corrects the rule that chooses it, or unblocks it in Exact; then re-posts."),
            "rules",
        ),
    ),
    (
        _WRONG + r"(?:Artikel|Item)",
        E(
            _("The item of a line is gone, blocked, or has ended in Exact."),
            _("An accountant corrects the item in Exact, or another one is chosen in the connection; then re-posts."),
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Lay-?out|Document ?layout|E-mail lay-?out)",
        E(
            _("The invoice template is gone from Exact."),
            _("Another template is chosen in the connection; then an operator re-posts."),
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Valuta|Currency)",
        E(
            _("Exact does not take the order's currency."),
            _("An accountant adds the currency in Exact, or chooses a journal that takes it; then re-posts."),
            "exact",
        ),
    ),
)
_RECORDS: Table = (
    (
        r"Gegeven bestaat reeds|Data already exists|: (?:Bestaat reeds|Already exists)",
        E(
            _("Exact already has a record with this number or code."),
            _("An accountant looks in Exact for the invoice of this order, and links it here if it is there."),
            "exact",
        ),
    ),
    (
        r"Reeds verwerkt|Already processed",
        E(
            _("The invoice was printed already, so Exact does not change it any more."),
            _("An accountant looks at it in Exact, and links it here."),
            "exact",
        ),
    ),
    (
        r"Factuurnummer verplicht|Invoice number (?:is )?(?:mandatory|required)|Mandatory: Invoice number",
        E(
            _("Exact wants an invoice number for this journal and gave none."),
            _("An accountant looks at the numbering of the journal in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        r"(?:Kan niet verwijderen|Cannot delete): ",
        E(
            _("Exact keeps a record that is in use elsewhere."),
            _("Nobody has to do anything here; an accountant sees in Exact what uses it."),
            "exact",
            Mender.NOBODY,
        ),
    ),
)
_TECHNICAL: Table = (
    (
        r"A problem has occurred|Er is een probleem opgetreden",
        E(
            _("Exact had trouble of its own and does not say which."),
            _("An operator re-posts later; if it stays so, whoever runs the connector asks Exact's support."),
            "ledger",
            Mender.OPERATOR,
        ),
    ),
    (
        r"Error processing request stream|converting the value from request payload|\$filter parameter is not "
        r"supported|Filtering on these fields|mandatory filtering|Resource not found for the segment",
        E(
            _("Exact did not understand the connector: its interface has changed, or the connector has a fault."),
            _("Whoever runs the connector updates it, or reports the text in the history to its makers."),
            "ledger",
            Mender.PLATFORM,
        ),
    ),
    (
        r"ExtractVariables|Unable to identify proxy",
        E(
            _("The gateway in front of Exact had trouble, as it does at night."),
            _("Nobody has to do anything; it is tried again."),
            "ledger",
            Mender.NOBODY,
        ),
    ),
    (
        r"Rate limit exceeded",
        E(
            _("The calls that the vendor allows are used up for now."),
            _("Nobody has to do anything; it goes on when the limit is lifted."),
            "ledger",
            Mender.NOBODY,
        ),
    ),
)
VENDOR_TEXTS: Final[Table] = RIGHTS + _TOKENS + _PARTIES + _CODES + _RECORDS + _TECHNICAL
_COMPILED = {pattern: re.compile(pattern, re.IGNORECASE) for pattern, _told in VENDOR_TEXTS}


def first(table: Table, message: str) -> Explanation | None:
    """Return the explanation of the first pattern that the message holds."""
    for pattern, explanation in table:
        if (_COMPILED.get(pattern) or re.compile(pattern)).search(message):
            return explanation
    return None
