"""Build the order that the store's API returns from a cart."""

from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

from connector.sandbox.catalogue.amounts import ZERO, text
from connector.sandbox.catalogue.cart import Cart
from connector.sandbox.catalogue.goods import SHIPPING, STANDARD, WRAPPING
from connector.sandbox.catalogue.lines import PROMOTION, address_id, cost, product_lines, tax_rows
from connector.sandbox.catalogue.people import COUNTRIES
from connector.sandbox.catalogue.pricing import Priced, PricedParcel
from connector.sandbox.catalogue.record import LABELS, STATUSES, Json, OrderRecord
from connector.sandbox.catalogue.shops import Shop

API = "https://api.bigcommerce.com"
OFFLINE = ("Cash on Delivery", "Bank Deposit")


def build(shop: Shop, cart: Cart, order_id: int, created: datetime) -> OrderRecord:
    """The order of `cart`, placed at `created` (UTC)."""
    priced = Priced.of(shop, cart)
    inclusive = shop.tax_inclusive
    products = product_lines(order_id, cart, priced, inclusive=inclusive)
    order = _header(shop, cart, priced, order_id, created)
    order["items_total"] = sum(line["quantity"] for line in products)
    if not cart.tells_basis:
        del order["is_tax_inclusive_pricing"]
    return OrderRecord(
        store_hash=shop.store_hash,
        kind=cart.kind,
        order=order,
        products=products,
        shipping_addresses=_addresses(order_id, priced, products, inclusive=inclusive),
        pickups=[_pickup(shop, order_id)] if cart.pickup else [],
        coupons=_coupons(order_id, cart),
        taxes=tax_rows(order_id, cart, priced, products),
        fees=_fees(order_id, priced, inclusive=inclusive),
        transactions=_transactions(shop, cart, priced, order_id, created),
        customer=cart.buyer.customer() if cart.buyer.number else None,
        recipient_email=cart.buyer.email,
        consignments_empty=cart.consignments_empty,
        past=cart.past,
        later=cart.later,
    )


def link(store_hash: str, order_id: int, name: str) -> Json:
    """The link of V2 to a part of an order. It has the vendor's own host: a client must build its own addresses."""
    resource = f"/orders/{order_id}/{name}"
    return {"url": f"{API}/stores/{store_hash}/v2{resource}", "resource": resource}


def _header(shop: Shop, cart: Cart, priced: Priced, order_id: int, created: datetime) -> Json:
    modified = created + timedelta(seconds=1)
    shipped = created + timedelta(days=1) if cart.status in (2, 3) else None
    destination = cart.parcels[0].to.country if cart.parcels else cart.buyer.country
    digital = all(item.product.digital for item in cart.items)
    return {
        "id": order_id,
        "customer_id": cart.buyer.number,
        "date_created": format_datetime(created),
        "date_modified": format_datetime(shipped or modified),
        "date_shipped": format_datetime(shipped) if shipped else "",
        "is_tax_inclusive_pricing": shop.tax_inclusive,
        "status_id": cart.status,
        "status": STATUSES[cart.status],
        "custom_status": LABELS[cart.status],
        **_totals(cart, priced, inclusive=shop.tax_inclusive),
        **_payment(cart),
        "items_total": 0,
        "items_shipped": 0,
        "order_is_digital": digital,
        "shipping_address_count": len(cart.parcels),
        "ip_address": "203.0.113.10",
        "ip_address_v6": "",
        "geoip_country": COUNTRIES[destination],
        "geoip_country_iso2": destination,
        **_currency(cart.currency or shop.currency),
        "staff_notes": "",
        "customer_message": cart.message,
        "is_deleted": False,
        "ebay_order_id": "0",
        "cart_id": f"5b3c0de0-0000-4000-8000-{order_id:012d}",
        "billing_address": cart.buyer.address(),
        "is_email_opt_in": False,
        "credit_card_type": None,
        "order_source": "manual" if cart.manual else "www",
        "channel_id": 1,
        "external_source": None,
        "external_id": None,
        "external_merchant_id": None,
        "external_order_id": "",
        "tax_provider_id": "BasicTaxProvider",
        "customer_locale": shop.country.lower(),
    }


def _totals(cart: Cart, priced: Priced, *, inclusive: bool) -> Json:
    handling, wrapping = priced.handling, priced.wrapping
    list_prices = sum((_list_price(row, inclusive=inclusive) for row in priced.parcels), ZERO)
    return {
        **cost("subtotal", priced.subtotal),
        "base_shipping_cost": text(list_prices),
        **cost("shipping_cost", priced.shipping),
        "shipping_cost_tax_class_id": SHIPPING,
        "base_handling_cost": text(handling.inc if inclusive else handling.ex),
        **cost("handling_cost", handling),
        "handling_cost_tax_class_id": SHIPPING,
        "base_wrapping_cost": text(wrapping.inc if inclusive else wrapping.ex),
        **cost("wrapping_cost", wrapping),
        "wrapping_cost_tax_class_id": WRAPPING,
        **cost("total", priced.grand),
        "discount_amount": text(cart.manual + sum((item.off for item in cart.items), ZERO)),
        "coupon_discount": text(cart.coupon),
        "store_credit_amount": text(cart.credit),
        "gift_certificate_amount": text(cart.certificate),
        "refunded_amount": text(ZERO),
    }


