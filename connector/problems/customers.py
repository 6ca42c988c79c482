"""The customer's account in Exact."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Mender

CUSTOMER: Final = Explanation(
    _("The customer's account in Exact cannot be used as it is."),
    _("An accountant corrects the account in Exact or chooses another one, then re-posts."),
    "customers",
)
_BLOCKED = Explanation(
    _("The customer's account is blocked in Exact."),
    _("An accountant unblocks it in Exact, or gives another one our SearchCode there; then re-posts."),
    "exact",
)
_NO_CUSTOMER = Explanation(
    _("The account that fits is not marked as a customer in Exact."),
    _("An accountant sets its status to Customer in Exact, then re-posts."),
    "exact",
)
_SEVERAL = Explanation(
    _("Several accounts in Exact fit this customer, and the connector does not guess."),
    _("An accountant merges them in Exact, or gives the right one our SearchCode there; then re-posts."),
    "customers",
)
_GUEST = Explanation(
    _("The guest left no e-mail address, so there is nothing to recognise them by."),
    _("Somebody adds it to the order in the store; it then goes on by itself."),
    "bigcommerce",
    Mender.STORE,
)
_COLLECTIVE = Explanation(
    _("The division does not have the connection's collective account."),
    _("Another collective account is chosen in the connection; then an operator re-posts."),
    "connection",
    field="collective_account",
)

ENTRIES: Final[Entries] = {
    Code.CUSTOMER_NOT_FOUND: Entry(
        _(
            "No account in Exact has the SearchCode %(search_code)s, the VAT number or the e-mail address of %(name)s, "
            "and this connection makes none. Make it in Exact, then re-post."
        ),
        CUSTOMER,
    ),
    Code.GUEST_WITHOUT_EMAIL: Entry(_("The guest left no e-mail address. Add it to the order in BigCommerce."), _GUEST),
    Code.COLLECTIVE_ACCOUNT_MISSING: Entry(
        _("The division has no account '%(account)s'. Choose another collective account."), _COLLECTIVE
    ),
    Code.ACCOUNTS_ALIKE: Entry(
        _(
            "%(amount)s accounts in Exact have the same %(by)s: %(accounts)s. Merge them in Exact, or give the right "
            "one the SearchCode %(search_code)s; then re-post."
        ),
        _SEVERAL,
    ),
    Code.ACCOUNTS_OF_ONE_SEARCH_CODE: Entry(
        _("Exact holds %(amount)s accounts with the SearchCode %(search_code)s. Merge them, then re-post."),
        _SEVERAL,
    ),
    Code.ACCOUNT_BLOCKED: Entry(
        _("Account %(account)s has the %(by)s of this customer and is blocked in Exact. Unblock it there."), _BLOCKED
    ),
    Code.ACCOUNT_NO_CUSTOMER: Entry(
        _(
            "Account %(account)s has the %(by)s of this customer and is no customer in Exact. "
            "Set its status to Customer there."
        ),
        _NO_CUSTOMER,
    ),
    Code.ACCOUNT_REFUSED: Entry(_("Exact refused to make an account for %(name)s: %(error)s"), CUSTOMER),
    Code.ADDRESS_REFUSED: Entry(_("Exact refused the delivery address: %(error)s"), CUSTOMER),
}
