"""The customers of a fake store: what shoppers and the merchant do to them, and the events that this raises.

Known: an event names the customer's or the address's id only; a change of an address is an event of the address, and
none of the customer. Assumed: `date_modified` of the customer stays as it is when an address or its fields change.
"""

from __future__ import annotations

from abc import ABC
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any

from connector.sandbox.catalogue.people import COUNTRIES

Json = dict[str, Any]
CUSTOMER_EVENT, ADDRESS_EVENT = "store/customer/", "store/customer/address/"
CUSTOMER_TEXTS = {"email": 255, "first_name": 100, "last_name": 100, "company": 255, "phone": 50}
OTHER_FIELDS = ("notes", "tax_exempt_category", "customer_group_id", "channel_ids")
ADDRESS_TEXTS = {
    "first_name": 255,
    "last_name": 255,
    "company": 255,
    "address1": 255,
    "address2": 255,
    "city": 100,
    "state_or_province": 100,
    "postal_code": 30,
    "country_code": 2,
    "phone": 50,
    "address_type": 20,
}


@dataclass(frozen=True, slots=True)
class News:
    """An event of a customer that no hook has been sent yet. `address_id` is 0 for the customer itself."""

    scope: str
    customer_id: int
    address_id: int = 0


class Customers(ABC):
    """The customers' side of a store. Methods raise KeyError for an unknown customer, address or field."""

    lock: RLock
    now: Callable[[], datetime]
    customers: dict[int, Json]
    addresses: dict[int, Json]
    form_fields: dict[int, dict[str, Any]]
    news: list[News]
    last_customer: int
    last_address: int

    def add_customer(
        self,
        *,
        addresses: Iterable[Mapping[str, Any]] = (),
        form_fields: Mapping[str, Any] | None = None,
        **fields: object,
    ) -> Json:
        """A shopper registers. Left out fields are empty; the id is the next one."""
        with self.lock:
            self.last_customer = number = self.last_customer + 1
            at = self._stamp()
            row = blank_customer(number) | {"date_created": at, "date_modified": at}
            self.customers[number] = row | known(fields, row)
            self.form_fields[number] = dict(form_fields or {})
            self._tell("created", number)
            for address in addresses:
                self.add_address(number, **address)
            return self.customers[number]

    def change_customer(
        self, customer_id: int, *, form_fields: Mapping[str, Any] | None = None, **fields: object
    ) -> Json:
        """Change fields and form fields of a customer: `date_modified` becomes now."""
        with self.lock:
            row = self.customers[customer_id]
            row |= known(fields, row)
            self.form_fields.setdefault(customer_id, {}).update(form_fields or {})
            row["date_modified"] = self._stamp()
            self._tell("updated", customer_id)
            return row

    def delete_customer(self, customer_id: int) -> None:
        """Delete a customer with its addresses. The orders stay."""
        with self.lock:
            del self.customers[customer_id]
            self.form_fields.pop(customer_id, None)
            self.addresses = {
                number: row for number, row in self.addresses.items() if row["customer_id"] != customer_id
            }
            self._tell("deleted", customer_id)

    def add_address(self, customer_id: int, *, form_fields: Mapping[str, Any] | None = None, **fields: object) -> Json:
        """Add an address to the customer's book."""
        with self.lock:
            customer = self.customers[customer_id]
            self.last_address = number = self.last_address + 1
            row: Json = {name: "" for name in ADDRESS_TEXTS} | {"address_type": "residential", "country": ""}
            row |= {"id": number, "customer_id": customer_id, "form_fields": dict(form_fields or {})}
            self.addresses[number] = _named(row | known(fields, row))
            customer["address_count"] += 1
            self._tell_of(self.addresses[number], "created")
            return self.addresses[number]

    def change_address(
        self, address_id: int, *, form_fields: Mapping[str, Any] | None = None, **fields: object
    ) -> Json:
        """Change fields and form fields of an address."""
        with self.lock:
            row = self.addresses[address_id]
            row |= known(fields, row)
            row["form_fields"] = row["form_fields"] | (form_fields or {})
            self._tell_of(_named(row), "updated")
            return row

    def delete_address(self, address_id: int) -> None:
        """Take an address out of the customer's book."""
        with self.lock:
            row = self.addresses.pop(address_id)
            self.customers[row["customer_id"]]["address_count"] -= 1
            self._tell_of(row, "deleted")

    def books(self) -> dict[int, list[Json]]:
        """The addresses of each customer, the oldest first."""
        found = defaultdict[int, list[Json]](list)
        for row in self.addresses.values():
            found[row["customer_id"]].append(row)
        return found

    def take_news(self) -> list[News]:
        """The events since the last time, the oldest first. Nobody gets them again."""
        with self.lock:
            news, self.news = self.news, []
            return news

    def met(self, customer: Json, billing: Mapping[str, Any]) -> None:
        """A customer of a catalogue's order is known from now on, with the order's billing address. It is no event."""
        if customer["id"] in self.customers:
            return
        self.customers[customer["id"]] = customer | {"address_count": 0}
        self.last_customer = max(self.last_customer, customer["id"])
        news = list(self.news)
        self.add_address(
            customer["id"],
            address1=billing["street_1"],
            address2=billing["street_2"],
            postal_code=billing["zip"],
            state_or_province=billing["state"],
            country_code=billing["country_iso2"],
            form_fields={field["name"]: field["value"] for field in billing["form_fields"]},
            **{name: billing[name] for name in ("first_name", "last_name", "company", "city", "phone")},
        )
        self.news = news

    def _stamp(self) -> str:
        return f"{self.now():%Y-%m-%dT%H:%M:%SZ}"

    def _tell(self, what: str, customer_id: int) -> None:
        self.news.append(News(CUSTOMER_EVENT + what, customer_id))

    def _tell_of(self, address: Json, what: str) -> None:
        self.news.append(News(ADDRESS_EVENT + what, address["customer_id"], address["id"]))


def known(fields: Mapping[str, Any], row: Mapping[str, Any]) -> Json:
    """The fields as they are. Raises KeyError for one that the row does not have."""
    if unknown := set(fields) - set(row):
        raise KeyError(f"There is no {', '.join(sorted(unknown))}.")
    return dict(fields)


def blank_customer(number: int) -> Json:
    """A V3 customer without anything."""
    return {
        "id": number,
        **dict.fromkeys(CUSTOMER_TEXTS, ""),
        "notes": "",
        "tax_exempt_category": "",
        "customer_group_id": 0,
        "date_created": "",
        "date_modified": "",
        "registration_ip_address": "",
        "authentication": {"force_password_reset": False},
        "store_credit_amounts": [{"amount": 0}],
        "accepts_product_review_abandoned_cart_emails": False,
        "origin_channel_id": 1,
        "channel_ids": None,
        "address_count": 0,
    }


def _named(address: Json) -> Json:
    """The address with the country's name beside its code."""
    address["country"] = COUNTRIES.get(address["country_code"], "")
    return address
