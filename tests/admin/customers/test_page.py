"""The page of one customer: both sides, what differs, who decides, why it is linked, and what happened."""

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Connection, CustomerLink
from tenants.models import Role
from tests.admin.customers import scene
from tests.admin.customers.scene import text
from tests.factories import ConnectionFactory, OrderSyncFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def viewer(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.VIEWER)


def address(row: CustomerLink) -> str:
    return reverse("admin:connector_customerlink_change", args=[row.pk])


def test_both_sides_stand_beside_each_other(connection: Connection, viewer: Client) -> None:
    page = text(viewer.get(address(scene.linked(connection))))
    assert 'data-state="in_step"' in page
    assert "data-differs" not in page
    for part in ("Lindengracht 1", "1015 KC", "1015KC", "Bakery BV", "customer 7", "1007"):
        assert part in page
    assert page.count("2 Nov 2026, 10:30") == 2  # when each side changed
    assert "Decides: The shop" in page
    assert "The VAT number is the same. Sure to 95 of 100." in page


def test_what_differs_is_said_in_words(connection: Connection, viewer: Client) -> None:
    page = text(viewer.get(address(scene.linked(connection, email="other@bakery.example", city="Utrecht"))))
    assert 'data-state="differs"' in page
    assert page.count("<strong>differs</strong>") == 2
    assert 'data-group="contact" data-differs="yes"' in page
    assert 'data-group="addresses" data-differs="yes"' in page


def test_a_conflict_shows_both_values(connection: Connection, viewer: Client) -> None:
    row = scene.linked(connection)
    scene.conflict(row)
    page = text(viewer.get(address(row)))
    assert 'data-conflict="contact"' in page
    assert "E-mail: ann@new.example" in page
    assert "E-mail: info@bakery.example" in page


def test_the_history_says_who_when_and_what(connection: Connection, viewer: Client) -> None:
    row = scene.linked(connection)
    scene.event(
        row,
        "to_store",
        group="contact",
        before={"email": "old@bakery.example", "phone": "1"},
        after={"email": "ann@bakery.example", "phone": "1"},
    )
    scene.event(row, "decided", origin="person", actor=UserFactory.create(email="ann@office.example"))
    page = text(viewer.get(address(row)))
    assert "Written to the store: E-mail and phone" in page
    assert "E-mail: old@bakery.example → ann@bakery.example" in page
    assert "Phone: 1 →" not in page  # that did not change
    assert "A change that was reported" in page
    assert "ann@office.example" in page


def test_the_customers_documents_are_named(connection: Connection, viewer: Client) -> None:
    row = scene.linked(connection)
    document = OrderSyncFactory.create(connection=connection, email="ann@bakery.example", posted=True)
    other = OrderSyncFactory.create(connection=connection, email="zoe@else.example", posted=True)
    page = text(viewer.get(address(row)))
    assert reverse("admin:connector_ordersync_change", args=[document.pk]) in page
    assert reverse("admin:connector_ordersync_change", args=[other.pk]) not in page
    assert "?q=ann%40bakery.example" in page


def test_a_customer_without_an_account_has_a_page_too(connection: Connection, viewer: Client) -> None:
    row = scene.customer(connection)
    page = text(viewer.get(reverse("admin:connector_storecustomer_change", args=[row.pk])))
    assert 'data-state="unlinked"' in page
    assert "The next pull looks for one." in page
    assert "ann@bakery.example" in page


def test_a_guest_has_a_page_without_the_stores_side(connection: Connection, viewer: Client) -> None:
    scene.account(connection)
    page = text(viewer.get(address(scene.link(connection, "G0123"))))
    assert "A guest has no record there" in page
    assert "data-differs" not in page


def test_a_page_says_no_class_and_no_json(connection: Connection, viewer: Client) -> None:
    row = scene.linked(connection, email="other@bakery.example")
    scene.conflict(row)
    scene.event(row, "to_exact", group="names", before={"odd": {"a": None}}, after={"name": "Bakery BV"})
    page = scene.read(viewer.get(address(row)))
    for odd in ("None", "null", "CustomerLink", "{", "FieldGroup", "odd"):
        assert odd not in page


def test_nobody_posts_to_the_page_itself_and_another_organisations_is_not_found(connection: Connection) -> None:
    row = scene.linked(connection)
    owner, stranger = (scene.browser_of(each, Role.OWNER) for each in (connection, ConnectionFactory.create()))
    assert owner.post(address(row)).status_code == 403
    assert stranger.get(address(row)).status_code == 404


def test_the_statements_do_not_grow_with_the_history(connection: Connection, viewer: Client) -> None:
    row = scene.linked(connection)
    viewer.get(address(row))
    with CaptureQueriesContext(database) as few:
        viewer.get(address(row))
    for _ in range(120):
        scene.event(row, "to_exact", group="names", actor=UserFactory.create())
    with CaptureQueriesContext(database) as many:
        page = text(viewer.get(address(row)))
    assert len(many) == len(few)
    assert "The newest 100 are shown here." in page
