"""The VAT numbers of orders beside those of their accounts in Exact, as the directory of accounts has them.

The first page with an order that has a number reads the accounts that changed, a thousand a call, once a process.
"""

from collections.abc import Callable, Collection, Iterable

from connector.flow.customer.account.collective import collective_codes
from connector.flow.reconcile import ledger
from connector.models import Connection, DirectoryAccount, OrderSync


class Numbers:
    """Knows the numbers of one page's orders and accounts at a time."""

    def __init__(self, connection: Connection, read_accounts: Callable[[], object]) -> None:
        self.connection = connection
        self._read_accounts = read_accounts
        self._are_read = False
        self._of_documents: dict[int, str] = {}
        self._of_accounts: dict[str, str] = {}

    def look_up(self, documents: Iterable[OrderSync], accounts: Collection[str]) -> None:
        """Look up the numbers of a page: those of its documents, and of accounts by their ids. Raises ClientError."""
        fields = self.connection.vat_number_fields
        numbers = {each.pk: ledger.vat_number_of(each, fields) for each in _ours(documents)}
        self._of_documents = {pk: number for pk, number in numbers.items() if number}
        self._of_accounts = {}
        if not self._of_documents:
            return
        if not self._are_read:
            self._read_accounts()
            self._are_read = True
        rows = DirectoryAccount.objects.filter(division=self.connection.division_id, account_id__in=accounts)
        for row in rows.only("account_id", "code", "vat_number"):
            # The collective account is everybody's, and need not have a number.
            if row.vat_number or row.code not in collective_codes(self.connection):
                self._of_accounts[row.account_id.casefold()] = row.vat_number

    def of_order(self, document: OrderSync) -> str | None:
        """The number of a document's order; None for none."""
        return self._of_documents.get(document.pk)

    def of_account(self, account: str) -> str | None:
        """The number of an account in Exact, "" for none; None when it is not known."""
        return self._of_accounts.get(account)


def _ours(documents: Iterable[OrderSync]) -> list[OrderSync]:
    """Those that we made: one that a person linked is on the account that this person chose."""
    return [each for each in documents if each.draft and not ledger.was_accepted(each)]
