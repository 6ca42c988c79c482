"""The export is the provision file again, without secrets."""

from typing import Any

from connector.flow.setup.provision.export import export
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.run import provision
from connector.flow.setup.settings_table import SETTINGS, values_in, values_of
from connector.models import Connection
from tenants.models import TENANT_SETTINGS, Tenant
from tests.acme import Acme

SPARE = {
    "tenant": {"slug": "acme", "name": "Acme"},
    "connections": [{"store": "nlshop1", "division": 100001, "journal": "70"}],
}

CODES_OF_RECEIPTS = ("receipt_journal", "receivable_account", "gift_certificate_account", "store_credit_account")


def test_the_export_writes_each_where_the_file_has_it_and_is_read_as_the_same(acme: Acme) -> None:
    Connection.objects.update(
        customer_direction="none",
        rounding_limit="0.07",
        collective_account="900",
        **{name: "20" for name in CODES_OF_RECEIPTS},
    )
    exported = export(acme.store.tenant)["connections"][0]
    for setting in SETTINGS:
        group, name = setting.place
        assert name in (exported[group] if group else exported)
    read = read_file(SPARE | {"connections": [exported]})["connections"][0]
    assert values_in(read) == values_of(Connection.objects.get())


def test_the_table_of_skus_comes_back(file: dict[str, Any], db: None) -> None:
    file["connections"][0]["sku_items"] = [{"sku": "A", "item": "SHIP"}]
    provision(file, with_hooks=False, tell=lambda line: None)
    assert export(Tenant.objects.get())["connections"][0]["sku_items"] == [{"sku": "A", "item": "SHIP"}]


def test_the_settings_of_an_organisation_come_back_as_they_were_filed(file: dict[str, Any], db: None) -> None:
    file["tenant"] |= {"timezone": "Europe/Paris", "alert_emails": ["ops@acme.example"], "digest_hour": 23}
    file["tenant"] |= {"language": "nl"}
    file["tenant"] |= {"keep_deliveries_days": 60, "keep_copies_days": 800, "keep_calls_days": 36500}
    provision(file, with_hooks=False, tell=lambda line: None)
    assert export(Tenant.objects.get())["tenant"] == file["tenant"]
    assert set(file["tenant"]) == {"slug", *TENANT_SETTINGS}
