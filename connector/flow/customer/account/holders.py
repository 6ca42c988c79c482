"""Who has an account already: a registered customer's account is not given to another customer of the store.

The pull of all customers and an order ask the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Candidate, Found, Several
from connector.domain.customer.likeness import Reason
from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.flow.customer.account.parties import party_of
from connector.models import Connection, CustomerLink, StoreCustomer


def holders_of(
    connection: Connection, account_ids: Iterable[str], *, but_by: Collection[Reason] = ()
) -> Mapping[str, list[Customer]]:
    """Return the registered customers of the store who have each of these accounts, but those who have it `but_by`.

    A guest is none: the account may become that of a customer who registered. It costs one statement, and one more when
    somebody has one of them.
    """
    rows = CustomerLink.objects.filter(
        store=connection.store, division=connection.division, account_id__in=list(account_ids)
    ).exclude(matched_by__in=list(but_by))
    found = [(row.account_id, row.customer_key.partition("-")[0], row.name) for row in rows]
    keys = {key for _account_id, key, _name in found if key.isdecimal()}
    if not keys:
        return {}
    known = StoreCustomer.objects.filter(store=connection.store, customer_key__in=keys)
    parties = {row.customer_key: party_of(connection, row) for row in known}
    holders: dict[str, dict[str, Customer]] = defaultdict(dict)
    for account_id, key, name in found:
        if key in keys:
            holders[account_id][key] = parties.get(key) or _not_read(connection, key, name)
    return {account_id: list(several.values()) for account_id, several in holders.items()}


def like_another(found: Found) -> Several:
    """Return that a person must decide about an account, because it is another customer's too."""
    why = problem(Code.ACCOUNT_OF_ANOTHER_CUSTOMER, account=str(found.account).strip())
    return Several(why, (Candidate(found.account, found.score, found.reason),))


def _not_read(connection: Connection, key: str, name: str) -> Customer:
    """A customer of whom only an order tells: the store's list was not read yet, or has the customer no more."""
    return Customer(connection.store.prefix, key, registered=True, person=name, company="", email="", vat_number="")
