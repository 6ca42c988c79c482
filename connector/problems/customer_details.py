"""Why a customer's details stand otherwise in the store than in Exact, and are not carried over."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

_GONE = Explanation(
    _("The store does not have the customer any more."),
    _("An accountant decides what becomes of the account in Exact. Nothing is written to it."),
    "customers",
)
_SHARED = Explanation(
    _("Several customers of the store have this account."),
    _("An accountant gives each customer an account of its own, or somebody changes the customers in the store."),
    "customers",
)
_IN_EXACT = Explanation(
    _("The store cannot hold what Exact has."),
    _("An accountant completes it in Exact, or somebody changes the customer in the store."),
    "exact",
)
_IN_STORE = Explanation(
    _("Exact cannot hold what the store has."),
    _("Somebody corrects the customer in the store. Then it is carried over by itself."),
    "customers",
    Person.STORE,
)
_FIELD = Explanation(
    _("The customer has no form field for a VAT number in the store."),
    _("Somebody enters the number in the store, or an owner names the form field in the connection's settings."),
    "connection",
    field="vat_number_fields",
)
_REFUSED = Explanation(
    _("The vendor refused the customer's details."),
    _("An accountant reads the vendor's answer and corrects one of the sides. Then it is tried again by itself."),
    "customers",
)
_UNREADABLE = Explanation(
    _("What the vendor answers about the customer cannot be read."),
    _("An accountant looks the customer up at the vendor, and corrects it there. Then it is tried again by itself."),
    "customers",
)
_NOT_TAKEN = Explanation(
    _("The store answered that all is well, and changed nothing."),
    _("An accountant looks for the same address among the customer's in the store, and corrects one of the sides."),
    "customers",
)
_UNCLEAR = Explanation(
    _("It is not clear whether the customer's details were written."),
    _("Nobody has to act. Both sides are read again, and what is missing is written then."),
    "customers",
    Person.NOBODY,
)

ENTRIES: Final[Entries] = {
    Code.CUSTOMER_DELETED: Entry(
        _("The store does not have the customer %(name)s any more. The account stays as it is."), _GONE
    ),
    Code.ACCOUNT_SHARED: Entry(
        _("Account %(account)s belongs to several customers of the store. Nothing is carried over, either way."),
        _SHARED,
    ),
    Code.NAME_NOT_DIVIDED: Entry(
        _("The store needs a first and a last name, and the account is called '%(name)s'."), _IN_EXACT
    ),
    Code.ACCOUNT_NEEDS_NAME: Entry(_("The customer has no name in the store, and an account needs one."), _IN_STORE),
    Code.EMAIL_UNFIT: Entry(_("'%(email)s' is no e-mail address."), _IN_STORE),
    Code.VAT_NUMBER_UNFIT: Entry(
        _("'%(vat_number)s' does not have the form or the check digits of a VAT number."), _IN_STORE
    ),
    Code.STORE_NEEDS_EMAIL: Entry(_("The store needs an e-mail address, and the account has none."), _IN_EXACT),
    Code.NO_ADDRESS_IN_STORE: Entry(
        _("The customer has no address in the store that could be changed to the account's."), _IN_EXACT
    ),
    Code.NO_FIELD_FOR_NUMBER: Entry(
        _("The customer has no form field in the store for the VAT number '%(vat_number)s'."), _FIELD
    ),
    Code.DETAILS_REFUSED: Entry(_("%(vendor)s refused the customer's details: %(error)s"), _REFUSED),
    Code.CUSTOMER_UNREADABLE: Entry(
        _("The customer's details in %(vendor)s cannot be read, so nothing is written to them."), _UNREADABLE
    ),
    Code.DETAILS_NOT_TAKEN: Entry(
        _(
            "The store left the customer's details as they are and gave no reason. It leaves an address when the "
            "customer has another one like it."
        ),
        _NOT_TAKEN,
    ),
    Code.DETAILS_UNCLEAR: Entry(
        _("It is not clear whether %(vendor)s has the customer's new details: %(error)s"), _UNCLEAR
    ),
}
