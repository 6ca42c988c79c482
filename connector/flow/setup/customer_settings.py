"""The settings of a connection that say which account in Exact is a customer's."""

from django.utils.translation import gettext_lazy as _

from connector.domain import choices
from connector.flow.setup.provision.schema import account_code, list_of, text
from connector.flow.setup.setting import ACCOUNT, Group, Setting, Shown, one_of

CUSTOMERS = Group(
    _("Customers"),
    (
        Setting(
            "customers.strategy",
            "customer_strategy",
            one_of(choices.CustomerStrategy),
            _("Customers with an account in the shop"),
            brief=_("With an account"),
            help=_(
                "An account is the customer's when it has our SearchCode, the order's VAT number, or both the "
                "e-mail address and the name."
            ),
        ),
        Setting(
            "customers.guests",
            "guest_strategy",
            one_of(choices.CustomerStrategy),
            _("Guests"),
            brief=_("Guests"),
            help=_("Customers who ordered without an account in the shop."),
        ),
        Setting(
            "customers.collective_account",
            "collective_account",
            account_code,
            _("Collective account"),
            brief=_("Collective account"),
            help=_(
                "The account in Exact that orders go to which have no customer of their own. Needed when customers "
                "or guests go to it. If it is set, guests without an e-mail address of their own go to it too."
            ),
            kind=ACCOUNT,
        ),
        Setting(
            "customers.placeholder_emails",
            "placeholder_emails",
            list_of(text()),
            _("E-mail addresses that are nobody's"),
            help=_(
                "What your shop or its tills enter for a customer who leaves no address, one a line: an address, "
                "a name with @ (noemail@) or a domain (@noemail.com). Dots, hyphens and underlines in the name do "
                "not count."
            ),
            shown_as=Shown.LINES,
        ),
        Setting(
            "customers.complete_vat",
            "complete_vat",
            one_of(choices.CompleteVat),
            _("Accounts that get an order's VAT number"),
            help=_(
                "An order with a VAT number goes to no account with another one. If the customer's account has "
                "none, it is given the order's number, or the order is held."
            ),
        ),
        Setting(
            "vat_number_fields",
            "vat_number_fields",
            list_of(text()),
            _("Form fields with a VAT number"),
            help=_(
                "Names of the fields in which your shop asks for a VAT number, one a line. An order with a valid "
                "one counts as business to business."
            ),
            shown_as=Shown.LINES,
        ),
    ),
)
