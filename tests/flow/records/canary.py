"""A customer whose name, addresses and numbers stand nowhere else, in every place where one of them may stand."""

import json
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from connector.flow.actions import months
from connector.flow.clock import database_now
from connector.flow.monitor import held
from connector.models import (
    BackfillDocument,
    BackfillOrder,
    BackfillRun,
    BulkRun,
    Connection,
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    CustomerMatch,
    Delivery,
    DirectoryAccount,
    Discrepancy,
    FitOrder,
    FitRun,
    OrderSync,
    ReconciliationRun,
    ShadowDocument,
    ShadowRun,
    StoreCustomer,
)
from connector.sandbox.bigcommerce.state import Store
from tests.acme import STORE, Acme
from tests.factories import DeliveryFactory
from tests.flow.by_hand import again

ORDER, KEY = 1001, "201"
FIRST, LAST, STREET, CITY = "Zebulon", "Quaxwyth", "Ptarmiganlaan 7331", "Xyloburg"
NAME, EMAIL, PHONE, ZIP = f"{FIRST} {LAST}", "zeb.quaxwyth@kwikmail.example", "+31 6 98127344", "9731 QX"
MESSAGE = "Engrave it with Klaproosje"
CANARIES: Final = (FIRST, LAST, "Ptarmigan", CITY, EMAIL, "98127344", ZIP, "Klaproosje")
ADDRESS = {
    "first_name": FIRST, "last_name": LAST, "company": "", "street_1": STREET, "street_2": "", "city": CITY,
    "zip": ZIP, "phone": PHONE, "email": EMAIL,
}  # fmt: skip
CREATE_ACCOUNT = "*crm/Accounts"


def live(acme: Acme, *, customer_id: int | None = None) -> OrderSync:
    """Order 1001 is this customer's: held, with an alert; posted again; refunded; read again."""
    Connection.objects.update(refunds="credit")
    rewrite(acme, ORDER, customer_id)
    fault = f"400:The name {NAME} of {STREET} is not allowed"
    acme.sandbox.exact.faults.add(fault, "POST", CREATE_ACCOUNT)
    acme.ring(ORDER)
    acme.drain()
    document = acme.document(ORDER)
    assert document.state == "blocked"
    assert NAME in document.message
    held.look_after()
    again(acme, document)
    shop(acme).refund(ORDER, whole=Decimal("2.50"))
    acme.ring(ORDER, "store/order/refund/created")
    acme.settle()
    assert {row.state for row in OrderSync.objects.filter(order_id=ORDER)} == {"posted"}
    return acme.document(ORDER)


def rewrite(acme: Acme, order_id: int, customer_id: int | None = None) -> None:
    """Let an order of the store be this customer's."""
    record = shop(acme).orders[order_id]
    for name in (each.name for each in fields(record)):
        _rewrite(getattr(record, name))
    record.order["customer_message"] = MESSAGE
    if customer_id is not None:
        record.order["customer_id"] = customer_id
    for product in record.products:
        product["product_options"] = [{"display_name": "Text", "display_value": "Klaproosje", "value": "Klaproosje"}]


def scatter(acme: Acme) -> None:
    """Put the customer where no order of this one brings one: the copies, the history, runs, people's reasons."""
    connection, tenant = acme.connection, acme.store.tenant
    division, link = connection.division, CustomerLink.objects.get(customer_key=KEY)
    customer = StoreCustomer.objects.create(
        store=acme.store, customer_key=KEY, email=EMAIL, first_name=FIRST, last_name=LAST, phone=PHONE,
        addresses=[{"id": 1, "street_1": STREET, "city": CITY, "postcode": ZIP}],
    )  # fmt: skip
    DirectoryAccount.objects.filter(account_id=link.account_id).update(
        name_key=f"{LAST} {FIRST}".lower(), phone=PHONE, address_line1=STREET, city=CITY, postcode=ZIP
    )
    CustomerMatch.objects.create(customer=customer, division=division, outcome="ambiguous", candidates=[{"name": NAME}])
    CustomerConflict.objects.create(link=link, group="contact", store_values={"email": EMAIL}, exact_values={})
    CustomerEvent.objects.create(
        tenant=tenant, store=acme.store, division=division, customer_key=KEY, kind="to_exact", origin="order",
        before={"email": EMAIL}, after={"email": f"x{EMAIL}"},
    )  # fmt: skip
    DeliveryFactory.create(store=acme.store, order_id=None, customer_id=int(KEY), body=f'{{"email": "{EMAIL}"}}')
    Delivery.objects.filter(order_id=ORDER).update(processed_at=database_now())
    months.close(connection, date(2026, 9, 1), None, f"{NAME} still has to pay")
    _runs(acme)


def _runs(acme: Acme) -> None:
    connection, tenant = acme.connection, acme.store.tenant
    account = CustomerLink.objects.get(customer_key=KEY).account_id
    a_day, done = date(2026, 9, 1), {"state": "finished"}
    of_connection: dict[str, Any] = {"tenant": tenant, "connection": connection}
    backfill = BackfillRun.objects.create(**of_connection, since=a_day, until=a_day, expected=1, **done)
    BackfillOrder.objects.create(run=backfill, order_id=ORDER, marks=[f"name:{LAST} {FIRST}", f"email:{EMAIL}"])
    read = {"is_entry": False, "account": account, "account_name": NAME, "description": f"for {LAST}"}
    BackfillDocument.objects.create(run=backfill, exact_id="a", **read)
    shadow = ShadowRun.objects.create(**of_connection, since=a_day, state="done")
    ShadowDocument.objects.create(run=shadow, exact_id="a", **read)
    fit = FitRun.objects.create(**of_connection, days=1, most=1, state="done")
    FitOrder.objects.create(run=fit, order_id=ORDER, order_data=acme.document(ORDER).order_data)
    run = ReconciliationRun.objects.create(
        **of_connection, division=connection.division, first=a_day, last=a_day, zone="UTC", **done
    )
    Discrepancy.objects.create(
        run=run, kind="account", expected=f"12 {NAME}", found="13", remedy="none", order_id=ORDER
    )
    BulkRun.objects.create(tenant=tenant, reason=f"{NAME} called", causes=[{"text": EMAIL}], state="done")


def found() -> list[str]:
    """Where the customer still stands: `Table.column value`."""
    places = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, default=str).lower()
                places += [f"{model.__name__}.{name} {each}" for each in CANARIES if each.lower() in text]
    return sorted(set(places))


def rows_of_others(order_id: int) -> list[Any]:
    """Every column of the documents of an order, of their lines and deliveries, and of other customers' links."""
    documents = OrderSync.objects.filter(order_id=order_id).order_by("pk")
    return [
        list(documents.values()),
        [list(document.events.order_by("pk").values()) for document in documents],
        list(Delivery.objects.filter(order_id=order_id).order_by("pk").values()),
        list(CustomerLink.objects.exclude(customer_key=KEY).order_by("pk").values()),
        list(DirectoryAccount.objects.exclude(account_id=_account()).order_by("pk").values()),
    ]


def placed(acme: Acme, order_id: int) -> datetime:
    """When an order of the store was placed."""
    return parsedate_to_datetime(str(acme.order(order_id)["date_created"]))


def shop(acme: Acme) -> Store:
    """The fake store."""
    return acme.sandbox.stores.store(STORE)


def _account() -> str:
    return CustomerLink.objects.get(customer_key=KEY).account_id


def _rewrite(value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _rewrite(each)
    elif isinstance(value, dict):
        if "street_1" in value:
            value.update({name: text for name, text in ADDRESS.items() if name in value})
        for each in value.values():
            _rewrite(each)
