"""A plain order as it is read from the store, and what a test changes in it."""

from typing import Any

from tests.domain.books import HERE, read_json


def raw(case: str = "plain", **order: Any) -> dict[str, Any]:
    """The order of a case, with other values in its header."""
    document: dict[str, Any] = read_json(HERE / "cases" / case / "order.json")
    return document | {"order": document["order"] | order}


def with_line(**product: Any) -> dict[str, Any]:
    """The plain order, with other values in its line."""
    document = raw()
    document["destinations"][0]["lines"][0] |= product
    return document
