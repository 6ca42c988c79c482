"""Whose customers are dealt with, and why not."""

import pytest

from connector.flow.customer.runs.scope import Refused, connections_of, require, writes
from tests.factories import ConnectionFactory, StoreFactory, TenantFactory

pytestmark = pytest.mark.django_db


def test_an_unknown_tenant_or_store_is_refused() -> None:
    connection = ConnectionFactory.create()
    with pytest.raises(Refused, match="no tenant 'nobody'"):
        connections_of("nobody", None, carries=True)
    with pytest.raises(Refused, match="no store 'nothing'"):
        connections_of(connection.store.tenant.slug, "nothing", carries=True)


def test_a_store_without_a_connection_is_refused() -> None:
    store = StoreFactory.create()
    with pytest.raises(Refused, match="No store"):
        connections_of(store.tenant.slug, store.store_hash, carries=True)


def test_each_store_has_the_connection_that_posts_else_those_that_are_on() -> None:
    tenant = TenantFactory.create()
    live = ConnectionFactory.create(store__tenant=tenant)
    ConnectionFactory.create(store=live.store, mode="shadow")
    shadow = ConnectionFactory.create(store__tenant=tenant, mode="shadow")
    ConnectionFactory.create(store=shadow.store, mode="off")
    ConnectionFactory.create(store__tenant=tenant, mode="off")
    ConnectionFactory.create()
    assert connections_of(tenant.slug, None, carries=True) == [live, shadow]
    assert connections_of(tenant.slug, shadow.store.store_hash, carries=True) == [shadow]
    assert (writes(live), writes(shadow)) == (True, False)


def test_what_is_off_is_refused_and_neither_way_only_for_what_carries_over() -> None:
    off = ConnectionFactory.create(mode="off")
    with pytest.raises(Refused, match="switched off"):
        connections_of(off.store.tenant.slug, off.store.store_hash, carries=False)
    neither = ConnectionFactory.create(customer_direction="none")
    with pytest.raises(Refused, match="neither to Exact nor"):
        connections_of(neither.store.tenant.slug, None, carries=True)
    with pytest.raises(Refused, match="neither to Exact nor"):
        require(neither)
    assert connections_of(neither.store.tenant.slug, None, carries=False) == [neither]
