"""Explains Exact's refusals by their kind, whatever field they name. `vendor_texts` has those of one field.

Facts: texts of Exact in public client logs, in Dutch and English; a missing twin in the other language is assumed.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.problems.explanation import Explanation, Person

Table = tuple[tuple[str, Explanation], ...]
E = Explanation

WRONG: Final = (
    r"(?:Ongeldig|Invalid|Ongeldige referentie|Invalid reference|Onbekend|Unknown|Verplicht|Mandatory|"
    r"Niet toegestaan|Not allowed|Not permitted|Geblokkeerd|Blocked|Niet gevonden|Not found|"
    r"Bestaat niet|Does not exist|Ontbreekt|Missing|Niet actief|Not active|Inactief|Inactive): "
)
PARTY: Final = (
    r"(?:Factuur voor|Invoice to|Besteld door|Ordered by|Leveren aan|Deliver to|Factuurrelatie|Invoice account)"
)
_CUSTOMER = rf"(?:{PARTY}|Relatie|Klant|Debiteur|Account|Customer|Debtor)"
_PERIOD = r"(?:Boekjaar|Fiscal year|Financial year|(?:Financi[eë]le |Financial |Reporting )?Perio(?:de|d))"

KINDS: Final[Table] = (
    (
        rf"{WRONG}{_PERIOD}\b|{_PERIOD}(?: [\d/.-]+)*(?: is|:)? (?:reeds |al |already )?(?:afgesloten|gesloten|"
        rf"geblokkeerd|vergrendeld|closed|blocked|locked)\b|(?:Afgesloten|Closed): {_PERIOD}\b|"
        r"financial year cannot be changed|boekjaar kan niet",
        E(
            _("The invoice's date is in a financial year or period that is closed in Exact or does not exist there."),
            _("An accountant opens the period in Exact or dates invoices on the day of posting, then re-posts."),
            "exact",
        ),
    ),
    (
        r"(?:Te lang|Too long|Te groot|Too large|Te veel|Too many): |: (?:Te lang|Too long)\b|Maximale lengte|"
        r"Maximum length",
        E(
            _("A text of the order is longer than Exact takes."),
            _("Somebody makes the name, address or reference shorter in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
    (
        r"(?:In gebruik|In use): |: (?:(?:Reeds |Al |Already )?(?:in gebruik|in use))\b",
        E(
            _("Exact already uses this number for another record."),
            _("An accountant corrects the next number of the journal in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        r"niet in evenwicht|not (?:in )?balanced?\b|unbalanced|out of balance",
        E(
            _("The amounts of the entry do not balance in Exact, usually by a cent of VAT."),
            _("An accountant chooses how Exact rounds VAT in the connection, then re-posts."),
            "connection",
            field="vat_rounding",
        ),
    ),
    (
        rf"(?:Geblokkeerd|Blocked|Niet actief|Not active|Inactief|Inactive): {_CUSTOMER}\b|"
        rf"(?:Ongeldig|Invalid): {_CUSTOMER} \((?:Geblokkeerd|Blocked)\)",
        E(
            _("The customer's account is blocked in Exact."),
            _("An accountant unblocks the account in Exact, then re-posts."),
            "exact",
        ),
    ),
    (
        WRONG + r"(?:BTW|VAT)[ -]?(?:nummer|number|nr|no)\b",
        E(
            _("Exact does not accept the customer's VAT number."),
            _("Somebody corrects the VAT number in the order in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
    (
        WRONG + r"(?:Land|Landen|Country|Countries|Landcode|Country code)\b",
        E(
            _("Exact does not accept the country of the customer or of the delivery address."),
            _("Somebody corrects the country in the order in the store. Then an operator re-posts."),
            "bigcommerce",
            Person.STORE,
        ),
    ),
)
