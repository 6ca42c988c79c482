"""Explains the vendors' own texts in plain words. The first pattern that matches a text counts.

Facts: texts of Exact in public client logs, in Dutch and English; a missing twin in the other language is assumed.
Reasons of HTTP 403: Exact's header `Reason`.
"""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.problems.explanation import Explanation, Person
from connector.problems.kinds_of_refusal import KINDS, PARTY, WRONG, Table, wrong
from connector.problems.references import ACCOUNT, SUBJECTS

_ASKED = r"(?:Verplicht|Mandatory): "

E = Explanation

RIGHTS: Final[Table] = (
    (
        r"BlockedUser",
        E(
            _("The Exact user who gave the consent is blocked."),
            _("An administrator of your Exact licence unblocks the user, or another user connects again."),
            "grant",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"InactiveUser",
        E(
            _("The Exact user who gave the consent is no longer active."),
            _("An administrator of your Exact licence makes the user active, or another user connects again."),
            "grant",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"BlockedCustomer",
        E(
            _("Exact has blocked your Exact Online subscription."),
            _("The holder of the subscription settles it with Exact. Orders wait. None is lost."),
            "exact",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"LicenseExpired",
        E(
            _("Your licence for Exact Online has expired."),
            _("The holder of the subscription renews it with Exact. Orders wait. None is lost."),
            "exact",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"DivisionBlocked",
        E(
            _("The division is blocked in Exact, for example during a move or a restore."),
            _("An administrator of your Exact licence checks the state of the division and unblocks it."),
            "exact",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"NoDivisionAccess",
        E(
            _("The Exact user who gave the consent may not see this division."),
            _("An administrator of Exact gives the user access to it, or a user with access connects again."),
            "grant",
            Person.EXACT_ADMIN,
        ),
    ),
    (
        r"Application Scope Violated|^[a-z]+(?:\.[a-z]+)+$",
        E(
            _("The app registration at Exact lacks a scope that this needs."),
            _("The owner of the app adds the scope in Exact's App Center. Then an owner connects again."),
            "grant",
            Person.OWNER,
        ),
    ),
)
_TOKENS: Table = (
    (
        r"access_token not expired|token issued before is still valid|present access token is still valid",
        E(
            _("Exact gives no new token while the present one is valid. The consent is fine."),
            _("Nobody has to do anything. It goes on within ten minutes."),
            "ledger",
            Person.NOBODY,
        ),
    ),
    (
        r"Old refresh token used|refresh token expired|Refresh token is invalid|unauthorized_client|invalid_grant",
        E(
            _("The consent for Exact has ended, so Exact no longer lets the connector in."),
            _("An owner connects to Exact again. Orders wait. None is lost."),
            "grant",
            Person.OWNER,
        ),
    ),
)
_PARTIES: Table = (
    (
        WRONG + PARTY + r" \(Type\)",
        E(
            _("The account in Exact is not marked as a customer, so it cannot have an invoice."),
            _("An accountant sets its status to Customer in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        _ASKED + PARTY,
        E(
            _("Exact got no account to invoice."),
            _("An accountant finds the right account in Exact, then re-posts. The customer is then matched again."),
            "customers",
        ),
    ),
    (
        WRONG + r"(?:Afleveradres|Delivery address|Adres|Address)",
        E(
            _("The account in Exact does not have the delivery address any more."),
            _("An accountant corrects the account in Exact, then re-posts. The customer is then matched again."),
            "customers",
        ),
    ),
    (
        wrong(SUBJECTS[ACCOUNT]),
        E(
            _("The customer's account was deleted in Exact, or is in another division."),
            _("An accountant corrects the account in Exact, then re-posts. The customer is then matched again."),
            "customers",
        ),
    ),
    (
        WRONG + r"E-?mail",
        E(
            _("Exact does not accept the customer's e-mail address."),
            _("Somebody corrects the address in the order in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
)
_CODES: Table = (
    (
        wrong(SUBJECTS["journal"]),
        E(
            _("The connection's journal is missing, is blocked, or is not a sales journal."),
            _("An accountant chooses another journal in the connection. Then an operator re-posts."),
            "connection",
        ),
    ),
    (
        wrong(SUBJECTS["payment_condition"]),
        E(
            _("Exact requires a payment condition. The one that was sent is missing or unknown."),
            _("An accountant adds or corrects the payment rules, then re-posts."),
            "rules",
        ),
    ),
    (
        wrong(SUBJECTS["vat_code"]),
        E(
            _("Exact does not accept the VAT code or percentage of a line."),
            _("An accountant corrects the VAT rules or the VAT code in Exact, then re-posts."),
            "vat_rules",
        ),
    ),
    (
        wrong("(?:" + "|".join(SUBJECTS[kind] for kind in ("gl_account", "cost_center", "cost_unit")) + ")"),
        E(
            _("A GL account, cost centre or cost unit of a line is missing or blocked in Exact."),
            _("An accountant corrects the rule that chooses it or unblocks it in Exact, then re-posts."),
            "rules",
        ),
    ),
    (
        wrong(SUBJECTS["item"]) + r"|Geen verkoopartikel|Not a sales item",
        E(
            _("The item of a line is missing or blocked in Exact, or its end date has passed."),
            _("An accountant corrects the item in Exact or chooses another one in the connection, then re-posts."),
            "connection",
        ),
    ),
    (
        wrong(SUBJECTS["layout"]),
        E(
            _("Exact does not have the invoice template any more."),
            _("An accountant chooses another template in the connection. Then an operator re-posts."),
            "connection",
        ),
    ),
    (
        wrong(r"(?:Valuta|Currency)"),
        E(
            _("Exact does not accept the order's currency."),
            _("An accountant adds the currency in Exact or chooses a journal that takes it, then re-posts."),
            "exact",
        ),
    ),
)
_RECORDS: Table = (
    (
        r"Gegeven bestaat reeds|Data already exists|: (?:Bestaat reeds|Already exists)",
        E(
            _("Exact already has a record with this number or code."),
            _("An accountant searches Exact for the invoice of this order and links it here if it is there."),
            "exact",
        ),
    ),
    (
        r"Reeds verwerkt|Already processed",
        E(
            _("The invoice was printed before, so Exact does not change it any more."),
            _("An accountant checks it in Exact and links it here."),
            "exact",
        ),
    ),
    (
        r"Factuurnummer verplicht|Invoice number (?:is )?(?:mandatory|required)|Mandatory: Invoice number",
        E(
            _("Exact requires an invoice number for this journal but gave none."),
            _("An accountant corrects the numbering of the journal in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        r"(?:Kan niet verwijderen|Cannot delete): ",
        E(
            _("Exact does not delete a record that is used elsewhere."),
            _("Nobody has to do anything here. Exact shows an accountant what uses the record."),
            "exact",
            Person.NOBODY,
        ),
    ),
)
_TECHNICAL: Table = (
    (
        r"A problem has occurred|Er is een probleem opgetreden",
        E(
            _("Exact had an internal error and does not say which one."),
            _("An operator re-posts later. If it fails again, the person who runs the connector asks Exact."),
            "ledger",
            Person.OPERATOR,
        ),
    ),
    (
        r"Error processing request stream|converting the value from request payload|\$filter parameter is not "
        r"supported|Filtering on these fields|mandatory filtering|Resource not found for the segment",
        E(
            _("Exact did not understand the connector. Exact's interface has changed, or the connector has a fault."),
            _("The person who runs the connector updates it, or reports the text in the history to its makers."),
            "ledger",
            Person.PLATFORM,
        ),
    ),
    (
        r"ExtractVariables|Unable to identify proxy",
        E(
            _("The gateway in front of Exact had an error. That often happens at night."),
            _("Nobody has to do anything. It is tried again."),
            "ledger",
            Person.NOBODY,
        ),
    ),
    (
        r"Rate limit exceeded",
        E(
            _("The calls that the vendor allows are used up for now."),
            _("Nobody has to do anything. It goes on when the vendor allows calls again."),
            "ledger",
            Person.NOBODY,
        ),
    ),
)
VENDOR_TEXTS: Final[Table] = RIGHTS + _TOKENS + KINDS + _PARTIES + _CODES + _RECORDS + _TECHNICAL
_COMPILED = {pattern: re.compile(pattern, re.IGNORECASE) for pattern, _explanation in VENDOR_TEXTS}


def first(table: Table, message: str) -> Explanation | None:
    """Return the explanation of the first pattern that matches the message; None when none does."""
    for pattern, explanation in table:
        if (_COMPILED.get(pattern) or re.compile(pattern)).search(message):
            return explanation
    return None
