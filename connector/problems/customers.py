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
_ENDED = Explanation(
    _("The customer's account in Exact has ended."),
    _("An accountant removes its end date in Exact or gives our SearchCode to another account there, then re-posts."),
    "exact",
)
_NO_CUSTOMER = Explanation(
    _("The account that matches is not marked as a customer in Exact."),
    _("An accountant sets its status to Customer in Exact, then re-posts."),
    "exact",
)
_NO_NUMBER = Explanation(
    _("The customer's account in Exact has no VAT number, and the order has one."),
    _(
        "An accountant enters the number in Exact or lets the connector do so in the connection's settings, then "
        "re-posts."
    ),
    "connection",
    field="complete_vat",
)
_OTHER_NUMBER = Explanation(
    _("The customer's account in Exact and the order have different VAT numbers."),
    _(
        "An accountant corrects the number in Exact, or makes an account with the order's number there, then re-posts. "
        "If the order is wrong, somebody corrects it in the store."
    ),
    "exact",
)
_TAKEN = Explanation(
    _("An account in Exact has our SearchCode, but neither the customer's name nor e-mail address."),
    _("An accountant corrects the account in Exact or takes the SearchCode from it there, then re-posts."),
    "exact",
)
_GONE = Explanation(
    _("The account that the customer had is not in Exact any more."),
    _("An operator links the customer to the account that takes its place, on the customer's page."),
    "exact",
)
_NOT_PROVEN = Explanation(
    _("Nothing in Exact shows that the account of earlier orders is this customer's."),
    _(
        "An accountant enters the customer's name or e-mail address there, or gives our SearchCode to the right "
        "account, then re-posts."
    ),
    "exact",
)
_SEVERAL = Explanation(
    _("Several accounts in Exact match this customer, and the connector does not guess."),
    _("An accountant merges them in Exact or gives our SearchCode to the right one there, then re-posts."),
    "customers",
)
_NAMESAKE = Explanation(
    _("An account in Exact has the customer's name and postcode, but may be another person's."),
    _(
        "An accountant links the customer to the account, or says that the customer is new, on the page of customers. "
        "Or the right account gets our SearchCode in Exact. Then an operator re-posts."
    ),
    "customers",
)
_GUEST = Explanation(
    _("The guest left no e-mail address, so the connector cannot recognise this customer."),
    _("Somebody adds it to the order in the store. The order then goes on by itself."),
    "bigcommerce",
    Person.STORE,
)
_NAMELESS = Explanation(
    _("The customer has no account in Exact yet, and nothing in the order says what to call it."),
    _("Somebody adds the customer's name to the order in the store. The order then goes on by itself."),
    "bigcommerce",
    Person.STORE,
)
_PLACEHOLDER = Explanation(
    _("The e-mail address of this guest is nobody's, so the connector cannot recognise this customer."),
    _(
        "Somebody adds the customer's own address to the order in the store. Or an accountant sets a collective "
        "account for such orders in the connection, then re-posts."
    ),
    "connection",
    field="collective_account",
)
_REDACTED = Explanation(
    _("The store does not tell who the buyer is any more, so no account is made."),
    _("An operator links the invoice that was typed by hand, or skips the order."),
    "ledger",
    Person.OPERATOR,
)
_SEARCH = Explanation(
    _("It is not clear whether Exact made the customer's account, and the search for it fails again and again."),
    _(
        "An accountant looks for the account in Exact by our SearchCode, and corrects what is odd in it. Then an "
        "operator re-posts. Exact is searched first, so no account is made twice."
    ),
    "exact",
)
_OF_ANOTHER = Explanation(
    _("An account in Exact fits several customers of the store, and the connector does not guess."),
    _("An accountant chooses the account on the customer's page, or a new one."),
    "customers",
)
_OF_REGISTERED = Explanation(
    _("An account in Exact fits a guest, but a registered customer of the store has it."),
    _("An accountant gives our SearchCode to the account that is the guest's. Then an operator re-posts."),
    "exact",
)
_EU_SALES = Explanation(
    _("An order for the EU sales list needs an account with the order's VAT number."),
    _(
        "An accountant lets such customers have accounts of their own in the connection, then an operator re-posts. Or "
        "the invoice is typed in Exact by hand and linked."
    ),
    "connection",
    field="guest_strategy",
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
            "No account in Exact has the SearchCode %(search_code)s, the VAT number, or the name of %(name)s with the "
            "e-mail address or the postcode, and this connection makes no accounts. Make it in Exact, then re-post."
        ),
        CUSTOMER,
    ),
    Code.CUSTOMER_WITHOUT_NAME: Entry(
        _(
            "The order has no name and no e-mail address to call the customer's new account %(search_code)s by. "
            "Add one of them to the order in BigCommerce, or give that SearchCode to an account in Exact."
        ),
        _NAMELESS,
    ),
    Code.GUEST_WITHOUT_EMAIL: Entry(_("The guest left no e-mail address. Add it to the order in BigCommerce."), _GUEST),
    Code.GUEST_WITH_PLACEHOLDER: Entry(
        _(
            "The guest's e-mail address %(email)s is a placeholder that many orders share, or no address at all. Add "
            "the customer's own to the order in BigCommerce, or set a collective account."
        ),
        _PLACEHOLDER,
    ),
    Code.BUYER_REDACTED: Entry(
        _("The buyer's name and address were removed from the order. No account in Exact is made for it."), _REDACTED
    ),
    Code.COLLECTIVE_ACCOUNT_MISSING: Entry(
        _("The division has no account '%(account)s'. Choose another collective account."), _COLLECTIVE
    ),
    Code.COLLECTIVE_WITHOUT_NUMBER: Entry(
        _(
            "VAT code %(vat_code)s is for the EU sales list, which needs the VAT number %(vat_number)s. The collective "
            "account %(account)s does not have it."
        ),
        _EU_SALES,
    ),
    Code.ACCOUNTS_ALIKE: Entry(
        _(
            "%(amount)s accounts in Exact have the same %(by)s: %(accounts)s. Merge them in Exact or give the right "
            "one the SearchCode %(search_code)s, then re-post."
        ),
        _SEVERAL,
    ),
    Code.ACCOUNT_OF_NAMESAKE: Entry(
        _(
            "The name and the postcode are those of %(accounts)s in Exact, but the e-mail address and the phone number "
            "are not. Give the SearchCode %(search_code)s to the account that is the customer's, then re-post."
        ),
        _NAMESAKE,
    ),
    Code.ACCOUNTS_OF_ONE_SEARCH_CODE: Entry(
        _("Exact has %(amount)s accounts with the SearchCode %(search_code)s. Merge them, then re-post."),
        _SEVERAL,
    ),
    Code.SEARCH_CODE_TAKEN: Entry(
        _(
            "Account %(account)s has the SearchCode %(search_code)s of this customer, but another name and another "
            "e-mail address. Correct them there, or take the SearchCode from it."
        ),
        _TAKEN,
    ),
    Code.ACCOUNT_GONE: Entry(
        _(
            "Exact does not have the customer's account any more: somebody deleted it or merged it into another one. "
            "Link the customer to the right account. If there is none, the next order makes a new one."
        ),
        _GONE,
    ),
    Code.LINK_NOT_PROVEN: Entry(
        _(
            "Earlier orders of this customer went to account %(account)s, which has neither the customer's name nor "
            "e-mail address in Exact. Enter one of them there, or give the right account the SearchCode "
            "%(search_code)s, then re-post."
        ),
        _NOT_PROVEN,
    ),
    Code.ACCOUNT_WITHOUT_NUMBER: Entry(
        _("Account %(account)s has no VAT number, and the order has %(vat_number)s. Enter it in Exact, then re-post."),
        _NO_NUMBER,
    ),
    Code.ACCOUNT_HAS_OTHER_NUMBER: Entry(
        _(
            "Account %(account)s has the VAT number %(theirs)s, and the order has %(vat_number)s. Correct the one that "
            "is wrong, or make another account with %(vat_number)s in Exact."
        ),
        _OTHER_NUMBER,
    ),
    Code.ACCOUNT_BLOCKED: Entry(
        _("The customer's account %(account)s is blocked in Exact. Unblock it there."), _BLOCKED
    ),
    Code.ACCOUNT_ENDED: Entry(
        _("The customer's account %(account)s ended in Exact on %(day)s. Remove its end date there."), _ENDED
    ),
    Code.ACCOUNT_PROSPECT: Entry(
        _("Account %(account)s is a prospect in Exact. Set its status to Customer there."), _NO_CUSTOMER
    ),
    Code.ACCOUNT_SUSPECT: Entry(
        _("Account %(account)s is a suspect in Exact. Set its status to Customer there."), _NO_CUSTOMER
    ),
    Code.ACCOUNT_NO_CUSTOMER: Entry(
        _("Account %(account)s is not a customer in Exact. Set its status to Customer there."), _NO_CUSTOMER
    ),
    Code.ACCOUNT_REFUSED: Entry(_("Exact refused to make an account for %(name)s: %(error)s"), CUSTOMER),
    Code.ACCOUNT_SEARCH_GAVE_UP: Entry(
        _(
            "It is not clear whether Exact made the account of %(name)s. Exact was searched %(tries)s times for the "
            "SearchCode %(search_code)s, without a clear answer: %(error)s Look for it in Exact, then re-post."
        ),
        _SEARCH,
    ),
    Code.VAT_NUMBER_REFUSED: Entry(
        _("Exact refused the VAT number %(vat_number)s for account %(account)s: %(error)s"), CUSTOMER
    ),
    Code.VAT_NUMBER_NOT_TAKEN: Entry(
        _("Exact did not take the VAT number or the status for the account of %(name)s: %(error)s"), CUSTOMER
    ),
    Code.ACCOUNT_OF_ANOTHER_CUSTOMER: Entry(
        _(
            "Account %(account)s fits this customer, and another customer of the store as well. Two customers share an "
            "account only when they are one company with one VAT number. Choose whose it is."
        ),
        _OF_ANOTHER,
    ),
    Code.ACCOUNT_OF_REGISTERED: Entry(
        _(
            "Account %(account)s fits this guest, and belongs to a registered customer with another name and e-mail "
            "address. Give the SearchCode %(search_code)s to the account that is the guest's, then re-post."
        ),
        _OF_REGISTERED,
    ),
    Code.PROMOTION_REFUSED: Entry(_("Exact did not make account %(account)s a customer: %(error)s"), CUSTOMER),
    Code.ADDRESS_REFUSED: Entry(_("Exact refused the delivery address: %(error)s"), CUSTOMER),
}
