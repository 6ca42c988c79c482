"""One rule as a row of the editor: what is typed, what it becomes, and what is refused at its field."""

import pytest
from django.test import Client

from connector.admin.rules.rows import ManyField, RatesField, WordsField
from connector.flow.setup import rule_versions
from connector.models import RuleVersion
from tests.acme import Acme
from tests.admin.pages import RulesPage
from tests.admin.rules.test_editor import in_force


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


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (WordsField(), "nl, be;de\n fr", ["NL", "BE", "DE", "FR"]),
        (WordsField(), "", []),
        (RatesField(), "21 %, 5.5%", ["21", "5.5"]),
    ],
)
def test_words_and_rates_are_read_as_people_type_them(field: WordsField, typed: str, value: list[str]) -> None:
    assert field.clean(typed) == value


def test_a_value_that_the_list_does_not_have_is_offered_and_kept() -> None:
    field = ManyField([("1", "One")], ["7"])
    assert field.choices == [("1", "One"), ("7", "7")]
    assert field.clean(["9"]) == ["9"]
