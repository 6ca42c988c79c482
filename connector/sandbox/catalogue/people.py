"""Shoppers and their addresses. Names are invented, e-mail addresses are in example domains."""

from dataclasses import dataclass, replace
from typing import Any

COUNTRIES = {
    "NL": "Netherlands",
    "DE": "Germany",
    "FR": "France",
    "BE": "Belgium",
    "LU": "Luxembourg",
    "CH": "Switzerland",
    "GB": "United Kingdom",
    "US": "United States",
    "CA": "Canada",
    "JP": "Japan",
    "ES": "Spain",
    "FI": "Finland",
    "GR": "Greece",
}


FRIENDS, TRADE = 1, 2
GROUPS = {FRIENDS: "Friends", TRADE: "Trade"}


def customer_group(number: int) -> dict[str, Any]:
    """The V2 customer group."""
    return {
        "id": number,
        "name": GROUPS[number],
        "is_default": False,
        "category_access": {"type": "all"},
        "discount_rules": [],
        "is_group_for_guests": False,
        "date_created": "Mon, 03 Nov 2025 09:00:00 +0000",
        "date_modified": "Mon, 03 Nov 2025 09:00:00 +0000",
    }


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper at an address; `number` is the store's customer id, 0 for a guest."""

    number: int
    first_name: str
    last_name: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    state: str = ""
    company: str = ""
    vat_number: str = ""
    street_2: str = ""

    def at(self, street: str, postcode: str, city: str) -> "Person":
        """The same shopper at another address of the same country."""
        return replace(self, street=street, postcode=postcode, city=city)

    def as_guest(self) -> "Person":
        return replace(self, number=0)

    def address(self) -> dict[str, Any]:
        """A V2 order address. A VAT number is in the store's own checkout field."""
        fields = [{"name": "VAT number", "value": self.vat_number}] if self.vat_number else []
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "street_1": self.street,
            "street_2": self.street_2,
            "city": self.city,
            "state": self.state,
            "zip": self.postcode,
            "country": COUNTRIES[self.country],
            "country_iso2": self.country,
            "phone": "+31 20 555 0100" if self.country == "NL" else "+1 555 0100",
            "email": self.email,
            "form_fields": fields,
        }

    def customer(self) -> dict[str, Any]:
        """The V3 customer."""
        return {
            "id": self.number,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "phone": "",
            "notes": "",
            "tax_exempt_category": "",
            "customer_group_id": TRADE if self.company else 0,
            "date_created": "2025-11-03T09:00:00Z",
            "date_modified": "2025-11-03T09:00:00Z",
            "registration_ip_address": "",
            "authentication": {"force_password_reset": False},
            "store_credit_amounts": [{"amount": 0}],
            "accepts_product_review_abandoned_cart_emails": False,
            "origin_channel_id": 1,
            "channel_ids": None,
            "address_count": 1,
        }
