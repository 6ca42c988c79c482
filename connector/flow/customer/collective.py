"""The account that orders go to which have no customer of their own."""

from connector.clients.exact.client import ExactClient
from connector.domain.choices import CustomerStrategy
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.flow.customer import directory
from connector.flow.customer.choice import strategy_for, today
from connector.flow.hold import Hold
from connector.models import Connection


def uses_collective_account(connection: Connection, customer: Customer) -> bool:
    """Whether the order goes to the collective account: by its strategy, or because it has no customer of its own."""
    if strategy_for(connection, customer) == CustomerStrategy.COLLECTIVE:
        return True
    return not customer.key and not customer.redacted and bool(connection.collective_account)


def collective_account(connection: Connection, customer: Customer, listed: str, client: ExactClient) -> str:
    """Return Exact's id of the collective account. Raises Hold when it cannot be used, and the client's errors."""
    division, code = connection.division, connection.collective_account
    account = directory.by_code(division, code)
    if account is None or (account.why_unusable(today(connection)) and not directory.is_fresh(division)):
        directory.pull(division, client)
        account = directory.by_code(division, code)
    if account is None:
        raise Hold(Code.COLLECTIVE_ACCOUNT_MISSING, account=code)
    if why := why_not_collective(connection, customer, listed, account):
        raise Hold((why,))
    return account.id


def why_not_collective(connection: Connection, customer: Customer, listed: str, account: Account) -> Problem | None:
    """Return why the collective account cannot take an order; None when it can."""
    number = customer.vat_number
    if unusable := account.why_unusable(today(connection)):
        return unusable
    if listed and account.vat_number != number:
        return problem(Code.COLLECTIVE_WITHOUT_NUMBER, account=account, vat_code=listed, vat_number=number)
    if number and account.vat_number not in {"", number}:
        return problem(Code.ACCOUNT_HAS_OTHER_NUMBER, account=account, theirs=account.vat_number, vat_number=number)
    return None
