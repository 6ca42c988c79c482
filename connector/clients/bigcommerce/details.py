"""Facts that rules need and that the order does not hold: the customer's group, the products' categories.

Facts: BigCommerce reference "Customers V3", "Customers V2" (groups have no V3), "Catalog - Products" and
"Catalog - Category Trees" (the older `/catalog/categories` is deprecated and knows one storefront only).
"""

from collections.abc import Iterable, Iterator

from connector.clients.bigcommerce.wire import clean
from connector.clients.strict_json import Unreadable
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

Row = dict[str, object]

# No limit is documented. One page can answer this many, and the address stays short.
MOST_IDS = 250


def customer_group(row: Row) -> tuple[int, int]:
    """A customer's id and group; 0 for no group. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers"""
    return _number(row, "id"), _number(row, "customer_group_id")


def group_name(row: Row) -> tuple[int, str]:
    """A customer group's id and name. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-management/customers-v2/customer-groups#get-all-customer-groups"""
    return _number(row, "id"), _name(row)


def product_categories(row: Row) -> tuple[int, tuple[int, ...]]:
    """A product's id and the ids of its categories, without the categories above them. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-catalog/products#get-all-products"""
    categories = row.get("categories")
    if not isinstance(categories, list):
        raise Unreadable(_("a product without a list of categories"))
    return _number(row, "id"), tuple(_whole(each, "a category") for each in categories)


def category_name(row: Row) -> tuple[int, str]:
    """A category's id and name. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-catalog/category-trees/categories#get-all-categories"""
    return _number(row, "category_id"), _name(row)


def id_lists(ids: Iterable[int]) -> Iterator[str]:
    """The ids as values for an `id:in` filter. Raises BadValue for an id below 1.
    https://developer.bigcommerce.com/docs/rest-catalog/products#get-all-products"""
    wanted = sorted(set(ids))
    if wanted and wanted[0] < 1:
        raise BadValue(_("ids of BigCommerce are positive"))
    for start in range(0, len(wanted), MOST_IDS):
        yield ",".join(map(str, wanted[start : start + MOST_IDS]))


def _number(row: Row, key: str) -> int:
    return _whole(row.get(key), key)


def _whole(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(_("%(name)s is not a number"), name=what)
    return value


def _name(row: Row) -> str:
    name = row.get("name")
    if not isinstance(name, str):
        raise Unreadable(_("a row without a name"))
    return clean(name)
