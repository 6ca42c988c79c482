"""Trying orders: the verdict is what posting would come to, and no call to Exact is made for it."""

from dataclasses import replace

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.fit.outcome import Outcome, Verdict
from connector.domain.rules.filed import read_rule_book
from connector.flow.clock import database_now
from connector.flow.order.fetch import fetch
from connector.flow.outbound.clients import store_client
from connector.flow.setup import rule_versions
from connector.flow.setup.fit.trial import Trial
from connector.flow.setup.recent_orders import Recent, recent_orders
from connector.models import Connection, CustomerLink, DirectoryAccount, OrderSync
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from tests.acme import STORE, Acme
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.setup.fit import YEAR

pytestmark = pytest.mark.django_db


def all_tried(acme: Acme, trial: Trial) -> dict[int, Outcome]:
    found = recent_orders(trial.client, days=YEAR, most=500, prices_include_tax=True, tell=lambda line: None)
    return {order.order_id: trial.outcome(order) for order in found}


def one(acme: Acme, kind: str = "two VAT rates") -> Recent:
    order_id = acme.order_of_kind(kind)
    client = store_client(acme.store)
    return Recent(order_id, fetch(client, order_id, prices_include_tax=acme.store.prices_include_tax))


def trial_of(acme: Acme) -> Trial:
    return Trial.of(Connection.objects.get(pk=acme.connection.pk), store_client(acme.store))


def only_cause(acme: Acme, order: Recent) -> Code:
    (problem,) = trial_of(acme).outcome(order).problems
    return problem.code


def test_every_order_that_it_says_would_post_does_to_the_cent_and_the_others_are_held_for_what_it_said(
    acme: Acme,
) -> None:
    present = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    only_some = {**present, "rules": [rule for rule in present["rules"] if rule["when"].get("line") != "shipping"][:-1]}
    rule_versions.save_version(acme.connection, only_some, author=None, note="")
    calls = acme.exact_calls("*")
    said = all_tried(acme, trial_of(acme))
    assert acme.exact_calls("*") == calls
    assert not OrderSync.objects.exists()
    assert {outcome.verdict for outcome in said.values()} == {Verdict.FIT, Verdict.HELD}
    for order_id in said:
        acme.ring(order_id)
    acme.drain()
    for order_id, outcome in said.items():
        document = acme.document(order_id)
        if outcome.verdict is Verdict.FIT:
            assert document.state == "posted"
            assert acme.invoice(order_id)["AmountFC"] == outcome.gross
        else:
            assert (document.state, document.code) == ("blocked", outcome.cause.code)


def test_a_connection_that_is_not_saved_is_tried_as_the_saved_one(acme: Acme) -> None:
    saved = acme.connection
    settings = {field.attname: getattr(saved, field.attname) for field in saved._meta.fields if not field.primary_key}
    rules = rule_versions.as_filed(rule_versions.in_force(saved))
    draft = Trial.of(Connection(**settings), store_client(acme.store), rules)
    assert all_tried(acme, draft) == all_tried(acme, trial_of(acme))


def test_rules_from_a_file_are_the_rules_that_would_be_saved(acme: Acme) -> None:
    trial = trial_of(acme)
    filed = read_rule_book(rule_versions.as_filed(rule_versions.in_force(acme.connection)))
    assert (filed.mapping, filed.vat, filed.payment) == (
        trial.terms.rules.mapping,
        trial.terms.rules.vat,
        trial.terms.rules.payment,
    )


def test_an_order_from_before_the_first_day_is_tried_all_the_same(acme: Acme) -> None:
    Connection.objects.update(start_date=database_now().date())
    assert trial_of(acme).outcome(one(acme)).verdict is Verdict.FIT


def test_what_holds_a_document_after_its_translation_is_seen_as_well(acme: Acme) -> None:
    order = one(acme)
    Connection.objects.update(invoice_template="No such template")
    assert only_cause(acme, order) == Code.TEMPLATE_MISSING
    Connection.objects.update(invoice_template="", guest_strategy="collective", customer_strategy="collective")
    Connection.objects.update(collective_account=DirectoryAccount.objects.values_list("code", flat=True)[0])
    DirectoryAccount.objects.update(blocked=True)
    assert only_cause(acme, order) == Code.ACCOUNT_BLOCKED
    elsewhere = ConnectionFactory.create(store=acme.store, mode="off")
    OrderSyncFactory.create(posted=True, connection=elsewhere, order_id=order.order_id)
    assert only_cause(acme, order) == Code.POSTED_TO_OTHER_DIVISION


def test_a_customer_of_whom_only_exact_can_tell_counts_as_fitting(acme: Acme) -> None:
    Connection.objects.update(customer_strategy="match", guest_strategy="match")
    DirectoryAccount.objects.all().delete()
    CustomerLink.objects.all().delete()
    assert only_cause(acme, one(acme)) == Code.CUSTOMER_NOT_FOUND
    type(acme.connection.division).objects.update(accounts_timestamp=0)  # its accounts were never read
    assert trial_of(acme).outcome(one(acme)).verdict is Verdict.FIT


def test_a_scope_that_is_missing_holds_the_order_that_needs_it(acme: Acme) -> None:
    version = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    by_group = {"priority": 1, "when": {"customer_group": "Trade"}, "then": {"gl_account": "8000"}}
    rule_versions.save_version(
        acme.connection, {**version, "rules": [by_group, *version["rules"]]}, author=None, note=""
    )
    order = one(acme)
    account = Account(acme.store.client_id, acme.store.client_secret, acme.store.access_token)
    left = READ_SCOPES - {"store_v2_customers_read_only"}
    acme.sandbox.stores.store(STORE).add_account(replace(account, scopes=left))
    assert only_cause(acme, order) == Code.RIGHT_MISSING


def test_an_order_that_cannot_be_read_is_held_for_that(acme: Acme) -> None:
    unreadable = Recent(7, None, (Problem(Code.ORDER_UNREADABLE, params={"field": "id", "value": "", "expected": ""}),))
    assert trial_of(acme).outcome(unreadable).cause.code == Code.ORDER_UNREADABLE
