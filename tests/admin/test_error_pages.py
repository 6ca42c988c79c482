"""Error pages say what to do. They need no database and show no secret."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection as database
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from tenants.models import Tenant, User
from tests.acme import Acme

Member = Callable[[str, Tenant], Client]


def test_a_page_that_is_not_there(db: None) -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_what_the_role_does_not_allow(acme: Acme, member: Member) -> None:
    answer = member("viewer", acme.store.tenant).get(reverse("admin:tenants_membership_add"))
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


def test_a_form_that_is_too_old(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "The page was too old" in answer.content.decode()


def test_the_page_of_a_fault_stands_without_a_database(rf: RequestFactory) -> None:
    def refuse(*_: object) -> Any:
        raise AssertionError("The page of a fault asked the database.")

    with database.execute_wrapper(refuse):
        answer = server_error(rf.get("/admin/"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong here" in page
    assert "<script" not in page
    assert settings.SECRET_KEY not in page


def test_a_wrong_log_in_is_refused_without_saying_what_was_wrong(db: None) -> None:
    User.objects.create_user("alice@acme.example", "open-sesame-7")
    text = []
    for email in ("alice@acme.example", "nobody@acme.example"):
        page = Client().post(reverse("account_login"), {"login": email, "password": "wrong-one"}).content.decode()
        assert "E-mail or password is wrong." in page
        assert "staff" not in page
        text.append(page.count("wrong"))
    assert text[0] == text[1]
