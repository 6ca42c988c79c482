"""Rows by factory-boy, for tests that need a row and say little of it. What matters to a test, it gives by name.

Scenes of the whole way are Acme's (`tests/acme.py`): provisioned against the sandbox.
"""

from datetime import date
from typing import Any

from factory.declarations import LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from connector.flow.clock import database_now
from connector.models import (
    Alert,
    Connection,
    CustomerLink,
    CustomerRun,
    Delivery,
    DirectoryAccount,
    Division,
    ExactGrant,
    MasterData,
    OrderSync,
    Store,
    StoreCustomer,
    SyncEvent,
)
from tenants.models import Membership, Role, Tenant, User


class TenantFactory(DjangoModelFactory[Tenant]):
    """An organisation."""

    class Meta:
        model = Tenant

    slug = Sequence("organisation-{}".format)
    name = Sequence("Organisation {}".format)


class UserFactory(DjangoModelFactory[User]):
    """A person who belongs nowhere; a password only where one is given."""

    class Meta:
        model = User

    email = Sequence("person-{}@people.example".format)

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person of an organisation, its owner unless another role is given."""

    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    tenant = SubFactory(TenantFactory)
    role = Role.OWNER


class StoreFactory(DjangoModelFactory[Store]):
    """A store that nothing is connected to."""

    class Meta:
        model = Store

    tenant = SubFactory(TenantFactory)
    name = "Shop"
    store_hash = Sequence("shop{}".format)
    prefix = Sequence("SHOP{}".format)
    client_id = "id"


class ExactGrantFactory(DjangoModelFactory[ExactGrant]):
    """A consent in the Netherlands, without tokens."""

    class Meta:
        model = ExactGrant

    tenant = SubFactory(TenantFactory)
    name = Sequence("Consent {}".format)
    region = "nl"
    client_id = "id"


class DivisionFactory(DjangoModelFactory[Division]):
    """A division without master data."""

    class Meta:
        model = Division

    grant = SubFactory(ExactGrantFactory)
    region = SelfAttribute("grant.region")
    code = Sequence(lambda number: 500_000 + number)


class MasterDataFactory(DjangoModelFactory[MasterData]):
    """A row of a division's master data, a GL account unless another kind is given."""

    class Meta:
        model = MasterData

    division = SubFactory(DivisionFactory)
    kind = MasterData.Kind.GL_ACCOUNT
    code = Sequence("{}".format)


class ConnectionFactory(DjangoModelFactory[Connection]):
    """A store connected with a division of the same organisation, live."""

    class Meta:
        model = Connection

    store = SubFactory(StoreFactory)
    division = SubFactory(DivisionFactory, grant__tenant=SelfAttribute("...store.tenant"))
    mode = "live"
    journal = "70"
    start_date = date(2026, 1, 1)


class StoreCustomerFactory(DjangoModelFactory[StoreCustomer]):
    """A customer of a store: a person with a name and an e-mail address."""

    class Meta:
        model = StoreCustomer

    store = SubFactory(StoreFactory)
    customer_key = Sequence(lambda number: str(700_000 + number))
    first_name = "Noor"
    last_name = Sequence("Customer{}".format)
    email = Sequence("noor-{}@customers.example".format)


class DirectoryAccountFactory(DjangoModelFactory[DirectoryAccount]):
    """An account of a division that takes documents, as it was last read."""

    class Meta:
        model = DirectoryAccount

    division = SubFactory(DivisionFactory)
    account_id = Sequence("00000000-0000-4000-8000-{:012d}".format)
    code = Sequence(lambda number: str(800_000 + number))
    name = Sequence("Account {}".format)
    is_customer = True
    status = "C"


class CustomerLinkFactory(DjangoModelFactory[CustomerLink]):
    """A customer with an account, linked by its SearchCode."""

    class Meta:
        model = CustomerLink

    store = SubFactory(StoreFactory)
    division = SubFactory(DivisionFactory, grant__tenant=SelfAttribute("...store.tenant"))
    customer_key = Sequence(lambda number: str(700_000 + number))
    search_code = SelfAttribute("customer_key")
    account_id = Sequence("00000000-0000-4000-8000-{:012d}".format)
    matched_by = "search code"


class CustomerRunFactory(DjangoModelFactory[CustomerRun]):
    """A pull that is due."""

    class Meta:
        model = CustomerRun

    connection = SubFactory(ConnectionFactory)
    tenant = SelfAttribute("connection.store.tenant")
    what = "pull"
    due_at = LazyFunction(database_now)


class OrderSyncFactory(DjangoModelFactory[OrderSync]):
    """An invoice that is prepared, or another document; `held`, `posted`: with what such a row must have."""

    class Meta:
        model = OrderSync

    class Params:
        held = Trait(state="blocked", reason="mapping")
        posted = Trait(state="posted", exact_id=Sequence("exact-id-{}".format))

    connection = SubFactory(ConnectionFactory)
    division = SelfAttribute("connection.division")
    order_id = Sequence(lambda number: 500_000 + number)
    state = "preparing"


class SyncEventFactory(DjangoModelFactory[SyncEvent]):
    """A line of a document's history."""

    class Meta:
        model = SyncEvent

    document = SubFactory(OrderSyncFactory)
    tenant = SelfAttribute("document.connection.store.tenant")
    kind = "call"
    text = "Something happened."


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A delivery that was taken and not read yet."""

    class Meta:
        model = Delivery

    store = SubFactory(StoreFactory)
    webhook_id = Sequence("message-{}".format)
    scope = "store/order/created"
    proof = "secret"
    signature = "absent"
    order_id = Sequence(lambda number: 500_000 + number)


class AlertFactory(DjangoModelFactory[Alert]):
    """An open alert."""

    class Meta:
        model = Alert

    tenant = SubFactory(TenantFactory)
    cause = Sequence("cause:{}".format)
    text = "Something needs a person."
