"""Is the store as the connection needs it? Some ten calls, all of them reads."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from connector.clients.bigcommerce.client import BigCommerceClient, Hook, StoreInfo
from connector.clients.errors import Forbidden, NotFound
from connector.flow.inbox import webhooks
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test.findings import STORE_SIDE, Finding, clock
from connector.models import OrderSync, Store
from connector.models.credentials import Health

INFORMATION = "store_v2_information_read_only"
ORDERS = "store_v2_orders_read_only"
TRANSACTIONS = "store_v2_transactions_read_only"
CUSTOMERS = "store_v2_customers_read_only"
PRODUCTS = "store_v2_products_read_only"


def steps(store: Store, clients: LaneClients, *, needs_products: bool) -> Iterator[Finding]:
    """Test one store. Raises the client's errors where going on makes no sense.

    `needs_products`: a rule in force asks for a category or brand, which only the catalogue tells.
    """
    client = clients.store(store)
    known = client.hooks()  # the list of hooks needs no scope, so only a dead token refuses it
    yield _token(store)
    try:
        off = datetime.now(UTC) - client.time()
        info = client.store()
    except Forbidden:
        yield _missing(INFORMATION, "reads the store's name, currency and clock")
    else:
        yield _present(INFORMATION)
        yield clock(STORE_SIDE, off)
        yield from _facts(store, info)
    yield from _scopes(store, client, needs_products)
    yield from _hooks(store, known)


def _token(store: Store) -> Finding:
    if store.state != Health.RECONNECT:
        return Finding(STORE_SIDE, "token", True, "BigCommerce takes the access token.")
    return Finding(
        STORE_SIDE,
        "token",
        False,
        "BigCommerce takes the access token, but after an earlier refusal nothing is read from this store.",
        "An owner enters the credentials once more, and its orders go on.",
        "store",
    )


def _facts(store: Store, info: StoreInfo) -> Iterator[Finding]:
    yield Finding(STORE_SIDE, "store", True, f"The store is {info.name}.")
    yield _same("currency", f"The store's currency is {info.currency}", store.currency, info.currency)
    known = None if store.prices_include_tax is None else _basis(store.prices_include_tax)
    basis = _basis(info.prices_include_tax)
    yield _same("price basis", f"Prices are entered {basis}", known, basis)
    yield Finding(STORE_SIDE, "plan", True, f"The plan is {info.plan or 'not told'}; {_limit(store)}.")


def _same(name: str, text: str, known: str | None, now: str) -> Finding:
    if not known or known == now:
        return Finding(STORE_SIDE, name, True, f"{text}.")
    return Finding(
        STORE_SIDE,
        name,
        False,
        f"{text}; when it was set up here it was {known}.",
        "Provision the store again so that this is taken over, and look whether the VAT rules still fit.",
        "vat_rules",
    )


def _basis(included: bool) -> str:
    return "including tax" if included else "excluding tax"


def _limit(store: Store) -> str:
    """The quota counts in windows of 30 seconds and is shared by all apps of the store (API rate limits)."""
    store.refresh_from_db(fields=["calls_left", "calls_limit"])
    if store.calls_limit is None:
        return "no limit of calls was told"
    left = f"{store.calls_left} are left"
    return f"{store.calls_limit} calls are allowed in 30 s, shared by all apps of the store, {left}"


def _scopes(store: Store, client: BigCommerceClient, needs_products: bool) -> Iterator[Finding]:
    """Try each right on something small. A record that is not there was looked for, so the right is (assumed)."""
    order = OrderSync.objects.filter(connection__store=store).order_by("-id").values_list("order_id", flat=True).first()
    number = order or 1
    yield _tried(ORDERS, "reads the orders", lambda: client.coupons(number))
    yield _tried(TRANSACTIONS, "reads how orders were paid", lambda: client.transactions(number))
    yield _tried(CUSTOMERS, "reads customers and their groups", lambda: client.customer_group(1))
    found = _tried(PRODUCTS, "reads categories and brands for rules", lambda: client.product_categories([1]))
    if found.ok or needs_products:
        yield found
    else:
        todo = "Nothing to do, unless a rule is to ask for a category or brand: then add the scope."
        yield Finding(STORE_SIDE, PRODUCTS, None, f"The scope {PRODUCTS} is missing; no rule needs it.", todo, "store")


def _tried(scope: str, purpose: str, read: Callable[[], object]) -> Finding:
    try:
        read()
    except NotFound:
        return _present(scope)
    except Forbidden:
        return _missing(scope, purpose)
    return _present(scope)


def _present(scope: str) -> Finding:
    return Finding(STORE_SIDE, scope, True, f"The scope {scope} is there.")


def _missing(scope: str, purpose: str) -> Finding:
    return Finding(
        STORE_SIDE,
        scope,
        False,
        f"The scope {scope} is missing; with it the connector {purpose}.",
        "Make an API account with this scope too in the store's control panel (Settings, Store-level API accounts), "
        "and enter its credentials here.",
        "store",
    )


def _hooks(store: Store, known: list[Hook]) -> Iterator[Finding]:
    if not webhooks.possible():
        yield Finding(
            STORE_SIDE,
            "hooks",
            False,
            "PUBLIC_URL is not a public https address, so BigCommerce cannot tell of new orders.",
            "Whoever runs the connector sets PUBLIC_URL; then repair the hooks.",
            "store",
        )
        return
    for scope, found in webhooks.ours(store, known).items():
        wrong = webhooks.wrong(store, found[0] if found else None)
        todo = "Repair the hooks of this connection."
        if wrong:
            yield Finding(STORE_SIDE, f"hook {scope}", False, f"The hook {scope} {wrong}.", todo, "connection")
        else:
            yield Finding(STORE_SIDE, f"hook {scope}", True, f"The hook {scope} is active and ours.")
