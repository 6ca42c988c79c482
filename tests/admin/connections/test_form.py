"""The pages of a connection: every setting, checked against the division, and a new one by an owner."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.flow.setup.provision.export import export
from connector.models import Connection, DirectoryAccount
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.pages import shown

Member = Callable[[str, Tenant], Client]


class Page:
    """A connection's page in somebody's browser."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.answer = client.get(address)
        self.fields: dict[str, Any] = shown(self.answer.context["adminform"].form)

    def save(self, **typed: Any) -> Any:
        """Press Save with that typed in."""
        return self.client.post(self.address, self.fields | typed)

    def complaint(self, field: str, **typed: Any) -> str:
        """Return the page's error at a field after these entries."""
        answer = self.save(**typed)
        assert answer.status_code == 200
        return str(answer.context["adminform"].form.errors[field][0])

    def choices(self, field: str) -> dict[str, str]:
        """Return the choices of a list."""
        return dict(self.answer.context["adminform"].form.fields[field].widget.choices)


def page_of(client: Client, connection: Connection) -> Page:
    return Page(client, reverse("admin:connector_connection_change", args=[connection.pk]))


def test_every_setting_can_be_changed_and_is_exported(acme: Acme, accountant: Client) -> None:
    answer = page_of(accountant, acme.connection).save(
        schedule="hourly",
        start_date="2026-02-01",
        post_statuses=["10", "2"],
        vat_number_fields="VAT number\n\n Tax ID \n",
        placeholder_emails="balie@\n",
        complete_vat="never",
        refunds="credit",
        invoice_date="post",
        item_fee="SHIP",
        rounding_limit="0.10",
        force_vat="on",
    )
    assert answer.status_code == 302
    (filed,) = export(acme.store.tenant)["connections"]
    assert filed["schedule"] == "hourly"
    assert filed["start_date"] == "2026-02-01"
    assert filed["post_statuses"] == [2, 10]
    assert filed["vat_number_fields"] == ["VAT number", "Tax ID"]
    assert (filed["customers"]["placeholder_emails"], filed["customers"]["complete_vat"]) == (["balie@"], "never")
    assert (filed["refunds"], filed["invoice_date"], filed["force_vat"]) == ("credit", "post", True)
    assert filed["items"]["fee"] == "SHIP"
    assert filed["rounding"]["limit"] == "0.10"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("journal", "99", "has no journal '99'"),
        ("journal", "90", "is not a sales journal"),
        ("invoice_template", "Poster", "has no invoice template 'Poster'"),
        ("item_shipping", "NONE", "has no item 'NONE'"),
        ("rounding_gl_account", "9999", "has no GL account '9999'"),
        ("collective_account", "777", "has no account '777'"),
        ("schedule", "whenever", "whenever"),
        ("post_statuses", ["2", "many"], "many"),
    ],
)
def test_what_the_division_does_not_have_is_refused_at_its_field(
    field: str, value: Any, complaint: str, acme: Acme, accountant: Client
) -> None:
    DirectoryAccount.objects.create(division=acme.connection.division, account_id="1", code="100", name="Cash sales")
    assert complaint in page_of(accountant, acme.connection).complaint(field, **{field: value})


@pytest.mark.parametrize(
    ("zone", "shown_as", "typed"),
    [("Europe/Amsterdam", "01-01-2026", "3.2.2026"), ("America/New_York", "01/01/2026", "2/3/2026")],
)
def test_the_first_day_is_shown_and_typed_as_the_country_does(
    zone: str, shown_as: str, typed: str, acme: Acme, accountant: Client
) -> None:
    Tenant.objects.update(timezone=zone)
    Connection.objects.update(start_date="2026-01-01")
    page = page_of(accountant, acme.connection)
    assert f'value="{shown_as}"' in page.answer.content.decode()
    assert page.save(start_date=typed).status_code == 302
    assert str(Connection.objects.get().start_date) == "2026-02-03"
    assert page.complaint("start_date", start_date="31-31-2026").startswith("'31-31-2026' is not a day")


def test_a_schedule_is_chosen_in_words(acme: Acme, accountant: Client, member: Member) -> None:
    Connection.objects.update(schedule="every:15m window=22:00-06:00")
    page = page_of(accountant, acme.connection)
    assert "every:15m" not in page.answer.content.decode()
    typed = {"schedule_time": "2.30u", "schedule_opens": "", "schedule_closes": ""}
    assert page.save(schedule="daily", **typed).status_code == 302
    assert Connection.objects.get().schedule == "daily:02:30"
    viewer = member("viewer", acme.store.tenant)
    assert "Every day at 02:30" in page_of(viewer, acme.connection).answer.content.decode()
    listed = viewer.get(reverse("admin:connector_connection_changelist")).content.decode()
    assert "Every day at 02:30" in listed


