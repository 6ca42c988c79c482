"""Two organisations with a row of every model, each row marked in every text column it has."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Field, JSONField, Model, TextField
from django.test import Client
from django.utils import timezone

from connector import models as rows
from tenants.accounts.sessions import SEEN
from tenants.fields import SecretField
from tenants.models import Membership, Role, Tenant, User
from tenants.scope import SESSION_KEY

ACME, RIVAL = "ALICE-ROWS", "CHARLIE-XX"  # ten characters, so that they fit nearly every column
SECRET = "KEEP-THIS-TO-YOURSELF"
PLATFORM = (User, rows.Tally, rows.Worker)
"""The models whose rows belong to no organisation."""


@dataclass(frozen=True)
class World:
    """One tenant, and its rows by model."""

    mark: str
    tenant: Tenant
    rows: dict[type[Model], Any]

    def of(self, model: type[Model]) -> Any:
        """Its row of that model."""
        return self.rows[model]

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """All that the database says of its rows."""
        return {
            model._meta.label: list(model._base_manager.filter(pk=row.pk).values()) for model, row in self.rows.items()
        }


def marked(model: type[Model], mark: str, **given: Any) -> Any:
    """Make a row with the mark in every text that is not given."""
    filled = {field.name: _fill(field, mark) for field in _texts(model) if field.name not in given}
    return model._base_manager.create(**filled, **given)


def _texts(model: type[Model]) -> Iterator["Field[Any, Any]"]:
    for field in model._meta.fields:
        is_text = isinstance(field, CharField | TextField | JSONField)
        if is_text and not field.choices and (field.max_length or 10) >= 10:
            yield field


def _fill(field: "Field[Any, Any]", mark: str) -> Any:
    if isinstance(field, SecretField):
        return f"{SECRET}-{field.name}"
    return {mark: [mark]} if isinstance(field, JSONField) else mark


def build(mark: str, owner: User, order_id: int) -> World:
    """Make a tenant of that owner with a row of every model."""
    now = timezone.now()
    tenant = marked(Tenant, mark, timezone="Europe/Amsterdam", alert_emails=[f"{mark}@shop.example"])
    membership = Membership.objects.create(user=owner, tenant=tenant, role=Role.OWNER)
    store = marked(rows.Store, mark, tenant=tenant, timezone="UTC")
    grant = marked(rows.ExactGrant, mark, tenant=tenant, region="nl", reachable=[])
    division = marked(rows.Division, mark, grant=grant, region="nl", code=order_id, webhook_uuid=uuid4())
    connection = marked(
        rows.Connection,
        mark,
        store=store,
        division=division,
        mode="live",
        schedule="immediate",
        start_date=now.date(),
        collective_by_country={"NL": mark},
        account_rules=[{"when": {"country": ["NL"], "customer_group": [mark]}, "then": {"vat_code": mark}}],
    )
    skus = [{"sku": mark, "item": mark}]
    version = marked(rows.RuleVersion, mark, connection=connection, number=1, author=owner, sku_items=skus)
    draft = {
        "lines": [dict.fromkeys(("description", "gl_account", "cost_center", "vat_code", "rule", "vat_rule"), mark)]
    }
    document = marked(
        rows.OrderSync,
        mark,
        connection=connection,
        division=division,
        order_id=order_id,
        state="blocked",
        reason="mapping",
        code="gl_account_missing",
        problems=[
            {
                "code": "gl_account_missing",
                "line": mark,
                "params": {"gl_account": mark, "line": mark, "name": mark, "kind": "product", "country": "NL"},
            }
        ],
        rules=version,
        draft=draft,
        total="12.3400",
        currency="EUR",
    )
    run = marked(
        rows.FitRun, mark, tenant=tenant, connection=connection, actor=owner, days=30, most=500, due_at=now, problems=[]
    )
    backfill = marked(
        rows.BackfillRun,
        mark,
        tenant=tenant,
        connection=connection,
        actor=owner,
        since=now.date(),
        until=now.date(),
        expected=1,
        due_at=now,
        problems=[],
    )
    shadow = marked(
        rows.ShadowRun,
        mark,
        tenant=tenant,
        connection=connection,
        actor=owner,
        since=now.date(),
        due_at=now,
        problems=[],
    )
    compared = marked(
        rows.ReconciliationRun,
        mark,
        tenant=tenant,
        connection=connection,
        division=division,
        actor=owner,
        first=now.date(),
        last=now.date(),
    )
    link = marked(rows.CustomerLink, mark, store=store, division=division)
    customer = marked(rows.StoreCustomer, mark, store=store)
    made = [
        owner,
        tenant,
        membership,
        store,
        grant,
        division,
        connection,
        version,
        document,
        marked(rows.MappingRule, mark, version=version, priority=1),
        marked(rows.VatRule, mark, version=version, position=1),
        marked(rows.PaymentRule, mark, version=version, position=1),
        marked(rows.MasterData, mark, division=division, kind="item"),
        marked(rows.ItemLink, mark, division=division, order_id=order_id, made=True),
        marked(rows.Breaker, mark, division=division, errors=[], open_until=now),
        marked(rows.Delivery, mark, store=store, order_id=order_id, customer_id=order_id),
        marked(rows.DailyCount, mark, connection=connection, day=now.date(), posted=1, posted_amount="12.34"),
        marked(rows.RefusedDeliveries, mark, store=store, hour=now, status=401, count=1),
        link,
        customer,
        marked(rows.CustomerConflict, mark, link=link, group="contact"),
        marked(rows.CustomerMatch, mark, customer=customer, division=division, outcome="new"),
        marked(rows.CustomerEvent, mark, tenant=tenant, store=store, division=division, kind="linked", origin="run"),
        marked(rows.CustomerRun, mark, tenant=tenant, connection=connection, what="pull", due_at=now),
        marked(rows.ExactDelivery, mark, division=division),
        marked(rows.DirectoryAccount, mark, division=division),
        marked(rows.BulkRun, mark, tenant=tenant, actor=owner, causes=[]),
        marked(rows.SyncEvent, mark, tenant=tenant, document=document, kind="action", actor=owner),
        marked(rows.Chain, mark, connection=connection),
        marked(rows.ConsentRequest, mark, tenant=tenant, grant=grant, user=owner, expires_at=now, reachable=[]),
        run,
        marked(rows.FitOrder, mark, run=run, order_id=order_id),
        backfill,
        marked(rows.BackfillOrder, mark, run=backfill, order_id=order_id, not_due=[], document=document),
        marked(rows.BackfillDocument, mark, run=backfill, is_entry=False),
        shadow,
        marked(rows.ShadowDocument, mark, run=shadow, is_entry=False),
        compared,
        marked(
            rows.ClosedMonth,
            mark,
            connection=connection,
            month=now.date().replace(day=1),
            closed_by=owner,
            closed_at=now,
            last_document=0,
        ),
        marked(rows.RunDocument, mark, run=compared, document=document),
        marked(
            rows.Discrepancy,
            mark,
            run=compared,
            document=document,
            order_id=order_id,
            kind="amount",
            remedy="correct",
            owner=owner,
        ),
        marked(rows.Alert, mark, tenant=tenant, closed_at=None, mailed_at=now),
        rows.Tally.objects.create(name="calls", label=str(order_id), value=1),  # of the installation: no mark
        rows.Worker.objects.create(name=f"machine/{order_id}", seen_at=now),  # this one too
    ]
    for row in made:
        LogEntry.objects.create(
            user=owner,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=mark,
            action_flag=CHANGE,
            change_message=mark,
        )
    return World(mark, tenant, {type(row): row for row in made})


def logged_in(user: User | None, tenant: Tenant | None = None) -> Client:
    """A browser in which that person is logged in, with that tenant chosen, and opened a page just now."""
    client = Client()
    if user is not None:
        client.force_login(user)
        session = client.session
        session[SEEN] = time.time()
        if tenant is not None:
            session[SESSION_KEY] = tenant.pk
        session.save()
    return client
