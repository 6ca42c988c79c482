"""What a customer's account, contact person and addresses got in Exact otherwise than the store has it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

PARTS: Final[Mapping[str, Promise]] = {
    "name": _("the name"),
    "first_name": _("the contact person's first name"),
    "last_name": _("the contact person's last name"),
    "email": _("the e-mail address"),
    "phone": _("the phone number"),
    "language": _("the language"),
    "vat_number": _("the VAT number"),
    "chamber_of_commerce": _("the chamber of commerce number"),
    "peppol_id": _("the Peppol id"),
    "address_line1": _("the street"),
    "address_line2": _("the second line of the address"),
    "address_line3": _("the recipient"),
    "postcode": _("the postcode"),
    "city": _("the city"),
    "country": _("the country"),
    "classification": _("the classification"),
}
_SHORTENED = Explanation(
    _("The store's value has more than Exact takes: it is too long, or has characters that nobody sees."),
    _("Nobody has to act. Somebody may shorten it in the store."),
    "customers",
    Person.NOBODY,
)
_LEFT_OUT = Explanation(
    _("The store's value is none that Exact takes, so the account is without it."),
    _("Nobody has to act. Somebody may correct it in the store, or enter it in Exact."),
    "customers",
    Person.NOBODY,
)
_CONTACT = Explanation(
    _("Exact refused the contact person. The account is made, and orders go to it."),
    _("Nobody has to act. An accountant may enter the person in Exact."),
    "exact",
    Person.NOBODY,
)
_INVOICE_ADDRESS = Explanation(
    _("Exact refused the invoice address. The account has its visiting address, and orders go to it."),
    _("Nobody has to act. An accountant may enter the address in Exact."),
    "exact",
    Person.NOBODY,
)
ENTRIES: Final[Entries] = {
    Code.VALUE_SHORTENED: Entry(_("Exact has %(part)s as “%(now)s”; the store has “%(was)s”."), _SHORTENED),
    Code.VALUE_LEFT_OUT: Entry(_("Exact did not get %(part)s “%(was)s”."), _LEFT_OUT),
    Code.INVOICE_ADDRESS_REFUSED: Entry(_("Exact refused the invoice address: %(error)s"), _INVOICE_ADDRESS),
    Code.CONTACT_REFUSED: Entry(_("Exact refused the contact person %(name)s: %(error)s"), _CONTACT),
}