def test_what_a_new_account_gets_is_typed_row_by_row_and_exported(acme: Acme, accountant: Client) -> None:
    DirectoryAccount.objects.create(division=acme.connection.division, account_id="1", code="100", name="Cash sales")
    page = page_of(accountant, acme.connection)
    answer = page.save(
        **{
            "account_rules-0-country": "be, nl",
            "account_rules-0-b2b": "true",
            "account_rules-0-customer_group": "Wholesale, 7",
            "account_rules-0-payment_condition": "30",
            "account_rules-1-vat_code": "4",
            "collective_by_country-0-country": "be",
            "collective_by_country-0-account": "100",
        }
    )
    assert answer.status_code == 302
    customers = export(acme.store.tenant)["connections"][0]["customers"]
    nothing = {"payment_condition": None, "vat_code": None, "classification": None}
    assert customers["account_rules"] == [
        {
            "when": {"country": ["BE", "NL"], "b2b": True, "customer_group": ["Wholesale", "7"]},
            "then": {**nothing, "payment_condition": "30"},
        },
        {"when": {"country": None, "b2b": None, "customer_group": None}, "then": {**nothing, "vat_code": "4"}},
    ]
    assert customers["collective_by_country"] == {"BE": "100"}


def test_a_row_is_removed_by_emptying_it_and_no_brace_is_shown(acme: Acme, accountant: Client, member: Member) -> None:
    rule = {"when": {"country": ["BE"]}, "then": {"vat_code": "4"}}
    Connection.objects.update(account_rules=[rule], collective_by_country={"BE": "100"})
    viewer = page_of(member("viewer", acme.store.tenant), acme.connection).answer.content.decode()
    assert "BE: VAT code 4" in viewer
    for shown_to in (viewer, page_of(accountant, acme.connection).answer.content.decode()):
        assert "{&#x27;" not in shown_to
        assert "{&quot;" not in shown_to
    page = page_of(accountant, acme.connection)
    assert page.save(**{"account_rules-0-country": "", "account_rules-0-vat_code": ""}).status_code == 302
    connection = Connection.objects.get()
    assert (connection.account_rules, connection.collective_by_country) == ([], {"BE": "100"})


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("account_rules", {"country": "Belgium", "vat_code": "4"}, "Row 1: “BELGIUM” is no country such as NL."),
        ("account_rules", {"vat_code": "ZZ"}, "Row 1: division 123456 has no VAT code &#x27;ZZ&#x27;."),
        ("account_rules", {"payment_condition": "ZZ"}, "Row 1: division 123456 has no payment condition"),
        ("collective_by_country", {"country": "BE"}, "Row 1 needs one country and its account."),
        ("collective_by_country", {"country": "BE", "account": "777"}, "has no account &#x27;777&#x27;"),
    ],
)
def test_a_row_that_is_wrong_is_named(
    field: str, typed: dict[str, str], complaint: str, acme: Acme, accountant: Client
) -> None:
    DirectoryAccount.objects.create(division=acme.connection.division, account_id="1", code="100", name="Cash sales")
    page = page_of(accountant, acme.connection)
    answer = page.save(**{f"{field}-0-{cell}": text for cell, text in typed.items()})
    assert answer.status_code == 200
    assert complaint.replace("123456", str(acme.connection.division.code)) in answer.content.decode()


def test_a_collective_account_is_needed_where_orders_go_to_it(acme: Acme, accountant: Client) -> None:
    page = page_of(accountant, acme.connection)
    assert "missing" in page.complaint("collective_account", guest_strategy="collective", collective_account="")


def test_a_connection_is_switched_to_sales_entries(acme: Acme, accountant: Client) -> None:
    page = page_of(accountant, acme.connection)
    assert page.choices("document") == {
        "sales_invoice": "Sales invoice",
        "sales_entry": "Sales entry (booked at once)",
        "direct_invoice": "Direct invoice (takes the goods from stock)",
    }
    answer = page.save(document="sales_entry", finalize="", invoice_template="")
    assert answer.status_code == 302
    acme.connection.refresh_from_db()
    assert acme.connection.document == "sales_entry"


def test_rules_that_choose_codes_with_vat_in_them_stand_against_sales_entries(acme: Acme, accountant: Client) -> None:
    filed = {**rule_versions.as_filed(rule_versions.in_force(acme.connection))}
    filed["vat"] = [{"when": {"country": "NL", "rate": "21"}, "code": "2"}, *filed["vat"]]
    rule_versions.save_version(acme.connection, filed, author=None, note="")
    page = page_of(accountant, acme.connection)
    assert "VAT code '2' includes VAT" in page.complaint("document", document="sales_entry")


def test_settings_of_details_that_a_program_does_not_send_stay_as_they_are(acme: Acme, accountant: Client) -> None:
    Connection.objects.update(contact_owner="exact", customer_minutes=15)
    page = page_of(accountant, acme.connection)
    for name in ("contact_owner", "customer_minutes"):
        del page.fields[name]
    assert page.save(customer_direction="").status_code == 302
    acme.connection.refresh_from_db()
    assert (acme.connection.contact_owner, acme.connection.customer_minutes) == ("exact", 15)
    assert acme.connection.customer_direction == "both"
