"""Forgets an account that Exact does not have any more, so that the customer is matched again.

A list of changes does not tell what was deleted, so the directory and the links keep such an account.
"""

import re

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.models import CustomerLink, DirectoryAccount, Division

# Exact's text for a reference to a record that is not in the division, in Dutch and English.
_MISSING_RECORD = re.compile(
    r"(ongeldige referentie|invalid reference): *"
    r"(besteld door|factuur voor|leveren aan|relatie|ordered by|invoice to|deliver to|account)\b",
    re.IGNORECASE,
)


class AccountGone(errors.Unavailable):
    """Exact does not have the account, and it is forgotten: match the customer again."""


def is_named_by(refusal: errors.Rejected) -> bool:
    """Whether Exact refused a reference to an account or an address."""
    return bool(_MISSING_RECORD.search(refusal.detail))


def raise_if_gone(division: Division, account_id: str, client: ExactClient) -> None:
    """Forget an account that Exact does not have, and raise AccountGone. Raises the client's errors.

    It is asked by a list, because a 404 counts as an error at Exact.
    """
    if not client.has_account(account_id):
        forget(division, account_id)
        raise AccountGone(_("Exact does not have the customer's account any more"), endpoint="crm/Accounts")


def forget_what_is_gone(division: Division, account_id: str, client: ExactClient) -> None:
    """After a refused document, forget its account when Exact does not have it, else the addresses of its customers.

    When Exact does not answer, nothing is forgotten: the document is held with the refusal, and a re-post asks again.
    """
    try:
        is_there = client.has_account(account_id)
    except errors.ClientError:
        return  # the history has the call; the refusal is what the person must read
    if is_there:
        CustomerLink.objects.filter(division=division, account_id=account_id).update(addresses={})
    else:
        forget(division, account_id)


def forget(division: Division, account_id: str) -> None:
    """Remove an account from the directory, and from the links of its customers."""
    DirectoryAccount.objects.filter(division=division, account_id=account_id).delete()
    CustomerLink.objects.filter(division=division, account_id=account_id).update(
        account_id="", account_code="", matched_by="", addresses={}, sent_at=None
    )