def _payment(cart: Cart) -> Json:
    offline = cart.payment_method in OFFLINE
    return {
        "payment_method": cart.payment_method,
        "payment_provider_id": None if offline else "sandboxpay",
        "payment_status": "pending" if offline else "captured",
    }


def _currency(code: str) -> Json:
    rate = "1.0000000000"
    return {
        "currency_id": 1,
        "currency_code": code,
        "currency_exchange_rate": rate,
        "default_currency_id": 1,
        "default_currency_code": code,
        "store_default_currency_code": code,
        "store_default_to_transactional_exchange_rate": rate,
    }


def _addresses(order_id: int, priced: Priced, products: list[Json], *, inclusive: bool) -> list[Json]:
    rows = []
    for index, row in enumerate(priced.parcels):
        number = address_id(order_id, index)
        items = sum(line["quantity"] for line in products if line["order_address_id"] == number)
        handling = row.handling.inc if inclusive else row.handling.ex
        rows.append(
            {"id": number, "order_id": order_id}
            | row.parcel.to.address()
            | {
                "items_total": items,
                "items_shipped": 0,
                "shipping_method": row.parcel.method,
                "base_cost": text(_list_price(row, inclusive=inclusive)),
                **cost("cost", row.shipping),
                "cost_tax_class_id": SHIPPING,
                "base_handling_cost": text(handling),
                **cost("handling_cost", row.handling),
                "handling_cost_tax_class_id": SHIPPING,
                "shipping_zone_id": 3,
                "shipping_zone_name": row.parcel.to.country,
            }
        )
    return rows


def _list_price(row: PricedParcel, *, inclusive: bool) -> Decimal:
    """Shipping before a shipping discount."""
    if row.parcel.list_price is not None:
        return row.parcel.list_price
    return row.shipping.inc if inclusive else row.shipping.ex


def _pickup(shop: Shop, order_id: int) -> Json:
    return {
        "id": address_id(order_id, 9),
        "pickup_method_id": 1,
        "pickup_method_display_name": "Collect in store",
        "collection_instructions": "Bring your order number",
        "collection_time_description": "9:00 to 18:00",
        "location": {
            "id": 1,
            "name": shop.name,
            "code": "SHOP",
            "address_line_1": "Kade 12",
            "address_line_2": "",
            "city": "Utrecht",
            "state": "",
            "postal_code": "3511 AB",
            "country_alpha2": shop.country,
            "email": f"shop@{shop.domain}",
            "phone": "",
        },
    }


def _coupons(order_id: int, cart: Cart) -> list[Json]:
    """The coupons. `amount` is the coupon's value, `discount` what it reduced; both are numbers here."""
    off = cart.coupon + cart.shipping_off
    if not off:
        return []
    code = None if cart.coupon_type == PROMOTION else cart.code
    coupon = {"id": order_id, "coupon_id": 1, "order_id": order_id, "code": code, "type": cart.coupon_type}
    return [coupon | {"amount": float(off), "discount": float(off)}]


def _fees(order_id: int, priced: Priced, *, inclusive: bool) -> list[Json]:
    rows = []
    for index, row in enumerate(priced.fees):
        amounts = cost("cost", row.cost)
        if row.fee.misspelt:
            amounts["cost_exc_tax"] = amounts.pop("cost_ex_tax")
        rows.append(
            {
                "id": order_id * 10 + index + 1,
                "type": "custom_fee",
                "display_name_customer": row.fee.name,
                "display_name_merchant": row.fee.name,
                "source": "AA",
                "base_cost": text(row.cost.inc if inclusive else row.cost.ex),
                **amounts,
                "tax_class_id": STANDARD,
            }
        )
    return rows


def _transactions(shop: Shop, cart: Cart, priced: Priced, order_id: int, created: datetime) -> list[Json]:
    paid = priced.grand.inc - cart.certificate - cart.credit
    if cart.payment_method in OFFLINE or not paid:
        return []
    return [
        {
            "id": order_id,
            "order_id": str(order_id),
            "event": "purchase",
            "method": "credit_card",
            "amount": float(paid),
            "currency": cart.currency or shop.currency,
            "gateway": "sandboxpay",
            "gateway_transaction_id": f"tr_{shop.store_hash}_{order_id}",
            "status": "ok",
            "test": False,
            "fraud_review": False,
            "reference_transaction_id": None,
            "date_created": created.isoformat(),
            "credit_card": None,
            "gift_certificate": None,
            "store_credit": None,
            "offline": None,
            "custom": None,
            "payment_method_id": cart.payment_method,
        }
    ]
