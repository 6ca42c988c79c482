"""What a person sees who opens the bare address."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories import MembershipFactory

LINKED = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.fixture
def page() -> str:
    return Client().get("/").content.decode()


@pytest.mark.django_db
def test_a_newcomer_can_get_started_or_log_in(page: str) -> None:
    linked = LINKED.findall(page)
    assert "/get-started/" in linked
    assert "/accounts/login/" in linked


@pytest.mark.django_db
def test_it_asks_no_other_host_and_runs_no_script(page: str) -> None:
    assert all(address.startswith(("/", "#")) for address in LINKED.findall(page))
    assert "<script" not in page
    assert "style=" not in page
    style = finders.find("connector/site.css")
    assert isinstance(style, str)
    with open(style, encoding="utf-8") as text:
        assert not re.search(r"url\(|@import", text.read())


@pytest.mark.django_db
def test_a_person_who_is_logged_in_finds_the_portal(client: Client) -> None:
    person = MembershipFactory.create().user
    client.force_login(person)
    page = client.get("/").content.decode()
    assert person.email in page
    assert "/admin/" in LINKED.findall(page)
    assert "Log in" not in page
