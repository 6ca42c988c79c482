"""What a payment provider does to an order: transactions, and the payments of a refund.

Known: the events and fields of a transaction; a refund that a gateway pays is a transaction too. Assumed: what is given
as store credit or gift certificate has these providers, is offline, and is no transaction of a gateway.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.catalogue.amounts import ZERO

Json = dict[str, Any]

GATEWAY, STORE_CREDIT, GIFT_CERTIFICATE = "sandboxpay", "storecredit", "giftcertificate"
FIRST_LATER = 9_000_001  # the first payment of an order has the order's number


def transact(
    record: OrderRecord, now: datetime, event: str, amount: Decimal, *, about: int | None = None, gateway_id: str = ""
) -> Json:
    """Add a transaction to an order. `about` is the transaction that it refers to; `gateway_id` is the gateway's id."""
    number = FIRST_LATER + 100 * record.order_id + len(record.transactions)
    row: Json = {
        "id": number,
        "order_id": str(record.order_id),
        "event": event,
        "method": "credit_card",
        "amount": float(amount),
        "currency": record.order["default_currency_code"],
        "gateway": GATEWAY,
        "gateway_transaction_id": gateway_id or f"tr_{number}",
        "status": "ok",
        "test": False,
        "fraud_review": False,
        "reference_transaction_id": None if about is None else str(about),
        "date_created": now.replace(microsecond=0).isoformat(),
    }
    record.transactions.append(row)
    return row


def refund_payments(
    number: int, total: Decimal, *, declined: Decimal, store_credit: Decimal, gift_certificate: Decimal
) -> list[Json]:
    """Return the payments of a refund. What no other provider gives back, the gateway does."""
    by_gateway = total - declined - store_credit - gift_certificate
    parts = [
        (GATEWAY, by_gateway, False),
        (GATEWAY, declined, True),
        (STORE_CREDIT, store_credit, False),
        (GIFT_CERTIFICATE, gift_certificate, False),
    ]
    return [
        {
            "id": number * 10 + place,
            "provider_id": provider,
            "amount": float(amount),
            "offline": provider != GATEWAY,
            "is_declined": refused,
            "declined_message": "Insufficient funds" if refused else "",
            "transaction_id": f"tr_{number}_{place}",
        }
        for place, (provider, amount, refused) in enumerate(parts)
        if amount
    ]


def paid_by_gateway(row: Json) -> Decimal:
    """Return what a gateway gave back of a refund."""
    accepted = (each for each in row["payments"] if each["provider_id"] == GATEWAY and not each["is_declined"])
    return sum((Decimal(str(each["amount"])) for each in accepted), ZERO)
