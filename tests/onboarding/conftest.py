"""An owner at the steps."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tenants.models import Tenant
from tests.factories import MembershipFactory

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
