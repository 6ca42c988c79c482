"""Why a customer has an account, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

# Earlier releases kept other words for the same.
_WORDS: Final = {
    "link": _("It was linked before."),
    "search_code": _("The account has our SearchCode."),
    "search code": _("The account has our SearchCode."),
    "SearchCode": _("The account has our SearchCode."),
    "vat_number": _("The VAT number is the same."),
    "VAT number": _("The VAT number is the same."),
    "email_and_name": _("The e-mail address and the name are the same."),
    "e-mail address": _("The e-mail address and the name are the same."),
    "name_and_postcode": _("The name and the postcode are the same."),
    "chosen": _("A person chose it."),
    "merged": _("The account that the customer had was merged into it in Exact."),
    "gone": _("Exact does not have the account any more."),
    "created": _("The connector made the account."),
}


def reason_in_words(by: str) -> str:
    """Return in words how an account was found. What a person typed stays as it is."""
    return str(_WORDS.get(by, by))
