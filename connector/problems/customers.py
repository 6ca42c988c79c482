"""Problems with the customer's account in Exact."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

CUSTOMER: Final = Explanation(
    _("The customer's account in Exact cannot be used as it is."),
    _("An accountant corrects the account in Exact or chooses another one, then re-posts."),
    "customers",
)
_BLOCKED = Explanation(
    _("The customer's account is blocked in Exact."),
    _("An accountant unblocks it in Exact or gives our SearchCode to another account there, then re-posts."),
    "exact",
)
_NO_CUSTOMER = Explanation(
    _("The account that matches is not marked as a customer in Exact."),
    _("An accountant sets its status to Customer in Exact, then re-posts."),
    "exact",
)
_SEVERAL = Explanation(
    _("Several accounts in Exact match this customer, and the connector does not guess."),
    _("An accountant merges them in Exact or gives our SearchCode to the right one there, then re-posts."),
    "customers",
)
_GUEST = Explanation(
    _("The guest left no e-mail address, so the connector cannot recognise this customer."),
    _("Somebody adds it to the order in the store. The order then goes on by itself."),
    "bigcommerce",
    Person.STORE,
)
_COLLECTIVE = Explanation(
    _("The division does not have the connection's collective account."),
    _("An accountant chooses another collective account in the connection. Then an operator re-posts."),
    "connection",
    field="collective_account",
)

ENTRIES: Final[Entries] = {
    Code.CUSTOMER_NOT_FOUND: Entry(
        _(
            "No account in Exact has the SearchCode %(search_code)s, the VAT number or the e-mail address of %(name)s, "
            "and this connection makes no accounts. Make it in Exact, then re-post."
        ),
        CUSTOMER,
    ),
    Code.GUEST_WITHOUT_EMAIL: Entry(_("The guest left no e-mail address. Add it to the order in BigCommerce."), _GUEST),
    Code.COLLECTIVE_ACCOUNT_MISSING: Entry(
        _("The division has no account '%(account)s'. Choose another collective account."), _COLLECTIVE
    ),
    Code.ACCOUNTS_ALIKE: Entry(
        _(
            "%(amount)s accounts in Exact have the same %(by)s: %(accounts)s. Merge them in Exact or give the right "
            "one the SearchCode %(search_code)s, then re-post."
        ),
        _SEVERAL,
    ),
    Code.ACCOUNTS_OF_ONE_SEARCH_CODE: Entry(
        _("Exact has %(amount)s accounts with the SearchCode %(search_code)s. Merge them, then re-post."),
        _SEVERAL,
    ),
    Code.ACCOUNT_BLOCKED: Entry(
        _("Account %(account)s has the %(by)s of this customer but is blocked in Exact. Unblock it there."), _BLOCKED
    ),
    Code.ACCOUNT_NO_CUSTOMER: Entry(
        _(
            "Account %(account)s has the %(by)s of this customer but is not a customer in Exact. "
            "Set its status to Customer there."
        ),
        _NO_CUSTOMER,
    ),
    Code.ACCOUNT_REFUSED: Entry(_("Exact refused to make an account for %(name)s: %(error)s"), CUSTOMER),
    Code.ADDRESS_REFUSED: Entry(_("Exact refused the delivery address: %(error)s"), CUSTOMER),
}
