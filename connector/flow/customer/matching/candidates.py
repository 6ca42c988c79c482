"""The accounts that may be a customer's, for many customers at once: each index of the directory is asked once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.names import fitting, name_key
from connector.flow.customer.copies import directory
from connector.models import DirectoryAccount, Division

Key = tuple[str, ...]


@dataclass(slots=True)
class Pool:
    """Accounts, found by what they have in common with a customer."""

    by_key: dict[Key, list[Account]] = field(default_factory=lambda: defaultdict(list))

    def add(self, account: Account, name: str) -> None:
        """Put an account in. `name` is its name as `name_key` writes it."""
        keys: list[Key] = [("id", account.id), ("code", account.search_code), ("number", account.vat_number)]
        keys += [("email", account.email), ("place", account.postcode_key, name)]
        for key in keys:
            if all(key):
                self.by_key[key].append(account)

    def of(self, customer: Customer, ids: Iterable[str]) -> list[Account]:
        """Return the accounts with these ids, and those that have something in common with the customer."""
        keys: list[Key] = [*(("id", each) for each in ids), *keys_of(customer)]
        found = {account.id: account for key in keys for account in self.by_key.get(key, ())}
        return list(found.values())


def keys_of(customer: Customer) -> list[Key]:
    """Return what an account of the customer would be found by."""
    found: list[Key] = [("code", customer.search_code(key).upper()) for key in customer.keys]
    found += [("number", customer.vat_number), ("email", customer.email)]
    found += [("place", place.postcode, name) for place in customer.places for name in _names(customer)]
    return [key for key in found if all(key)]


def _names(customer: Customer) -> set[str]:
    return {name_key(customer.name), name_key(fitting(customer.name))}


def read(division: Division, customers: Sequence[Customer], ids: Iterable[str]) -> Pool:
    """Return the accounts with these ids, and those that have something in common with one of the customers."""
    wanted: Mapping[str, set[Key]] = defaultdict(set)
    for customer in customers:
        for kind, *values in keys_of(customer):
            wanted[kind].add(tuple(values))
    conditions = [Q(account_id__in=set(ids) - {""})]
    for kind, column in (("code", "search_code"), ("number", "vat_number"), ("email", "email")):
        conditions.append(Q(**{f"{column}__in": {value for (value,) in wanted[kind]}}))
    postcodes, names = ({each[at] for each in wanted["place"]} for at in (0, 1))
    conditions.append(Q(postcode_key__in=postcodes, name_key__in=names))
    rows: dict[int, DirectoryAccount] = {}
    for condition in conditions:  # each is found by an index of its own
        rows |= {row.pk: row for row in DirectoryAccount.objects.filter(condition, division=division)}
    pool = Pool()
    for row in sorted(rows.values(), key=lambda each: (each.code, each.pk)):
        pool.add(directory.account_of(row), row.name_key)
    return pool
