"""The page of a connection's rules: a change makes a new version, and orders that the old one held go on."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.models import Connection, MappingRule, MasterData, RuleVersion
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.pages import RulesPage

Member = Callable[[str, Tenant], Client]


@pytest.fixture
def accountant(acme: Acme, member: Member) -> Client:
    return member("accountant", acme.store.tenant)


def in_force(acme: Acme) -> RuleVersion:
    version = rule_versions.in_force(acme.connection)
    assert version is not None
    return version


def test_an_accountant_saves_a_new_version_with_a_note_and_the_old_one_stays(acme: Acme, accountant: Client) -> None:
    before = rule_versions.as_filed(in_force(acme))
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_country="be", when_sku="MUG-*\nCUP-*", gl_account="8020")
    assert page.save().status_code == 302
    version = in_force(acme)
    assert (version.number, version.note, version.author and version.author.email) == (
        2,
        "because the books say so",
        f"second-accountant@{acme.store.tenant.slug}.example",
    )
    new = {"priority": 5, "when": {"country": "BE", "sku": ["MUG-*", "CUP-*"]}, "then": {"gl_account": "8020"}}
    assert rule_versions.as_filed(version) == {**before, "rules": [new, *before["rules"]]}
    assert rule_versions.as_filed(RuleVersion.objects.get(number=1)) == before


def first_account(acme: Acme, order_id: int) -> str:
    draft = acme.document(order_id).draft
    assert draft is not None
    return str(draft["lines"][0]["gl_account"])


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_who_does_not_keep_the_books_saves_nothing(role: str, acme: Acme, accountant: Client, member: Member) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, gl_account="8020")
    page.client = member(role, acme.store.tenant)
    assert page.save().status_code == 403
    looked = page.client.get(page.address)
    assert looked.headers["Location"] == reverse("admin:connector_ruleversion_change", args=[in_force(acme).pk])
    assert RuleVersion.objects.count() == 1


def test_what_is_saved_as_it_was_makes_no_version_and_says_so(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    answer = page.client.post(page.address, page.fields, follow=True)
    assert "Nothing differs" in answer.content.decode()
    assert RuleVersion.objects.count() == 1


def test_without_a_note_nothing_is_saved(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, gl_account="8020")
    page.fields["note"] = " "
    assert page.save().context["form"].note.errors["note"]
    assert RuleVersion.objects.count() == 1


def test_a_version_saved_meanwhile_is_not_overwritten_unseen_and_nothing_typed_is_lost(
    acme: Acme, accountant: Client, member: Member
) -> None:
    page = RulesPage(accountant, acme.connection)
    other = RulesPage(member("owner", acme.store.tenant), acme.connection)
    other.add("rules", position=6, when_country="FR", gl_account="8020")
    other.save()
    page.add("rules", position=5, when_country="BE", gl_account="8010")
    answer = page.save()
    assert answer.status_code == 200
    assert "saved version 2 meanwhile" in answer.content.decode()
    assert RuleVersion.objects.count() == 2
    form = answer.context["form"]
    assert "BE" in [row["when_country"].value() for row in form.sections[0].rows]
    page.fields["seen"] = form.note["seen"].value()  # the person has seen it, and saves again
    assert page.save().status_code == 302
    assert in_force(acme).number == 3
    countries = [rule.when.get("country") for rule in in_force(acme).mapping_rules.all()]
    assert "BE" in countries
    assert "FR" not in countries


@pytest.mark.parametrize(
    ("section", "typed", "reported"),
    [
        ("rules", {"gl_account": "9999"}, ("gl_account", "has no GL account '9999'")),
        ("rules", {"gl_account": "8000", "cost_center": "MOON"}, ("cost_center", "has no cost centre 'MOON'")),
        ("rules", {"gl_account": "8000", "when_country": "Belgium"}, ("when_country", "two-letter country codes")),
        ("rules", {"when_country": "BE"}, ("gl_account", "Choose where these lines are booked")),
        ("rules", {"gl_account": "8000", "when_line": ["postage"]}, ("when_line", "postage")),
        ("vat", {"code": "99"}, ("code", "has no VAT code '99'")),
        ("vat", {"code": "2", "when_rate": "lots"}, ("when_rate", "percentage")),
        ("vat", {"code": "2", "tax_item": "SHIP"}, ("tax_gl_account", "needs a GL account")),
        ("vat", {"code": "6", "tax_gl_account": "1530"}, ("tax_item", "each line of an invoice needs an item")),
        ("vat", {"code": "2", "tax_item": "NONE", "tax_gl_account": "8000"}, ("tax_item", "has no item 'NONE'")),
        ("payment_conditions", {"code": "XX"}, ("code", "has no payment condition 'XX'")),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    section: str, typed: dict[str, str], reported: tuple[str, str], acme: Acme, accountant: Client
) -> None:
    field, complaint = reported
    page = RulesPage(accountant, acme.connection)
    page.add(section, position=1, **typed)
    answer = page.save()
    (wrong,) = [row for part in answer.context["form"].sections for row in part.rows if row.errors]
    assert complaint in wrong.errors[field][0]
    assert complaint.replace("'", "&#x27;") in answer.content.decode()
    assert RuleVersion.objects.count() == 1


def test_all_problems_are_reported_at_once(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=1, gl_account="9999")
    page.add("vat", position=9, code="99")
    page.add("payment_conditions", position=9, code="XX")
    wrong = [row for part in page.save().context["form"].sections for row in part.rows if row.errors]
    assert len(wrong) == 3


def test_a_held_document_is_posted_once_its_rule_is_added(acme: Acme, accountant: Client) -> None:
    MappingRule.objects.all().delete()
    acme.ring(1001)
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "mapping")
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=10, gl_account="8000", cost_center="EU-WEST")
    page.save()
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_the_order_by_hand_decides_which_rule_comes_first(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=2, when_line=["product"], gl_account="8010", cost_center="ONLINE")
    page.add("rules", position=1, when_line=["product"], gl_account="8020", cost_center="ONLINE")
    page.save()
    acme.ring(1001)
    acme.drain()
    assert first_account(acme, 1001) == "8020"
    page = RulesPage(accountant, acme.connection)
    first = page.number_of("rules", position=1)
    page.fields[f"rules-{first}-position"] = 3
    page.save()
    acme.ring(1012)
    acme.drain()
    assert first_account(acme, 1012) == "8010"


def test_a_removed_rule_is_gone_from_the_new_version_only(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    before = in_force(acme).mapping_rules.count()
    page.fields["rules-0-DELETE"] = "on"
    page.save()
    assert in_force(acme).mapping_rules.count() == before - 1
    assert RuleVersion.objects.get(number=1).mapping_rules.count() == before


def test_the_lists_have_only_the_divisions_codes(acme: Acme, accountant: Client) -> None:
    division = acme.connection.division
    other = Connection.objects.get(pk=acme.connection.pk).division
    other.pk, other.code = None, 999999
    other.save()
    MasterData.objects.create(division=other, kind="gl_account", code="6666", name="Elsewhere")
    form = RulesPage(accountant, acme.connection).answer.context["form"]
    offered = dict(form.sections[0].formset.empty_form.fields["gl_account"].widget.choices)
    codes = set(division.master_data.filter(kind="gl_account").values_list("code", flat=True))
    assert set(offered) == {"", *codes}
    assert offered["8000"].startswith("8000 ")


def test_a_code_that_has_vanished_is_shown_and_refused(acme: Acme, accountant: Client) -> None:
    MasterData.objects.filter(kind="gl_account", code="8000").delete()
    page = RulesPage(accountant, acme.connection)
    assert "8000 (not in the division any more)" in page.answer.content.decode()
    answer = page.save()
    assert "has no GL account &#x27;8000&#x27;" in answer.content.decode()


def test_a_long_list_is_searched_in_the_division(acme: Acme, accountant: Client) -> None:
    division = acme.connection.division
    MasterData.objects.bulk_create(
        MasterData(division=division, kind="item", code=f"A{n:03}", name=f"Article {n}") for n in range(200)
    )
    MasterData.objects.create(division=division, kind="item", code="A999", name="Sold out", data={"ended": True})
    page = RulesPage(accountant, acme.connection)
    search = reverse("admin:connector_division_codes", args=[division.pk, "item"])
    assert search in page.answer.content.decode()
    assert "A117" not in page.answer.content.decode()
    assert 'value="True"' not in page.answer.content.decode()
    found = accountant.get(search, {"q": "a11"}).json()["results"]
    assert {"id": "A117", "text": "A117 Article 117"} in found
    assert accountant.get(search, {"q": "article 42"}).json()["results"][0]["id"] == "A042"
    assert accountant.get(search, {"q": "A999"}).json()["results"] == []
    page.add("rules", position=5, gl_account="8000", item="A117")
    assert page.save().status_code == 302


class TestVersions:
    """Every version stays, and an old one can be used again."""

    def again(self, client: Client, version: RuleVersion, reason: str) -> str:
        address = reverse("admin:connector_ruleversion_again", args=[version.pk])
        assert client.get(address).status_code == 405
        return client.post(address, {"reason": reason}, follow=True).content.decode()

    def test_an_old_version_is_copied_with_the_reason_as_its_note(self, acme: Acme, accountant: Client) -> None:
        page = RulesPage(accountant, acme.connection)
        page.add("rules", position=5, gl_account="8020")
        page.save()
        first = RuleVersion.objects.get(number=1)
        self.again(accountant, first, "it was better")
        assert (in_force(acme).number, in_force(acme).note) == (3, "Version 1 again: it was better")
        assert rule_versions.as_filed(in_force(acme)) == rule_versions.as_filed(first)

    def test_not_without_a_reason_and_not_the_one_in_force(self, acme: Acme, accountant: Client) -> None:
        assert "Say why" in self.again(accountant, in_force(acme), " ")
        assert "in force already" in self.again(accountant, in_force(acme), "once more")
        assert RuleVersion.objects.count() == 1

    def test_not_when_the_division_lacks_its_codes(self, acme: Acme, accountant: Client) -> None:
        MasterData.objects.filter(kind="gl_account", code="8000").delete()
        assert "has no GL account" in self.again(accountant, in_force(acme), "once more")

    @pytest.mark.parametrize("role", ["operator", "viewer"])
    def test_others_only_look(self, role: str, acme: Acme, member: Member) -> None:
        client, version = member(role, acme.store.tenant), in_force(acme)
        page = client.get(reverse("admin:connector_ruleversion_change", args=[version.pk])).content.decode()
        assert "provisioning" in page
        assert "Edit the rules" not in page
        again = reverse("admin:connector_ruleversion_again", args=[version.pk])
        assert client.post(again, {"reason": "mine"}).status_code == 403


def test_a_rule_asks_for_downloads_or_goods_by_a_choice(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_digital="true", gl_account="8020")
    page.add("vat", position=0, when_digital="false", when_b2b="true", when_channel="1350", code="6")
    assert page.save().status_code == 302
    filed = rule_versions.as_filed(in_force(acme))
    assert filed["rules"][0]["when"] == {"digital": True}
    assert filed["vat"][0]["when"] == {"digital": False, "channel": "1350", "b2b": True}
    shown = RulesPage(accountant, acme.connection)
    assert shown.number_of("rules", when_digital="true") == shown.number_of("vat", when_digital="false") == 0
    assert "Downloads, and what is charged for them" in shown.answer.content.decode()
