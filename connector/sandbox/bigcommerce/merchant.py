"""Changes that a merchant makes to an order after the sale: refunds, edits, cancellations, archiving.

Known: a refund changes no total of the order, only its status (4, 14) and the lines' `quantity_refunded`; an amount for
the order as a whole has no tax; `requested_amount` is null for pieces. Assumed: the amount of the pieces of a line is
rounded half up for each refund.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from connector.sandbox.bigcommerce.payments import paid_by_gateway, refund_payments, transact
from connector.sandbox.catalogue import OrderRecord, Shop
from connector.sandbox.catalogue.amounts import ZERO, Money, before_discounts, charged, digits_of, text, to_cents
from connector.sandbox.catalogue.cart import Deed
from connector.sandbox.catalogue.lines import cost

Json = dict[str, Any]
CANCELLED, REFUNDED, PARTLY_REFUNDED = 5, 4, 14
FIRST_REFUND = 31


class Merchant(ABC):
    """The merchant's side of a store. Methods raise KeyError for an unknown order or line."""

    shop: Shop
    lock: RLock
    now: Callable[[], datetime]
    orders: dict[int, OrderRecord]
    before: dict[int, OrderRecord]
    refunds: dict[int, list[Json]]

    @abstractmethod
    def change(self, order_id: int, **fields: object) -> OrderRecord:
        """Change fields of the header. The store implements it."""

    def refund(
        self,
        order_id: int,
        pieces: Mapping[int, int] | None = None,
        *,
        shipping: Decimal = ZERO,
        handling: bool = False,
        wrapping: bool = False,
        fees: bool = False,
        whole: Decimal = ZERO,
        tax: Decimal = ZERO,
        override: tuple[Decimal, Decimal] | None = None,
        declined: Decimal = ZERO,
        store_credit: Decimal = ZERO,
        gift_certificate: Decimal = ZERO,
        reason: str = "",
    ) -> Json:
        """Refund pieces by line id, an amount of the shipping, of the order as a `whole`, or of `tax` alone, or all of
        the handling, the gift wrapping or the fees.

        Amounts include tax when the store's prices do. `override` is the merchant's own total and tax. `declined` is
        the amount that the payment provider refused; `store_credit` and `gift_certificate` are given as these instead
        of money. Without any of them: all pieces and all of the shipping.
        """
        with self.lock:
            record = self.orders[order_id]
            self.before[order_id] = deepcopy(record)
            if not (pieces or shipping or handling or wrapping or fees or whole or tax):
                pieces = {line["id"]: line["quantity"] - line["quantity_refunded"] for line in record.products}
                shipping = self._shipping(record)
            parts = [self._pieces(record, number, count) for number, count in (pieces or {}).items() if count]
            parts += [self._part_of_shipping(record, shipping)] if shipping else []
            parts += self._charges(record, handling=handling, wrapping=wrapping, fees=fees)
            parts += [(_item("ORDER", order_id, 1, whole), Money(whole, whole))] if whole else []
            paid = sum((money for _, money in parts), Money()) + Money(ZERO, tax, tax)
            total, total_tax = override or (paid.inc, paid.tax)
            number = FIRST_REFUND + sum(len(each) for each in self.refunds.values())
            row = {
                "id": number,
                "order_id": order_id,
                "user_id": 0,
                "created": self.now().replace(microsecond=0).isoformat(),
                "reason": reason,
                "total_amount": float(total),
                "total_tax": float(total_tax),
                "uses_merchant_override_values": override is not None,
                "items": [item for item, _ in parts],
                "payments": refund_payments(
                    number, total, declined=declined, store_credit=store_credit, gift_certificate=gift_certificate
                ),
            }
            self.refunds.setdefault(order_id, []).append(row)
            if record.transactions and (money := paid_by_gateway(row)):
                transact(record, self.now(), "refund", money, about=record.transactions[0]["id"])
            self._mark(record, pieces or {})
            return row

    def transact(
        self, order_id: int, event: str, amount: Decimal, *, about: int | None = None, gateway_id: str = ""
    ) -> Json:
        """Add a payment's transaction to an order: a capture, a void, a refund in the gateway's own portal."""
        with self.lock:
            record = self.change(order_id)
            return transact(record, self.now(), event, amount, about=about, gateway_id=gateway_id)

    def do(self, order_id: int, deed: Deed) -> None:
        """Change an order as the catalogue says."""
        lines = self.orders[order_id].products
        match deed.what:
            case "refund":
                pieces = {line["id"]: count for line, count in zip(lines, deed.pieces, strict=False)}
                self.refund(order_id, pieces, shipping=deed.shipping, whole=deed.whole, declined=deed.declined)
            case "cancel":
                self.cancel(order_id)
            case "edit":
                self.edit(order_id, lines[0]["id"], quantity=deed.quantity)

    def override(self, order_id: int, total: Decimal) -> OrderRecord:
        """Set the order's total by hand. Its tax and its lines stay unchanged."""
        tax = Decimal(self.orders[order_id].order["total_tax"])
        return self.change(order_id, total_inc_tax=text(total), total_ex_tax=text(total - tax))

    def delete(self, order_id: int) -> None:
        """Remove an order: it cannot be read any more."""
        with self.lock:
            self.before[order_id] = self.orders.pop(order_id)

    def cancel(self, order_id: int) -> OrderRecord:
        """Cancel an order. No money is refunded."""
        return self.change(order_id, status_id=CANCELLED)

    def archive(self, order_id: int) -> OrderRecord:
        """Delete an order, which only archives it: lists leave it out, and it can still be read."""
        return self.change(order_id, is_deleted=True)

    def edit(
        self, order_id: int, line_id: int, *, quantity: int | None = None, price: Decimal | None = None
    ) -> OrderRecord:
        """Change a line's quantity or price. As in the real store, the line loses its discounts."""
        with self.lock:
            record = self.change(order_id)
            line = next(line for line in record.products if line["id"] == line_id)
            pieces = line["quantity"] if quantity is None else quantity
            unit = Decimal(line["base_price"]) if price is None else price
            self._price(record, line, pieces, unit)
            return record

    def add_line(self, order_id: int, like: int, *, quantity: int = 1) -> OrderRecord:
        """Add a line with the product and price of another one."""
        with self.lock:
            record = self.change(order_id)
            line = deepcopy(next(line for line in record.products if line["id"] == like))
            line["id"] = max(each["id"] for each in record.products) + 1
            line |= {"quantity": 0, "quantity_refunded": 0, **cost("total", Money()), "total_tax": text(ZERO)}
            line |= {"discounted_total_inc_tax": text(ZERO), **cost("wrapping_cost", Money())}
            record.products.append(line)
            record.taxes += [
                row | {"order_product_id": line["id"]}
                for row in record.taxes
                if row["order_product_id"] == like and row["line_item_type"] == "item"
            ]
            self._price(record, line, quantity, Decimal(line["base_price"]))
            return record

    def _pieces(self, record: OrderRecord, number: int, count: int) -> tuple[Json, Money]:
        line = next(line for line in record.products if line["id"] == number)
        share = Decimal(count) / line["quantity"]
        digits = _digits(record)
        inc = to_cents(Decimal(line["discounted_total_inc_tax"]) * share, digits)
        tax = to_cents(Decimal(line["total_tax"]) * share, digits)
        return _item("PRODUCT", number, count, None), Money(inc - tax, inc, tax)

    def _charges(self, record: OrderRecord, *, handling: bool, wrapping: bool, fees: bool) -> list[tuple[Json, Money]]:
        """The charges besides goods and shipping that are selected, each in full."""
        wanted = [("HANDLING", "handling_cost", record.shipping_addresses)] if handling else []
        wanted += [("GIFT_WRAPPING", "wrapping_cost", record.products)] if wrapping else []
        wanted += [("FEE", "cost", record.fees)] if fees else []
        parts = []
        for kind, name, rows in wanted:
            for row in rows:
                inc, tax = Decimal(row[f"{name}_inc_tax"]), Decimal(row[f"{name}_tax"])
                if inc:
                    amount = inc if self.shop.tax_inclusive else inc - tax
                    parts.append((_item(kind, row["id"], 1, amount), Money(inc - tax, inc, tax)))
        return parts

    def _shipping(self, record: OrderRecord) -> Decimal:
        basis = "inc" if self.shop.tax_inclusive else "ex"
        return sum((Decimal(row[f"cost_{basis}_tax"]) for row in record.shipping_addresses), ZERO)

    def _part_of_shipping(self, record: OrderRecord, amount: Decimal) -> tuple[Json, Money]:
        row = next(row for row in record.shipping_addresses if Decimal(row["cost_inc_tax"]))
        ex, tax = Decimal(row["cost_ex_tax"]), Decimal(row["cost_tax"])
        money = charged(amount, 100 * tax / ex, inclusive=self.shop.tax_inclusive, digits=_digits(record))
        whole = amount == Decimal(row["cost_inc_tax" if self.shop.tax_inclusive else "cost_ex_tax"])
        paid = Money(ex, ex + tax, tax) if whole else money
        return _item("SHIPPING", row["id"], 1, amount), paid

    def _mark(self, record: OrderRecord, pieces: Mapping[int, int]) -> None:
        for line in record.products:
            line["quantity_refunded"] += pieces.get(line["id"], 0)
            line["is_refunded"] = line["quantity_refunded"] == line["quantity"]
        rows = self.refunds[record.order_id]
        back = sum((Decimal(str(row["total_amount"])) for row in rows if not _all_declined(row)), ZERO)
        if back:
            whole = back >= to_cents(Decimal(record.order["total_inc_tax"]), _digits(record))
            status = REFUNDED if whole else PARTLY_REFUNDED
            self.change(record.order_id, status_id=status, refunded_amount=text(back))

    def _price(self, record: OrderRecord, line: Json, quantity: int, unit: Decimal) -> None:
        """Give a line another price and quantity, and add the difference to the header."""
        rows = [row for row in record.taxes if row["order_product_id"] == line["id"]]
        rate = next((Decimal(row["rate"]) for row in rows if row["line_item_type"] == "item"), ZERO)
        inclusive = self.shop.tax_inclusive
        old_inc, old_tax = Decimal(line["discounted_total_inc_tax"]), Decimal(line["total_tax"])
        paid = charged(unit * quantity, rate, inclusive=inclusive, digits=_digits(record))
        record.order["items_total"] += quantity - line["quantity"]
        line |= {
            "quantity": quantity,
            "base_price": text(unit),
            **cost("price", before_discounts(unit, paid, inclusive=inclusive)),
            **cost("total", paid),
            "discounted_total_inc_tax": text(paid.inc),
            "applied_discounts": [],
        }
        more = Money(paid.ex - old_inc + old_tax, paid.inc - old_inc, paid.tax - old_tax)
        for name in ("subtotal", "total"):
            for part, amount in (("ex_tax", more.ex), ("inc_tax", more.inc), ("tax", more.tax)):
                field = f"{name}_{part}"
                record.order[field] = text(Decimal(record.order[field]) + amount)


def _digits(record: OrderRecord) -> int:
    return digits_of(record.order["default_currency_code"])


def _item(kind: str, number: int, quantity: int, amount: Decimal | None) -> Json:
    return {
        "item_type": kind,
        "item_id": number,
        "quantity": quantity,
        "requested_amount": None if amount is None else str(amount),
        "reason": "",
        "adjustments": [],
    }


def _all_declined(row: Json) -> bool:
    return bool(row["payments"]) and all(payment["is_declined"] for payment in row["payments"])
