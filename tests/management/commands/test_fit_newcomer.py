"""From a proposal to posted invoices: what `fit` says of a connection that is not saved yet is what Exact makes."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.pipeline import run_lane
from connector.flow.setup.provision.run import provision
from connector.models import OrderSync, Store
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import CREATED, body_of
from connector.sandbox.newcomer import APP_ID, APP_SECRET, DIVISION, SHOP, Newcomer

pytestmark = pytest.mark.django_db
GIVEN = ("--tenant=noord", f"--store={SHOP.store_hash}", f"--division={DIVISION}", "--json")
NEWEST = 12


def printed_by(*command: str) -> dict[str, Any]:
    out = StringIO()
    call_command(*command, stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def provisioned(newcomer: Newcomer, *connections: dict[str, Any]) -> None:
    """Set up both sides, at first without a connection; later the consent is there already."""
    token = "" if connections else newcomer.exact.oauth.issue(APP_ID, frozenset({DIVISION})).refresh_token
    app = {"client_id": APP_ID, "client_secret": APP_SECRET, "refresh_token": token}
    account = {name: getattr(SHOP, name) for name in ("store_hash", "client_id", "client_secret", "access_token")}
    file = {
        "tenant": {"slug": "noord", "name": "Atelier Noord"},
        "exact": [{"name": "Exact", "region": "nl", "divisions": [DIVISION], **app}],
        "stores": [{"name": SHOP.name, "prefix": SHOP.prefix, **account}],
        "connections": list(connections),
    }
    provision(file, with_hooks=False, tell=lambda line: None)


def ring(client: Client, order_id: int) -> None:
    store = Store.objects.get()
    address = reverse("bigcommerce-webhook", kwargs={"webhook_uuid": store.webhook_uuid})
    body = body_of(SHOP.store_hash, "1000001", order_id, CREATED, at=1_700_000_000)
    headers = {"X-Connector-Secret": store.hook_secret}
    assert client.post(address, body, content_type="application/json", headers=headers).status_code == 200


def test_a_proposal_that_nobody_changed_posts_what_fit_said(sandbox: Sandbox, tmp_path: Path, client: Client) -> None:
    newcomer = Newcomer.open(sandbox.stores, sandbox.exact)
    provisioned(newcomer)
    proposed = printed_by("propose", *GIVEN)
    (tmp_path / "proposed.json").write_text(json.dumps(proposed))
    said = printed_by("fit", *GIVEN, f"--limit={NEWEST}", f"--rules={tmp_path / 'proposed.json'}")
    assert said["fit"] >= NEWEST - 1  # one of them is a company's that was charged VAT by mistake
    held = {int(order_id) for cause in said["causes"] for order_id in cause["orders"]}
    provisioned(newcomer, {**proposed["connection"], "mode": "live", "start_date": "2026-01-01"})
    newest = sorted(newcomer.store.orders)[-NEWEST:]
    for order_id in newest:
        ring(client, order_id)
    for lane in due.lanes_with_work(database_now()):
        run_lane.drain_lane(lane)
    rows = OrderSync.objects.filter(kind="invoice")
    assert {row.order_id for row in rows if row.state == "posted"} == set(newest) - held
    made = {row.get("YourRef"): row["AmountFC"] for row in sandbox.exact.invoices(DIVISION)}
    total = sum(made[f"{SHOP.prefix}-{order_id}"] for order_id in set(newest) - held)
    assert total == sum(map(Decimal, said["totals"].values()))
