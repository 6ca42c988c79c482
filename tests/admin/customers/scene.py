"""Customers and accounts as a connection has them, row by row, and who looks at them."""

import html
import re
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from connector.models import (
    Connection,
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    CustomerMatch,
    DirectoryAccount,
    StoreCustomer,
)
from tenants.models import Role
from tests.factories import MembershipFactory
from tests.tenants.world import logged_in

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ADDRESS = {
    "street_1": "Lindengracht 1",
    "street_2": "",
    "postcode": "1015 KC",
    "city": "Amsterdam",
    "state": "",
    "country": "NL",
}


def browser_of(connection: Connection, role: Role) -> Client:
    """The browser of a member of the connection's organisation."""
    tenant = connection.store.tenant
    return logged_in(MembershipFactory.create(tenant=tenant, role=role).user, tenant)


def customer(connection: Connection, key: str = "7", **given: Any) -> StoreCustomer:
    """A customer of the store."""
    kept: dict[str, Any] = {
        "email": "ann@bakery.example",
        "first_name": "Ann",
        "last_name": "Baker",
        "company": "Bakery BV",
    }
    kept |= {"phone": "020 1234567", "addresses": [ADDRESS], "modified_at": AT}
    return StoreCustomer.objects.create(store=connection.store, customer_key=key, **kept | given)


def account(connection: Connection, account_id: str = "account-7", **given: Any) -> DirectoryAccount:
    """An account of the division that says the same as `customer`."""
    kept: dict[str, Any] = {"code": "1007", "name": "Bakery BV", "email": "ann@bakery.example", "phone": "020-1234567"}
    kept |= {"address_line1": "Lindengracht 1", "postcode": "1015KC", "city": "Amsterdam", "country": "NL"}
    kept |= {"modified_at": AT, "status": "C", "is_customer": True}
    return DirectoryAccount.objects.create(division=connection.division, account_id=account_id, **kept | given)


def link(connection: Connection, key: str = "7", account_id: str = "account-7", **given: Any) -> CustomerLink:
    """A customer's link to an account, in step."""
    kept: dict[str, Any] = {"name": "Bakery BV", "search_code": f"SHOP-{key}", "account_code": "1007"}
    kept |= {"account_name": "Bakery BV", "matched_by": "vat_number", "score": 95}
    kept |= {"store_base": {"contact": "a"}, "exact_base": {"contact": "a"}}
    ids = {"store": connection.store, "division": connection.division, "customer_key": key, "account_id": account_id}
    return CustomerLink.objects.create(**ids | kept | given)


def linked(connection: Connection, key: str = "7", **theirs: Any) -> CustomerLink:
    """A customer, the account and the link between them; `theirs` are the account's own values."""
    customer(connection, key)
    account(connection, f"account-{key}", **theirs)
    return link(connection, key, f"account-{key}")


def conflict(row: CustomerLink, group: str = "contact") -> CustomerConflict:
    """Details that both sides changed."""
    store, exact = {"email": "ann@new.example"}, {"email": "info@bakery.example"}
    return CustomerConflict.objects.create(link=row, group=group, store_values=store, exact_values=exact)


def match(row: StoreCustomer, connection: Connection, outcome: str = "ambiguous", **given: Any) -> CustomerMatch:
    """What matching a customer came to: two accounts, the first of which is the better one."""
    candidates = [
        {"account_id": "account-a", "code": "2001", "name": "Bakery BV", "score": 80, "reason": "email_and_name"},
        {"account_id": "account-b", "code": "2002", "name": "De Bakery", "score": 60, "reason": "name_and_postcode"},
    ]
    kept = {"candidates": candidates if outcome == "ambiguous" else []}
    return CustomerMatch.objects.create(customer=row, division=connection.division, outcome=outcome, **kept | given)


def event(row: CustomerLink, kind: str, **given: Any) -> CustomerEvent:
    """A line of a customer's history."""
    ids = {"tenant": row.store.tenant, "store": row.store, "division": row.division, "customer_key": row.customer_key}
    return CustomerEvent.objects.create(kind=kind, **{"origin": "webhook"} | ids | given)


def text(answer: Any) -> str:
    """What a page says, on one line."""
    return " ".join(answer.content.decode().split())


def read(answer: Any) -> str:
    """What a person reads on a page: its heading and all after it, without elements."""
    page = text(answer)
    return " ".join(html.unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", page[page.index("<h1") :])).split())
