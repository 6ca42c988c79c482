"""Two stores' orders and what Exact has of them, as the checks of the demo read both."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

INVOICE, CREDIT_NOTE, PRINTED = 8020, 8021, 50


def order(order_id: int, total: str = "12.10", tax: str = "2.10", status: int = 11, **more: Any) -> SimpleNamespace:
    placed = {"total_inc_tax": total, "total_tax": tax, "status_id": status}
    return SimpleNamespace(store_hash="shop1", order_id=order_id, order=placed, later=(), **more)


def booked(reference: str, total: str = "12.10", vat: str = "2.10", kind: int = INVOICE, status: int = PRINTED) -> Any:
    amounts = {"AmountFC": Decimal(total), "VATAmountFC": Decimal(vat)}
    return {"YourRef": reference, "Type": kind, "Status": status, **amounts}


def sandbox(orders: list[SimpleNamespace], invoices: list[Any], refunds: dict[int, list[Any]] | None = None) -> Any:
    """Both sides; the store's prefix is TEA."""
    store = SimpleNamespace(shop=SimpleNamespace(prefix="TEA"), refunds=refunds or {})
    return SimpleNamespace(
        orders=orders,
        stores=SimpleNamespace(store=lambda store_hash: store),
        exact=SimpleNamespace(divisions=[1], invoices=lambda code: invoices),
    )


def row(order_id: int, state: str = "posted", kind: str = "invoice") -> dict[str, Any]:
    """A row of the ledger."""
    return {"order_id": str(order_id), "kind": kind, "state": state, "reason": None if state == "posted" else "mapping"}
