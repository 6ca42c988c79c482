"""An owner at the steps."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from connector.domain.choices import Mode
from connector.flow.clock import database_now
from connector.flow.setup.fit import run as fit_run
from connector.models import Connection, FitRun
from tenants.models import Tenant, User
from tests.acme import Acme
from tests.factories import MembershipFactory
from tests.flow.setup.fit import YEAR

STATE = re.compile(r'<main[^>]*data-step="(\w+)" data-state="(\w+)"')
ERROR = re.compile(r'data-error-for="([\w.]*)">(.*?)</div>', re.S)


@dataclass
class Walker:
    """Somebody's browser at the steps."""

    tenant: Tenant
    client: Client = field(default_factory=Client)
    page: str = ""
    address: str = ""

    def open(self, step: str) -> str:
        """Open a step; returns the step that is shown, or the address that it led to."""
        return self._arrive(self.client.get(f"/get-started/{step}/", follow=True), f"/get-started/{step}/")

    def press(self, step: str, button: str, **typed: Any) -> str:
        """Fill in and press; returns the step that is shown, or the address that it led to."""
        answer = self.client.post(f"/get-started/{step}/", {**typed, button: "1"}, follow=True)
        return self._arrive(answer, f"/get-started/{step}/")

    def _arrive(self, answer: Any, asked: str) -> str:
        self.page = answer.content.decode()
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else asked
        found = STATE.search(self.page)
        return found.group(1) if found else self.address

    @property
    def state(self) -> str:
        """The state of the step that is shown."""
        found = STATE.search(self.page)
        return found.group(2) if found else ""

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {name: text.strip() for name, text in ERROR.findall(self.page)}


@pytest.fixture
def walker(db: None) -> Walker:
    """An owner of an organisation that has nothing yet."""
    membership = MembershipFactory.create()
    found = Walker(membership.tenant)
    found.client.force_login(membership.user)
    return found


@pytest.fixture
def mapped(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """The owner of Acme, which is mapped and posts nothing yet. The sandbox's orders are of January."""
    monkeypatch.setattr(fit_run, "DAYS", YEAR)
    monkeypatch.setattr(fit_run.start, "__kwdefaults__", {**(fit_run.start.__kwdefaults__ or {}), "days": YEAR})
    today = database_now().date()
    Connection.objects.update(mode=Mode.SHADOW, schedule="manual", start_date=today)
    acme.connection.refresh_from_db()
    found = Walker(acme.store.tenant)
    found.client.force_login(User.objects.get(memberships__tenant=acme.store.tenant))
    return found


def work() -> None:
    """Do what a worker would: the runs that are due."""
    for pk in FitRun.objects.filter(state="running").values_list("pk", flat=True):
        fit_run.go_on(pk)


def tried(mapped: Walker) -> FitRun:
    """Try the orders as a worker does, and open the page."""
    mapped.press("fit", "run")
    work()
    mapped.open("fit")
    return FitRun.objects.latest("pk")
