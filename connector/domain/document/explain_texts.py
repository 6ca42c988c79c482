"""The vendors' own texts in plain words, table driven: the first pattern that is found in a message counts.

Facts: texts of Exact in public client logs, in Dutch and English; a missing twin in the other language is assumed.
Reasons of HTTP 403: Exact's header `Reason`. Texts of the API clients are our own.
"""

import re
from dataclasses import dataclass
from typing import Final

PAGES: Final = frozenset(
    {"connection", "rules", "vat_rules", "customers", "grant", "store", "exact", "bigcommerce", "ledger"}
)
_ASKED = r"(?:Verplicht|Mandatory): "
_WRONG = r"(?:Ongeldig|Invalid|Ongeldige referentie|Invalid reference|Onbekend|Unknown|Verplicht|Mandatory): "
_PARTY = r"(?:Factuur voor|Invoice to|Besteld door|Ordered by|Leveren aan|Deliver to|Factuurrelatie|Invoice account)"


@dataclass(frozen=True, slots=True)
class Explanation:
    """`what_happened` and `who` (who mends it, and how) are sentences; `where` is one of PAGES."""

    what_happened: str
    who: str
    where: str

    @property
    def needs_person(self) -> bool:
        """Whether it stays as it is until somebody acts."""
        return not self.who.startswith("Nobody")


Table = tuple[tuple[str, Explanation], ...]
E = Explanation

