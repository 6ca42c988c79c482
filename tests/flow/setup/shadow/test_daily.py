"""A connection in shadow mode is compared once a day, and no other."""

import pytest

from connector.flow.clock import database_now
from connector.flow.setup.shadow import daily
from connector.flow.setup.shadow import run as shadow_run
from connector.models import Connection, ShadowRun
from tenants.models import Tenant
from tests.acme import Acme
from tests.flow.setup.shadow.scene import translate

pytestmark = pytest.mark.django_db


def test_once_a_day_from_the_first_draft_on_while_in_shadow_mode(acme: Acme) -> None:
    acme.configure(mode="shadow")
    assert daily.begin() == 0  # no draft yet
    acme.connection.refresh_from_db()
    translate(acme, 1)
    assert daily.begin() == 1
    run = ShadowRun.objects.get()
    assert (run.actor, run.connection) == (None, acme.connection)
    shadow_run.go_on(run.pk)
    assert daily.begin() == 0
    ShadowRun.objects.update(created_at=database_now() - daily.EVERY)
    Connection.objects.update(mode="live")
    assert daily.begin() == 0
    Connection.objects.update(mode="shadow")
    Tenant.objects.update(suspended=True)
    assert daily.begin() == 0
    Tenant.objects.update(suspended=False)
    assert daily.begin() == 1
