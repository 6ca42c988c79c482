"""All rules as one form: their order, rows that are removed, and a version that was saved meanwhile."""

from django.test import Client

from connector.models import RuleVersion
from tests.acme import Acme
from tests.admin.pages import RulesPage
from tests.admin.rules.test_editor import Member, in_force


def first_account(acme: Acme, order_id: int) -> str:
    draft = acme.document(order_id).draft
    assert draft is not None
    return str(draft["lines"][0]["gl_account"])


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


def test_all_problems_are_reported_at_once(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=1, gl_account="9999")
    page.add("vat", position=9, code="99")
    page.add("payment_conditions", position=9, code="XX")
    wrong = [row for part in page.save().context["form"].sections for row in part.rows if row.errors]
    assert len(wrong) == 3


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
