"""The generated world in the fakes, and what a pull made of it."""

from dataclasses import dataclass

from connector.models import CustomerLink, CustomerMatch
from tests.acme import DIVISION, STORE, Acme
from tests.bench.customers.generator import World, accounts_of, customers_of


def place(acme: Acme, world: World) -> None:
    """Put the customers into the fake store and the accounts into the fake Exact. The store had no others."""
    store = acme.sandbox.stores.store(STORE)
    store.customers.clear()
    store.addresses.clear()
    for party, fields in customers_of(world):
        party.customers.append(store.add_customer(**fields)["id"])
    for party in world.parties:
        for account in accounts_of(party, acme.store.prefix):
            party.accounts.append(acme.sandbox.exact.add_account(DIVISION, **account))


def writes(acme: Acme) -> int:
    """How many calls changed something on either side."""
    exact, stores = acme.sandbox.exact.calls, acme.sandbox.stores.calls
    to_exact = sum(exact.count(method, "*/api/v1/*") for method in ("POST", "PUT", "DELETE"))
    return to_exact + sum(stores.count(method) for method in ("POST", "PUT", "DELETE"))


@dataclass(frozen=True, slots=True)
class Against:
    """What differs from the truth: parties with accounts that they had not to get, customers with another party's
    account, ambiguous customers that nobody hears of, and customers of whom nothing is known."""

    doubled: list[int]
    wrong: list[str]
    untold: list[int]
    forgotten: list[str]


def against_truth(acme: Acme, world: World) -> Against:
    """Hold the links and the accounts against the truth."""
    customers, accounts = world.party_of_customer(), world.party_of_account()
    made: dict[int, int] = {}
    for account in acme.sandbox.exact.accounts(DIVISION):
        code = str(account.get("SearchCode") or "")
        if account["ID"] not in accounts and code.startswith(f"{acme.store.prefix}-"):
            party = customers[code.partition("-")[2]]
            accounts[str(account["ID"])] = party
            made[party.number] = made.get(party.number, 0) + 1
    allowed = {party.number: int(party.found_by == "new") for party in world.parties}
    links = dict(CustomerLink.objects.exclude(account_id="").values_list("customer_key", "account_id"))
    matches = dict(CustomerMatch.objects.values_list("customer__customer_key", "outcome"))
    return Against(
        doubled=[number for number, count in made.items() if count > allowed[number]],
        wrong=[key for key, account in links.items() if accounts[account] is not customers[key]],
        untold=[each for party in world.ambiguous for each in party.customers if matches.get(str(each)) != "ambiguous"],
        forgotten=[key for key in customers if key not in links and key not in matches],
    )
