"""Tests the store's side of a connection with about ten calls, which change nothing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.bigcommerce import customers
from connector.clients.bigcommerce.client import BigCommerceClient, Hook, StoreInfo
from connector.clients.errors import Forbidden, NotFound, OutcomeUnknown, Rejected
from connector.flow.inbox import webhooks
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test.findings import STORE_SIDE, Finding, compare_clocks, named_elsewhere
from connector.models import OrderSync, Store
from connector.models.credentials import Health

INFORMATION = "store_v2_information_read_only"
ORDERS = "store_v2_orders_read_only"
TRANSACTIONS = "store_v2_transactions_read_only"
CUSTOMERS = "store_v2_customers_read_only"
CUSTOMERS_MODIFY = "store_v2_customers (modify)"
PRODUCTS = "store_v2_products_read_only"
INFORMATION_FOR = gettext_lazy("reads the store's name, currency and clock")


def steps(store: Store, clients: LaneClients, *, needs_products: bool, changes_customers: bool) -> Iterator[Finding]:
    """Test one store. Raises ClientError when nothing more can be tested.

    `needs_products`: a rule in force asks for a category or brand, which only the catalogue has.
    `changes_customers`: the connection lets details of customers go to the store.
    """
    client = clients.store(store)
    known = client.hooks(named_elsewhere)  # this call needs no scope: a refusal is about the token
    yield _token(store)
    try:
        off = datetime.now(UTC) - client.time()
        info = client.store()
    except Forbidden:
        yield missing(INFORMATION, str(INFORMATION_FOR))
    else:
        yield present(INFORMATION, str(INFORMATION_FOR))
        yield compare_clocks(STORE_SIDE, off)
        yield from _facts(store, info)
    order = OrderSync.objects.filter(connection__store=store).order_by("-id").values_list("order_id", flat=True).first()
    yield from scopes(client, order or 1, needs_products=needs_products)
    if changes_customers:
        yield _tried(CUSTOMERS_MODIFY, _("writes to customers what changed in Exact"), lambda: _change_none(client))
    yield from _hooks(store, known)


def _token(store: Store) -> Finding:
    if store.state != Health.RECONNECT:
        return Finding(STORE_SIDE, _("token"), True, _("BigCommerce takes the access token."))
    return Finding(
        STORE_SIDE,
        _("token"),
        False,
        _("BigCommerce takes the access token, but after an earlier refusal nothing is read from this store."),
        _("An owner enters the credentials again. The orders then go on."),
        "store",
    )


def _facts(store: Store, info: StoreInfo) -> Iterator[Finding]:
    yield Finding(STORE_SIDE, _("store"), True, _("The store is %(name)s.") % {"name": info.name})
    text = _("The store's currency is %(currency)s") % {"currency": info.currency}
    yield _same(_("currency"), text, store.currency, info.currency)
    known = None if store.prices_include_tax is None else _basis(store.prices_include_tax)
    basis = _basis(info.prices_include_tax)
    yield _same(_("price basis"), _("Prices are entered %(basis)s") % {"basis": basis}, known, basis)
    text = _("The plan is %(plan)s; %(limit)s.") % {"plan": info.plan or _("not known"), "limit": _limit(store)}
    yield Finding(STORE_SIDE, _("plan"), True, text)


def _same(name: str, text: str, known: str | None, now: str) -> Finding:
    if not known or known == now:
        return Finding(STORE_SIDE, name, True, f"{text}.")
    return Finding(
        STORE_SIDE,
        name,
        False,
        _("%(text)s; at the set-up here it was %(known)s.") % {"text": text, "known": known},
        _("Provision the store again to take this over, and check that the VAT rules still fit."),
        "vat_rules",
    )


def _basis(included: bool) -> str:
    return _("including tax") if included else _("excluding tax")


def _limit(store: Store) -> str:
    """Return the store's limit: calls in 30 seconds, shared by all apps of the store (API rate limits)."""
    store.refresh_from_db(fields=["calls_left", "calls_limit"])
    if store.calls_limit is None:
        return _("the limit of calls is not known")
    text = _("%(limit)s calls are allowed in 30 s, shared by all apps of the store, %(left)s are left")
    return text % {"limit": store.calls_limit, "left": store.calls_left}


def scopes(client: BigCommerceClient, number: int, *, needs_products: bool) -> Iterator[Finding]:
    """Try each right on a small record, some on the order `number`.

    We assume that the answer "not found" means that the right is present. Raises ClientError.
    """
    yield _tried(ORDERS, _("reads the orders"), lambda: client.coupons(number))
    yield _tried(TRANSACTIONS, _("reads how orders were paid"), lambda: client.transactions(number))
    yield _tried(CUSTOMERS, _("reads customers and their groups"), lambda: client.customer_group(1, named_elsewhere))
    purpose = _("reads categories and brands for rules")
    found = _tried(PRODUCTS, purpose, lambda: client.product_categories([1], named_elsewhere))
    if found.ok or needs_products:
        yield found
    else:
        text = _("The scope %(scope)s is missing. No rule needs it.") % {"scope": PRODUCTS}
        todo = _("Nothing to do. Add the scope before a rule asks for a category or brand.")
        yield Finding(STORE_SIDE, PRODUCTS, None, text, todo, "store")


def _change_none(client: BigCommerceClient) -> None:
    """Raise Forbidden when customers cannot be changed. Every other answer to an empty list says that they can."""
    with suppress(Rejected, OutcomeUnknown):
        customers.change_none(client)


def _tried(scope: str, purpose: str, read: Callable[[], object]) -> Finding:
    try:
        read()
    except NotFound:
        return present(scope, purpose)
    except Forbidden:
        return missing(scope, purpose)
    return present(scope, purpose)


def present(scope: str, purpose: str) -> Finding:
    """Return the finding of a scope that the API account has. `purpose` completes "the connector …"."""
    text = _("The scope %(scope)s is present. With it the connector %(purpose)s.")
    return Finding(STORE_SIDE, scope, True, text % {"scope": scope, "purpose": purpose})


def missing(scope: str, purpose: str) -> Finding:
    """Return the finding of a scope that the API account lacks. `purpose` completes "the connector …"."""
    return Finding(
        STORE_SIDE,
        scope,
        False,
        _("The scope %(scope)s is missing. With it the connector %(purpose)s.") % {"scope": scope, "purpose": purpose},
        _(
            "Make an API account that has this scope too in the store's control panel (Settings, Store-level API "
            "accounts), and enter its credentials here."
        ),
        "store",
    )


def _hooks(store: Store, known: list[Hook]) -> Iterator[Finding]:
    if not webhooks.possible():
        yield Finding(
            STORE_SIDE,
            _("hooks"),
            False,
            _("PUBLIC_URL is not a public https address, so BigCommerce cannot report new orders."),
            _("The person who runs the connector sets PUBLIC_URL. Then repair the hooks."),
            "store",
        )
        return
    for scope, found in webhooks.find_ours(store, known).items():
        wrong = webhooks.describe_fault(store, found[0] if found else None)
        name = _("hook %(scope)s") % {"scope": scope}
        if wrong:
            text = _("The hook %(scope)s %(problem)s.") % {"scope": scope, "problem": wrong}
            yield Finding(STORE_SIDE, name, False, text, _("Repair the hooks of this connection."), "connection")
        else:
            yield Finding(STORE_SIDE, name, True, _("The hook %(scope)s is active and ours.") % {"scope": scope})
