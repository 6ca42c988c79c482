"""Corrects an account in Exact before an order goes to it: the VAT number that it lacks, and its status."""

from connector.clients import errors
from connector.clients.exact import accounts
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.domain.customer.account import CUSTOMER, Account
from connector.domain.document.codes import Code
from connector.flow.customer.copies import directory, missing
from connector.flow.hold import Hold, refusal
from connector.models import Division
from connector.problems.catalogue import EXACT


def give_number(division: Division, account: Account, number: str, client: ExactClient) -> None:
    """Enter a VAT number in Exact.

    Raises AccountGone, Hold when Exact refuses it, and the client's errors: Unavailable after an unclear answer.
    """
    missing.raise_if_gone(division, account.id, client)
    try:
        client.give_vat_number(account.id, number)
    except errors.OutcomeUnknown as error:
        # This may be repeated: the account is read again first.
        text = _("It is not clear whether Exact has the account's VAT number. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        details = refusal(EXACT, error, [number, account.name])
        raise Hold(Code.VAT_NUMBER_REFUSED, account=account, vat_number=number, **details) from None
    directory.keep_vat_number(division, account.id, number)


def promote(division: Division, account: Account, client: ExactClient) -> None:
    """Make a prospect or a suspect a customer in Exact.

    Raises AccountGone, Hold when Exact refuses it, and the client's errors: Unavailable after an unclear answer.
    """
    missing.raise_if_gone(division, account.id, client)
    try:
        accounts.update_account(client, account.id, {"Status": CUSTOMER})
    except errors.OutcomeUnknown as error:
        # This may be repeated: the account is read again first.
        text = _("It is not clear whether the account is a customer in Exact now. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        details = refusal(EXACT, error, [account.name])
        raise Hold(Code.PROMOTION_REFUSED, account=account, **details) from None
    directory.keep_customer(division, account.id)