_RIGHTS: Table = (
    (
        r"BlockedUser",
        E(
            "The Exact user who gave the consent is blocked.",
            "An administrator of your Exact licence unblocks the user, or another user connects again.",
            "grant",
        ),
    ),
    (
        r"InactiveUser",
        E(
            "The Exact user who gave the consent is no longer active.",
            "An administrator of your Exact licence makes the user active, or another user connects again.",
            "grant",
        ),
    ),
    (
        r"BlockedCustomer",
        E(
            "Exact has blocked your Exact Online subscription.",
            "Whoever holds the subscription settles it with Exact. Orders wait; none is lost.",
            "exact",
        ),
    ),
    (
        r"LicenseExpired",
        E(
            "Your licence for Exact Online has expired.",
            "Whoever holds the subscription renews it with Exact. Orders wait; none is lost.",
            "exact",
        ),
    ),
    (
        r"DivisionBlocked",
        E(
            "The division is blocked in Exact, as during a move or a restore.",
            "An administrator of your Exact licence looks at the division's state and unblocks it.",
            "exact",
        ),
    ),
    (
        r"NoDivisionAccess",
        E(
            "The Exact user who gave the consent may not see this division.",
            "An administrator of Exact gives the user access to it, or a user with access connects again.",
            "grant",
        ),
    ),
    (
        r"Application Scope Violated|Exact refused the right to do this: [a-z]+\.[a-z]|^[a-z]+(?:\.[a-z]+)+$",
        E(
            "The app registration at Exact lacks a scope that this needs.",
            "The owner of the app adds the scope in Exact's App Center; then an owner connects again.",
            "grant",
        ),
    ),
    (
        r"Exact refused the right to do this",
        E(
            "The Exact user who gave the consent lacks a right that this needs.",
            "An administrator of your Exact licence gives the user the right, then an operator re-posts.",
            "exact",
        ),
    ),
)
_TOKENS: Table = (
    (
        r"access_token not expired|token issued before is still valid|present access token is still valid",
        E(
            "Exact gives no new token as long as the present one is valid. The consent is fine.",
            "Nobody has to do anything; it goes on within ten minutes.",
            "ledger",
        ),
    ),
    (
        r"Old refresh token used|refresh token expired|Refresh token is invalid|unauthorized_client|invalid_grant|"
        r"Exact refused the access token|Exact's consent has ended|The consent .* has ended",
        E(
            "The consent for Exact has ended, so Exact lets the connector in no more.",
            "An owner connects to Exact again. Orders wait; none is lost.",
            "grant",
        ),
    ),
    (
        r"BigCommerce refused the access token",
        E(
            "The store refuses the access token: the API account was deleted or replaced.",
            "An owner enters the client id, secret and token of a new API account. Orders wait; none is lost.",
            "store",
        ),
    ),
    (
        r"BigCommerce refused the right",
        E(
            "The store's API account lacks a scope that this needs.",
            "An owner adds the scope to an API account in the store and enters its token here; then re-posts.",
            "store",
        ),
    ),
)
_PARTIES: Table = (
    (
        _WRONG + _PARTY + r" \(Type\)",
        E(
            "The account in Exact is not marked as a customer, so it takes no invoice.",
            "An accountant sets its status to Customer in Exact, then re-posts.",
            "exact",
        ),
    ),
    (
        _ASKED + _PARTY,
        E(
            "Exact got no account to invoice.",
            "An accountant finds out which account is meant in Exact, then re-posts: the customer is matched anew.",
            "customers",
        ),
    ),
    (
        _WRONG + r"(?:Afleveradres|Delivery address|Adres|Address)",
        E(
            "The delivery address is gone from the account in Exact.",
            "An accountant corrects the account in Exact, then re-posts: the customer is matched anew.",
            "customers",
        ),
    ),
    (
        _WRONG + rf"(?:{_PARTY}|Relatie|Account|Accounts)\b",
        E(
            "The customer's account was deleted in Exact, or is in another division.",
            "An accountant corrects the account in Exact, then re-posts: the customer is matched anew.",
            "customers",
        ),
    ),
    (
        _WRONG + r"E-?mail",
        E(
            "Exact does not take the customer's e-mail address as one.",
            "Somebody corrects the address at the order in the store; then an operator re-posts.",
            "bigcommerce",
        ),
    ),
)
_CODES: Table = (
    (
        _WRONG + r"(?:Boekjaar|Fiscal year|Financial year|Periode|Period)|financial year cannot be changed|"
        r"boekjaar kan niet",
        E(
            "The invoice's date lies in a financial year or period that is closed, or does not exist, in Exact.",
            "An accountant opens the period in Exact, or lets invoices carry the day of posting; then re-posts.",
            "exact",
        ),
    ),
    (
        _WRONG + r"(?:Journals?|Dagboek)",
        E(
            "The connection's journal is gone, blocked, or is no sales journal.",
            "Another journal is chosen in the connection; then an operator re-posts.",
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Payment condition|Betalingsconditie)",
        E(
            "Exact wants a payment condition, and the one that was sent is missing or unknown.",
            "An accountant adds or corrects the payment rules, then re-posts.",
            "rules",
        ),
    ),
    (
        _WRONG + r"(?:VAT|BTW)",
        E(
            "Exact does not take the VAT code or percentage of a line.",
            "An accountant corrects the VAT rules, or the VAT code in Exact; then re-posts.",
            "vat_rules",
        ),
    ),
    (
        _WRONG + r"(?:Grootboekrekening|G/?L[ -]?account|Kostenplaats|Cost cent(?:re|er)|Kostendrager|Cost unit)",
        E(
            "A GL account, cost centre or cost unit of a line is gone, blocked or missing in Exact.",
            "An accountant corrects the rule that chooses it, or unblocks it in Exact; then re-posts.",
            "rules",
        ),
    ),
    (
        _WRONG + r"(?:Artikel|Item)",
        E(
            "The item of a line is gone, blocked, or has ended in Exact.",
            "An accountant corrects the item in Exact, or another one is chosen in the connection; then re-posts.",
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Lay-?out|Document ?layout|E-mail lay-?out)",
        E(
            "The invoice template is gone from Exact.",
            "Another template is chosen in the connection; then an operator re-posts.",
            "connection",
        ),
    ),
    (
        _WRONG + r"(?:Valuta|Currency)",
        E(
            "Exact does not take the order's currency.",
            "An accountant adds the currency in Exact, or chooses a journal that takes it; then re-posts.",
            "exact",
        ),
    ),
)
_RECORDS: Table = (
    (
        r"Gegeven bestaat reeds|Data already exists|: (?:Bestaat reeds|Already exists)",
        E(
            "Exact already has a record with this number or code.",
            "An accountant looks in Exact for the invoice of this order, and links it here if it is there.",
            "exact",
        ),
    ),
    (
        r"Reeds verwerkt|Already processed",
        E(
            "The invoice was printed already, so Exact does not change it any more.",
            "An accountant looks at it in Exact, and links it here.",
            "exact",
        ),
    ),
    (
        r"Factuurnummer verplicht|Invoice number (?:is )?(?:mandatory|required)|Mandatory: Invoice number",
        E(
            "Exact wants an invoice number for this journal and gave none.",
            "An accountant looks at the numbering of the journal in Exact, then re-posts.",
            "exact",
        ),
    ),
    (
        r"(?:Kan niet verwijderen|Cannot delete): ",
        E(
            "Exact keeps a record that is in use elsewhere.",
            "Nobody has to do anything here; an accountant sees in Exact what uses it.",
            "exact",
        ),
    ),
)
_TECHNICAL: Table = (
    (
        r"A problem has occurred|Er is een probleem opgetreden",
        E(
            "Exact had trouble of its own and does not say which.",
            "An operator re-posts later; if it stays so, whoever runs the connector asks Exact's support.",
            "ledger",
        ),
    ),
    (
        r"Error processing request stream|converting the value from request payload|\$filter parameter is not "
        r"supported|Filtering on these fields|mandatory filtering|Resource not found for the segment",
        E(
            "Exact did not understand the connector: its interface has changed, or the connector has a fault.",
            "Whoever runs the connector updates it, or reports the text in the history to its makers.",
            "ledger",
        ),
    ),
    (
        r"ExtractVariables|Unable to identify proxy",
        E(
            "The gateway in front of Exact had trouble, as it does at night.",
            "Nobody has to do anything; it is tried again.",
            "ledger",
        ),
    ),
    (
        r"call limit (?:of Exact )?is used up|gives no more tokens for now|Rate limit exceeded",
        E(
            "The calls that the vendor allows are used up for now.",
            "Nobody has to do anything; it goes on when the limit is lifted.",
            "ledger",
        ),
    ),
    (
        r"(?:Exact|BigCommerce) is not available|answered with a page instead of data",
        E(
            "The vendor cannot be reached, or is under maintenance.",
            "Nobody has to do anything; it is tried again.",
            "ledger",
        ),
    ),
)
VENDOR_TEXTS: Final[Table] = _RIGHTS + _TOKENS + _PARTIES + _CODES + _RECORDS + _TECHNICAL
_COMPILED = {pattern: re.compile(pattern, re.IGNORECASE) for pattern, _ in VENDOR_TEXTS}


def first(table: Table, message: str) -> Explanation | None:
    """Return the explanation of the first pattern that the message holds."""
    for pattern, explanation in table:
        if (_COMPILED.get(pattern) or re.compile(pattern)).search(message):
            return explanation
    return None
