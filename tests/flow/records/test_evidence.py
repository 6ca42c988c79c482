"""The file of an order: a person reads it, a program checks it, and it has no secret."""

import io
import json
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest

from connector.domain.document.evidence import NotEvidence, check
from connector.flow.records.evidence import NothingKnown, evidence_of
from connector.models import ExactGrant, MappingRule, OrderSync, RuleVersion, Store, SyncEvent
from tenants.models import User
from tests.acme import Acme
from tests.factories import DivisionFactory, TenantFactory


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted order 1001 after a delivery, and booked nothing else."""
    acme.ring(1001, webhook_id="first")
    acme.drain()
    return acme


def parts(acme: Acme, order: int = 1001) -> dict[str, bytes]:
    """The parts of an order's file."""
    with zipfile.ZipFile(io.BytesIO(evidence_of(acme.store.tenant, order))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(acme: Acme, name: str) -> Any:
    """One JSON part of the invoice of order 1001."""
    return json.loads(parts(acme)[f"documents/nlshop1-100001-invoice-1/{name}.json"])


def test_all_is_there(posted: Acme) -> None:
    document = posted.document(1001)
    assert part(posted, "draft") == document.draft
    assert part(posted, "draft")["lines"][0]["rule"]
    assert part(posted, "order_data") == document.order_data
    assert part(posted, "exact_data") == document.exact_data
    assert part(posted, "rules")["version"] == part(posted, "document")["rule_version"] == 1
    assert part(posted, "rules")["mapping"]
    (delivery,) = json.loads(parts(posted)["deliveries.json"])
    assert delivery["webhook_id"] == "first"
    assert any(
        delivery["name"] == entry["content"]["seal"]["hashes"].get("delivery") for entry in part(posted, "chain")
    )
    (create,) = (line for line in part(posted, "history") if line["text"].startswith("POST salesinvoice/SalesInvoices"))
    assert json.loads(create["sent"])["YourRef"] == document.reference
    assert json.loads(create["answered"])["d"]["InvoiceID"] == document.exact_id


def test_it_is_checked_without_a_row(posted: Acme) -> None:
    file = evidence_of(posted.store.tenant, 1001)
    assert check(file)["about"]["order"] == 1001


def test_the_same_rows_make_the_same_bytes(posted: Acme) -> None:
    assert evidence_of(posted.store.tenant, 1001) == evidence_of(posted.store.tenant, 1001, "nlshop1")


def test_a_changed_row_makes_a_file_that_does_not_pass(posted: Acme) -> None:
    OrderSync.objects.update(draft={**(posted.document(1001).draft or {}), "gross": "1.00"})
    with pytest.raises(NotEvidence, match="not what the chain says") as caught:
        check(evidence_of(posted.store.tenant, 1001))
    assert caught.value.part.endswith("draft.json")


@pytest.mark.parametrize("column", ["kind", "sequence", "division"])
def test_a_document_that_became_another_one_does_not_pass(posted: Acme, column: str) -> None:
    value = {"kind": "credit", "sequence": 7}.get(column) or DivisionFactory.create()
    OrderSync.objects.update(**{column: value})
    with pytest.raises(NotEvidence, match="another document than the chain says"):
        check(evidence_of(posted.store.tenant, 1001))


def test_rules_that_were_changed_do_not_pass(posted: Acme) -> None:
    assert part(posted, "document")["rules_in_chain"]
    RuleVersion.objects.update(note="Something else, which is no rule.")
    check(evidence_of(posted.store.tenant, 1001))
    MappingRule.objects.update(gl_account="9999")
    with pytest.raises(NotEvidence, match="not what the chain says") as caught:
        check(evidence_of(posted.store.tenant, 1001))
    assert caught.value.part.endswith("rules.json")


def test_who_acted_is_who_the_chain_says(posted: Acme) -> None:
    SyncEvent.objects.filter(place=0).update(actor=User.objects.create_user("eve@acme.example"))
    assert b"eve@" not in b"".join(parts(posted).values())


def test_nor_does_one_whose_state_was_changed(posted: Acme) -> None:
    OrderSync.objects.update(exact_number="1")
    with pytest.raises(NotEvidence, match="exact_number is not what the chain says"):
        check(evidence_of(posted.store.tenant, 1001))


def test_an_order_that_nobody_knows_is_an_error(posted: Acme) -> None:
    with pytest.raises(NothingKnown):
        evidence_of(posted.store.tenant, 424242)
    with pytest.raises(NothingKnown):
        evidence_of(TenantFactory.create(), 1001)


class _Page(HTMLParser):
    """Notes what a page would load, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action", "data"}]


def test_the_page_loads_nothing_and_runs_nothing(posted: Acme) -> None:
    page = _Page()
    page.feed(parts(posted)["index.html"].decode())
    assert page.loads == []
    assert not page.tags & {"script", "iframe", "img", "link", "form"}


def test_what_customers_type_is_text_on_the_page(posted: Acme) -> None:
    posted.ring(1002)
    posted.drain()
    OrderSync.objects.filter(order_id=1002).update(customer="<script>alert(1)</script> & Sons")
    page = parts(posted, 1002)["index.html"].decode()
    assert "alert(1)" in page
    assert "<script" not in page


def test_no_secret_is_in_it(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    ExactGrant.objects.update(access_token="", access_expires_at=None)  # the next document refreshes a token
    acme.ring(1002)
    acme.drain()
    grant, store = ExactGrant.objects.get(), Store.objects.get()
    secrets = [
        *(grant.client_secret, grant.refresh_token, grant.access_token, grant.webhook_secret),
        *(store.client_secret, store.access_token, store.hook_secret, str(store.webhook_uuid)),
    ]
    assert grant.refresh_token
    for order in (1001, 1002):
        everything = b"".join(parts(acme, order).values()).decode()
        assert not [secret for secret in secrets if secret and secret in everything]
        assert "Bearer" not in everything
