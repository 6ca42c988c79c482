"""Whole pages and a mail are in Dutch, without an English word of ours."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from connector.flow.monitor import held
from connector.models import Alert, MasterData, OrderSync, SyncEvent
from tenants.models import Tenant, User
from tests.acme import Acme

# Words of our pages that are no Dutch ones, and no names. What the shop and Exact say stands in the pages too.
ENGLISH = re.compile(
    r"\b(the|is not|are|were|from|this|that|when|which|has|have|not|and|orders?|invoices?|held|posted|"
    r"skipped|waiting|rules?|customers?|accounts|divisions?|stores?|settings?|history|search|filter|add|change|save|"
    r"delete|retry|re-post|refetch|approve|month|journal|cost|none|yes|no|any|page|rows?|select|today)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"(GET|POST|PUT) \S+|Acme[\w .]*|\S*@\S*|https?://\S+|No VAT|Export outside the EU|"
    r"Supply within the EU to businesses|Frame tube, not for sale|store/order/created|store hash|store-level|kind: \w+|"
    r"rule \d+, version \d+",
    re.IGNORECASE,
)


class Words(HTMLParser):
    """The texts of a page that a person sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0
        self.icons: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        icon = "material-symbols" in (dict(attrs).get("class") or "")
        self.silent += tag in {"script", "style"} or (icon and tag == "span")
        self.icons += [icon] if tag == "span" else []
        self.found += [value or "" for name, value in attrs if name in {"title", "aria-label", "placeholder", "alt"}]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"} or (tag == "span" and self.icons.pop())

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def english_in(page: str) -> list[str]:
    """The texts of a page that have an English word of ours."""
    words = Words()
    words.feed(page)
    return [text for text in words.found if ENGLISH.search(QUOTED.sub("", text))]


@pytest.fixture
def dutch(acme: Acme, owner: Client) -> Client:
    """The browser of an owner who has chosen Dutch; an order is posted and one is held."""
    acme.ring(1001)
    acme.drain()
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    acme.ring(1012)
    acme.drain()
    User.objects.update(language="nl")
    return owner


MODELS = (
    *("ordersync", "bulkrun", "delivery", "syncevent", "chain", "alert", "dailycount", "store", "exactgrant"),
    *("division", "breaker", "connection", "mappingrule", "vatrule", "paymentrule", "ruleversion", "storecustomer"),
    *("customerlink", "masterdata"),
)


def addresses(acme: Acme) -> Iterator[str]:
    """Each page that the owner looks at."""
    connection = acme.connection
    yield reverse("admin:index")
    yield from (reverse(f"admin:connector_{model}_changelist") for model in MODELS)
    documents = list(OrderSync.objects.order_by("pk"))
    assert [document.state for document in documents] == ["posted", "blocked"]
    for row in (*documents, connection, connection.store, connection.division, connection.division.grant):
        yield reverse(f"admin:connector_{row._meta.model_name}_change", args=[row.pk])
    for name in ("rules", "months", "customers", "matches", "backfill", "shadow"):
        yield reverse(f"admin:connector_connection_{name}", args=[connection.pk])
    yield reverse("admin:connector_connection_month", args=[connection.pk, "2026-01"])
    yield reverse("admin:tenants_tenant_change", args=[connection.store.tenant_id])
    yield reverse("account_language")


def test_no_page_has_an_english_word_of_ours(acme: Acme, dutch: Client) -> None:
    found = {address: english_in(dutch.get(address, follow=True).content.decode()) for address in addresses(acme)}
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_an_english_word_is_found() -> None:
    assert english_in("<p>Dit is <b>the</b> factuur.</p>") == ["the"]
    assert english_in('<a title="Search">Zoeken</a>') == ["Search"]
    assert english_in('<script>the</script><span class="material-symbols-outlined">search</span>') == []


def test_a_person_who_works_in_dutch_keeps_english(acme: Acme, dutch: Client) -> None:
    document = OrderSync.objects.get(state="blocked")
    page = reverse("admin:connector_ordersync_do", args=[document.pk, "skip"])
    dutch.post(page, {"reason": "proefbestelling", "apply": "1"})
    event = SyncEvent.objects.filter(document=document).latest("pk")
    assert event.text == "Skip: proefbestelling"
    shown = dutch.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()
    assert "Overslaan: proefbestelling" in shown


def test_an_alert_is_mailed_in_dutch(acme: Acme, dutch: Client) -> None:
    Tenant.objects.update(language="nl", alert_emails=["boekhouding@acme.example"])
    held.look_after()
    (message,) = mail.outbox
    assert "wordt aangehouden" in message.body
    assert "Geen btw-code voor 21 % in NL" in message.body
    assert english_in(f"<p>{message.body}</p>") == []
    assert "is held" in Alert.objects.get().text
