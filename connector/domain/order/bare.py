"""The order, the draft and the receipt without what tells who the customer is. What is booked stays.

Of a text only what is known to be no person's is kept. So a field that the vendor adds is left out, not forgotten.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from connector.domain.order.model import Address
from connector.domain.order.vat_area import vat_area
from connector.domain.order.vat_number import number_at

MARK: Final = "forgotten"
"""The key of a bare order that says so."""

# Texts of an order, its lines, fees, taxes and refunds that are no person's.
_KEPT = frozenset(
    {
        *("status", "custom_status", "payment_method", "payment_provider_id", "payment_status", "provider_id"),
        *("currency_code", "default_currency_code", "store_default_currency_code", "currency", "order_source"),
        *("external_source", "external_id", "external_order_id", "external_merchant_id", "tax_provider_id", "cart_id"),
        *("key", "kind", "id", "type", "sku", "upc", "brand", "name", "name_customer", "name_merchant"),
        *("wrapping_name", "display_name", "display_name_customer", "display_name_merchant", "source", "class"),
        *("line_item_type", "item_type", "target", "transaction_id", "reference", "journal", "created", "day"),
        *("date_created", "date_modified", "date_shipped", "customer_locale", "fulfillment_source"),
    }
)
# Texts that a person wrote freely. Numbers in them are not kept either.
_FREE = frozenset(
    {
        *("customer_message", "staff_notes", "message", "wrapping_message", "value", "display_value", "event_name"),
        *("reason", "notes", "phone", "declined_message"),
    }
)
_ADDRESSES = frozenset({"address", "billing_address", "shipping_address"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PICKUP = "pickup"  # the address is the shop's own


def bare_order(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order as the ledger keeps it, without the customer: ids, numbers, days, codes and goods stay.

    So do the countries and valid VAT numbers, which decide the VAT. A bare order stays as it is.
    """
    kept = {name: value if name == "details" else _bare(value, name) for name, value in raw.items()}
    return {**kept, MARK: True}


def bare_draft(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft without the texts that a customer wrote, and without further addresses."""
    lines = [{**line, "notes": ""} for line in draft.get("lines", [])]
    return {**draft, **({"remarks": ""} if "remarks" in draft else {}), "lines": lines}


def _bare(value: Any, name: str) -> Any:
    match value:
        case Mapping():
            return bare_address(value) if name in _ADDRESSES else _bare_object(value)
        case list():
            return [_bare(each, name) for each in value]
        case str():
            is_kept = name in _KEPT or (name not in _FREE and _NUMBER.fullmatch(value))
            return value if is_kept else ""
        case _:
            return None if name in _FREE else value


def _bare_object(value: Mapping[str, Any]) -> dict[str, Any]:
    of_shop = value.get("kind") == _PICKUP
    return {name: each if of_shop and name == "address" else _bare(each, name) for name, each in value.items()}


def bare_address(address: Mapping[str, Any]) -> dict[str, Any]:
    """Return an address with its country, the beginning of a postcode where VAT depends on it, and VAT numbers."""
    country, code = str(address.get("country_iso2") or ""), str(address.get("zip") or "")
    kept = {
        "country": address.get("country"),
        "country_iso2": address.get("country_iso2"),
        "zip": _beginning(country, code),
        "form_fields": [each for each in address.get("form_fields") or [] if _is_vat_number(each, country, code)],
    }
    return {name: kept.get(name, "") for name in address}


def _beginning(country: str, code: str) -> str:
    """The fewest letters of a postcode that tell the same VAT area; "" when the country does."""
    area = vat_area(Address(country=country, postcode=code))
    lengths = range(len(code) + 1)
    return next(code[:each] for each in lengths if vat_area(Address(country=country, postcode=code[:each])) == area)


def _is_vat_number(field: Any, country: str, code: str) -> bool:
    if not isinstance(field, Mapping):
        return False
    name, value = str(field.get("name") or ""), str(field.get("value") or "")
    return bool(number_at(Address(country=country, postcode=code, form_fields=((name, value),)), [name]))
