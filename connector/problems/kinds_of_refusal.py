"""Explains Exact's refusals by their kind, whatever field they name. `vendor_texts` has those of one field.

Facts: texts of Exact in public client logs, in Dutch and English; a missing twin in the other language is assumed.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.clients.exact.texts import NO_PERIOD, NUMBER_IN_USE, STATE, TOO_LONG, UNBALANCED
from connector.problems.explanation import Explanation, Person

Table = tuple[tuple[str, Explanation], ...]
E = Explanation

WRONG: Final = (
    r"(?:Ongeldig|Invalid|Onjuist|Incorrect|Ongeldige referentie|Invalid reference|Onbekend|Unknown|Verplicht|"
    r"Mandatory|Niet toegestaan|Not allowed|Not permitted|Geblokkeerd|Blocked|Niet gevonden|Not found|"
    r"Bestaat niet|Does not exist|Ontbreekt|Missing|Niet actief|Not active|Inactief|Inactive): "
)
PARTY: Final = (
    r"(?:Factuur voor|Invoice to|Besteld door|Ordered by|Leveren aan|Deliver to|Factuurrelatie|Invoice account)"
)
# Where a message begins: the text may have several, and an error's sentence before it.
_BEGINS = r"(?:^|; |\): )(?:de |het |the )?"
_SHUT = r"(?:geblokkeerd|niet actief|inactief|blocked|not active|inactive)"
_CUSTOMER = rf"(?:{PARTY}|Relatie|Klant|Debiteur|Account|Customer|Debtor)"


def wrong(subject: str) -> str:
    """Return the pattern of the texts that say that something is wrong with a field or a record."""
    adjective = (
        r"(?:ongeldige?|onbekende?|onjuiste?|geblokkeerde|invalid|incorrect|unknown|blocked) "
        r"(?:waarde voor |value for )?"
    )
    return (
        rf"{WRONG}{subject}\b|{_BEGINS}{adjective}{subject}\b|"
        rf"{_BEGINS}{subject}\b(?: [^:;]{{1,40}}?)?(?: is|:)? {STATE}\b"
    )


KINDS: Final[Table] = (
    (
        rf"{_BEGINS}(?:{NO_PERIOD})(?:\.|;|$)",
        E(
            _("The invoice's date is in a financial year or period that is closed in Exact or does not exist there."),
            _("An accountant opens the period in Exact or dates invoices on the day of posting, then re-posts."),
            "exact",
        ),
    ),
    (
        r"(?:Te lang|Too long|Te groot|Too large|Te veel|Too many): |: (?:Te lang|Too long)\b|"
        rf"{_BEGINS}(?:{TOO_LONG})",
        E(
            _("A text of the order is longer than Exact takes."),
            _("Somebody makes the name, address or reference shorter in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
    (
        r"(?:In gebruik|In use): |: (?:(?:Reeds |Al |Already )?(?:in gebruik|in use))\b|"
        r"(?:Niet uniek|Not unique|Bestaat (?:al|reeds)|Already exists): [^;]*(?:nummer|number)\b|"
        rf"{_BEGINS}{NUMBER_IN_USE}",
        E(
            _("Exact already uses this number for another record."),
            _("An accountant corrects the next number of the journal in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        rf"(?:Niet in evenwicht|Not in balance|Not balanced|Unbalanced): |{_BEGINS}(?:{UNBALANCED})",
        E(
            _("The amounts of the entry do not balance in Exact, usually by a cent of VAT."),
            _("An accountant chooses how Exact rounds VAT in the connection, then re-posts."),
            "connection",
            field="vat_rounding",
        ),
    ),
    (
        rf"(?:Geblokkeerd|Blocked|Niet actief|Not active|Inactief|Inactive): {_CUSTOMER}\b|"
        rf"(?:Ongeldig|Invalid): {_CUSTOMER} \((?:Geblokkeerd|Blocked)\)|"
        rf"{_BEGINS}(?:geblokkeerde|blocked) {_CUSTOMER}\b|"
        rf"{_BEGINS}{_CUSTOMER}\b(?: [^:;]{{1,40}}?)?(?: is|:)? {_SHUT}\b",
        E(
            _("The customer's account is blocked in Exact."),
            _("An accountant unblocks the account in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        wrong(r"(?:BTW|VAT)[ -]?(?:nummer|number|nr|no)"),
        E(
            _("Exact does not accept the customer's VAT number."),
            _("Somebody corrects the VAT number in the order in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
    (
        wrong(r"(?:Land|Landen|Country|Countries|Landcode|Country code)"),
        E(
            _("Exact does not accept the country of the customer or of the delivery address."),
            _("Somebody corrects the country in the order in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
)
