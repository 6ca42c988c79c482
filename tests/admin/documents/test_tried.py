"""What a change sends on again: how many documents, and how each arrives."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from connector.models import BulkRun, Connection, Division, OrderSync, RuleVersion
from connector.sandbox.exact.invoice_checks import ITEMS
from tenants.models import Tenant
from tests.acme import DIVISION, Acme
from tests.admin.home.test_page import HOME
from tests.admin.pages import RulesPage


def held(acme: Acme, *orders: int) -> None:
    """These orders are held, because their item for shipping is not in Exact any more."""
    key = acme.sandbox.exact.id_of(DIVISION, ITEMS, "SHIP")
    row = acme.sandbox.exact.remove(DIVISION, ITEMS, key)
    for order in orders:
        acme.ring(order)
    acme.drain()
    assert set(OrderSync.objects.values_list("state", flat=True)) == {"blocked"}
    acme.sandbox.exact.put_back(DIVISION, ITEMS, key, row)


def test_saved_rules_show_what_they_send_on_and_how_it_arrives(acme: Acme, accountant: Client) -> None:
    held(acme, 1001, 1003)
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_line="shipping", gl_account="8100", item="WEBSHOP")
    answer = page.save()
    shown = accountant.get(answer.headers["Location"])
    text = shown.content.decode()
    assert "2 documents are tried again" in text
    assert "On their way: 2." in text
    assert shown.context["refresh"]
    acme.drain()
    shown = accountant.get(answer.headers["Location"])
    assert "Posted: 2." in shown.content.decode()
    assert shown.context["refresh"] is None


def test_a_change_that_sends_on_nothing_stays_on_its_page(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_country="be", gl_account="8020")
    assert page.save().headers["Location"] == page.address


def test_another_organisation_sees_nothing_of_it(
    acme: Acme, accountant: Client, member: Callable[[str, Tenant], Client]
) -> None:
    held(acme, 1001)
    Connection.objects.update(item_shipping="WEBSHOP")
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_country="be", gl_account="8020")
    address = page.save().headers["Location"]
    stranger = member("owner", Tenant.objects.create(slug="other", name="Other"))
    assert "0 documents are tried again" in stranger.get(address).content.decode()


class TestTheButton:
    """A cause that was put right in Exact is tried again by one press on the first page."""

    def press(self, client: Client) -> int:
        (task,) = client.get(HOME).context["home"]["tasks"]
        assert task.again
        answer = client.post(task.again)
        assert answer.status_code == 302
        return BulkRun.objects.count()

    def test_it_reads_again_what_the_cause_names_and_posts_one_first(self, acme: Acme, owner: Client) -> None:
        held(acme, 1001, 1003)
        before = acme.exact_calls()
        assert self.press(owner) == 1
        assert acme.exact_calls() == before + 1  # the item
        run = BulkRun.objects.get()
        assert (run.total, run.reason) == (2, "Put right: Item SHIP is not in Exact")
        assert sorted(OrderSync.objects.values_list("state", flat=True)) == ["blocked", "pending"]
        acme.drain()
        assert acme.document(1001).state == "posted"
        page = owner.get(reverse("admin:connector_bulkrun_change", args=[run.pk]))
        assert page.context["refresh"]

    def test_a_period_is_open_again_when_a_person_says_so(self, acme: Acme, owner: Client) -> None:
        division = acme.sandbox.exact.divisions[DIVISION]
        division.fiscal_years = {1999}
        acme.ring(1001)
        acme.drain()
        acme.ring(1003)
        acme.drain()
        assert {row.code for row in OrderSync.objects.all()} == {"period_refused", "period_closed"}
        division.fiscal_years = None
        assert self.press(owner) == 1  # one task for both
        assert BulkRun.objects.get().total == 2
        assert Division.objects.get().closed_periods == []
        acme.drain()
        assert acme.document(1001).state == "posted"

    def test_exact_away_is_said_and_nothing_is_sent(self, acme: Acme, owner: Client) -> None:
        held(acme, 1001)
        acme.sandbox.exact.faults.add("503_html", "GET", "*/logistics/Items*", times=-1)
        assert self.press(owner) == 0
        assert "could not be read" in owner.get(HOME).content.decode()
        assert acme.document(1001).state == "blocked"

    def test_a_viewer_has_no_button_and_may_not_press_it(
        self, acme: Acme, member: Callable[[str, Tenant], Client]
    ) -> None:
        held(acme, 1001)
        viewer = member("viewer", acme.store.tenant)
        (task,) = viewer.get(HOME).context["home"]["tasks"]
        assert (task.again, task.link) == ("", "See it")
        address = reverse("admin:connector_ordersync_try-cause", args=[acme.document(1001).pk])
        assert viewer.post(address).status_code == 403
        assert viewer.get(address).status_code == 405


def test_the_rules_page_still_makes_a_version(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("vat", position=1, when_country="fr", when_rate="20", code="2")
    page.save()
    assert RuleVersion.objects.count() == 2
