"""The settings of a connection that say which details of a customer go where, and what a new account gets."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.domain import choices
from connector.domain.customer.account_rules import is_id
from connector.flow.setup.provision.schema import (
    Refused,
    account_code,
    amount,
    choice,
    code,
    flag,
    list_of,
    number,
    obj,
    text,
)
from connector.flow.setup.setting import Group, Setting, Shown, one_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_country = text(pattern=r"[A-Z]{2}", refusal=gettext_lazy("%(path)s must be a country such as NL."))


def _classification(path: str, value: Any) -> str:
    """A classification's id. Raises Refused."""
    refusal = gettext_lazy("%(path)s must be the classification's id in Exact, because an account takes no code.")
    given: str = text(refusal=refusal)(path, value)
    if given and not is_id(given):
        raise Refused(refusal % {"path": path})
    return given


# A rule of what a new account gets. Left out in `when` means any; left out in `then` means Exact's own.
account_rule = obj(
    when=(
        obj(
            country=(list_of(_country), None),
            b2b=(flag, None),
            customer_group=(list_of(text()), None),
        ),
        dict,
    ),
    then=obj(payment_condition=(code, None), vat_code=(code, None), classification=(_classification, None)),
)


def by_country(path: str, value: Any) -> dict[str, str]:
    """An object from country to account code. Raises Refused."""
    if not isinstance(value, dict):
        raise Refused(_("%(path)s must be an object.") % {"path": path})
    return {_country(path, country): account_code(f"{path}.{country}", account) for country, account in value.items()}


def minutes(path: str, value: Any) -> int:
    """How often both sides are read: 0 for never, else 5 to 1440 minutes. Raises Refused."""
    if number(path, value) and not 5 <= value <= 1440:
        raise Refused(_("%(path)s must be 0, or 5 to 1440 minutes.") % {"path": path})
    return int(value)


def _owner(group: choices.FieldGroup, label: "_StrPromise", *, only: tuple[choices.FieldOwner, ...] = ()) -> Setting:
    check = choice(*(owner.value for owner in only)) if only else one_of(choices.FieldOwner)
    return Setting(f"customers.{group.value}", f"{group.value}_owner", check, label)


CUSTOMER_DETAILS = Group(
    gettext_lazy("Customers in step"),
    (
        Setting(
            "customers.direction",
            "customer_direction",
            one_of(choices.CustomerDirection),
            gettext_lazy("Customer details go"),
            brief=gettext_lazy("Details go"),
            help=gettext_lazy("This limits what the owners below say."),
        ),
        _owner(choices.FieldGroup.NAMES, gettext_lazy("Who decides about names")),
        _owner(choices.FieldGroup.CONTACT, gettext_lazy("Who decides about e-mail and phone")),
        _owner(choices.FieldGroup.ADDRESSES, gettext_lazy("Who decides about addresses")),
        _owner(choices.FieldGroup.VAT_NUMBER, gettext_lazy("Who decides about VAT numbers")),
        _owner(choices.FieldGroup.PAYMENT_CONDITION, gettext_lazy("Who decides about payment conditions")),
        Setting(
            "customers.conflicts",
            "customer_conflicts",
            one_of(choices.CustomerConflicts),
            gettext_lazy("When both sides changed the same details"),
            help=gettext_lazy("Only where the details belong to whichever side was changed last."),
        ),
        Setting(
            "customers.every_minutes",
            "customer_minutes",
            minutes,
            gettext_lazy("Read both sides every so many minutes"),
            help=gettext_lazy("Changes that were not reported are found then. 0: never."),
        ),
        Setting(
            "customers.promote_prospects",
            "promote_prospects",
            flag,
            gettext_lazy("Prospects and suspects become customers"),
            help=gettext_lazy("Otherwise an order of a prospect or suspect is held."),
        ),
        Setting(
            "customers.guest_amount",
            "guest_amount",
            amount,
            gettext_lazy("Guests get their own account from this amount"),
            help=gettext_lazy(
                "All orders of the guest together, in the store's currency. Smaller ones go to the collective account."
            ),
        ),
        Setting(
            "customers.guest_orders",
            "guest_orders",
            number,
            gettext_lazy("Guests get their own account from this many orders"),
            help=gettext_lazy("Earlier ones go to the collective account."),
        ),
        Setting(
            "customers.collective_by_country",
            "collective_by_country",
            by_country,
            gettext_lazy("Collective account of each country"),
            help=gettext_lazy("It goes before the one collective account."),
            shown_as=Shown.COUNTRY_ACCOUNTS,
        ),
        Setting(
            "customers.chamber_fields",
            "chamber_fields",
            list_of(text()),
            gettext_lazy("Form fields with a chamber of commerce number"),
            shown_as=Shown.LINES,
        ),
        Setting(
            "customers.peppol_fields",
            "peppol_fields",
            list_of(text()),
            gettext_lazy("Form fields with a Peppol id"),
            shown_as=Shown.LINES,
        ),
        Setting(
            "customers.account_rules",
            "account_rules",
            list_of(account_rule),
            gettext_lazy("What a new account gets"),
            help=gettext_lazy(
                "The first row that fits decides. What it leaves empty, and an account without a row, has Exact's own."
            ),
            shown_as=Shown.ACCOUNT_RULES,
        ),
    ),
)
