"""Details: facts that rules need and the order does not have. They are read when a rule depends on them.

Names and the categories of products change rarely, so they are kept for an hour per store. The group of a customer is
read for each order, so that an order after a change is booked by the new group.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.core.cache import cache

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.rows import OddRow
from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Held, Needs
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import Order
from connector.flow import odd_rows
from connector.flow.hold import Hold
from connector.flow.order.fetch import Fetched, read
from connector.flow.order.terms import Terms
from connector.models import Store
from connector.problems.odd_rows import as_param

T = TypeVar("T")

KEPT_SECONDS = 3600


def translate(
    terms: Terms, fetched: Fetched, client: BigCommerceClient, before_a_call: Callable[[], object]
) -> tuple[Fetched, Draft | Held | Needs]:
    """Translate the order, and read the details that its rules need, each at most once.

    `before_a_call` runs before each reading. Raises ClientError when the store does not answer as it should, and Hold
    when its answer cannot be understood.
    """
    outcome = terms.draft(fetched.order)
    for _ in Detail:
        if not isinstance(outcome, Needs):
            break
        before_a_call()
        fetched = with_details(client, fetched, outcome.what)
        outcome = terms.draft(fetched.order)
    return fetched, outcome


def hold_of(outcome: Held | Needs) -> Hold:
    """Return the hold that says why there is no draft: every problem at once."""
    if isinstance(outcome, Needs):
        return Hold(Code.DETAILS_MISSING, details=", ".join(sorted(outcome.what)))
    return Hold(outcome.problems)


def with_details(client: BigCommerceClient, fetched: Fetched, what: Iterable[Detail]) -> Fetched:
    """Read details of the order and add them to its raw data, so that the ledger has them too.

    Raises ClientError when the store does not answer as it should; Forbidden names the missing scope. Raises Hold when
    the answer cannot be understood.
    """
    raw: dict[str, Any] = dict(fetched.raw)
    for detail in sorted(what):
        match detail:
            case Detail.TAXES:
                raw["taxes"] = client.taxes(int(fetched.order.id))
            case Detail.CUSTOMER_GROUP:
                raw["details"] = {**raw.get("details", {}), detail.value: _customer_group(client, fetched.order)}
            case Detail.CATEGORY:
                raw["details"] = {**raw.get("details", {}), detail.value: _categories(client, fetched.order)}
    return replace(read(raw), is_bare=fetched.is_bare)


def _customer_group(client: BigCommerceClient, order: Order) -> list[str]:
    """The id and the name of the customer's group; empty without a group."""
    odd: list[OddRow] = []
    group = client.customer_group(int(order.customer_id), odd.append)
    if not group:
        _raise_if_odd("customers", odd)
        return []
    names = _kept(client.store_hash, "group", [group], lambda missing: _group_names(client, odd))
    if group not in names:
        _raise_if_odd("customer_groups", odd)
    return _texts(group, names)


def _group_names(client: BigCommerceClient, odd: list[OddRow]) -> dict[int, str]:
    """The names of all groups. Those that cannot be read are named to the people of the store, and in `odd`."""
    names = client.group_names(odd.append)
    for store in Store.objects.filter(store_hash=client.store_hash).select_related("tenant"):
        odd_rows.report(store.tenant, store, "customer_groups", odd)
    return names


def _raise_if_odd(facts: str, rows: list[OddRow]) -> None:
    """Raise Hold when rows of a list cannot be read, of which the order needs one."""
    if rows:
        raise Hold(Code.DETAILS_UNREADABLE, facts=facts, rows=as_param(rows[: odd_rows.SHOWN]))


def _categories(client: BigCommerceClient, order: Order) -> dict[str, list[str]]:
    """The ids and names of all categories, by product id; a deleted product has none."""
    odd: list[OddRow] = []
    lines = [each for line in order.lines for each in (line, *line.parts)]
    products = {int(line.product_id) for line in lines if line.product_id}
    by_product = _kept(
        client.store_hash, "product", products, lambda missing: client.product_categories(missing, odd.append)
    )
    _raise_if_odd("products", odd)
    categories = {number for found in by_product.values() for number in found}
    names = _kept(client.store_hash, "category", categories, lambda missing: client.category_names(missing, odd.append))
    _raise_if_odd("categories", odd)
    return {
        str(product): [text for number in by_product.get(product, ()) for text in _texts(number, names)]
        for product in sorted(products)
    }


def _texts(number: int, names: Mapping[int, str]) -> list[str]:
    return [str(number), names[number]] if number in names else [str(number)]


def _kept(
    store_hash: str, kind: str, numbers: Iterable[int], fetch: Callable[[list[int]], Mapping[int, T]]
) -> dict[int, T]:
    """The values by number, from the cache or else from `fetch`. A number that `fetch` does not find is left out."""
    keys = {f"bigcommerce:{store_hash}:{kind}:{number}": number for number in sorted(numbers)}
    found: dict[int, T] = {keys[key]: value for key, value in cache.get_many(keys).items()}
    missing = [number for number in keys.values() if number not in found]
    if missing:
        fresh = fetch(missing)
        cache.set_many({f"bigcommerce:{store_hash}:{kind}:{n}": v for n, v in fresh.items()}, KEPT_SECONDS)
        found |= {number: fresh[number] for number in missing if number in fresh}
    return found
