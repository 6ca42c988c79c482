"""The connection test reports what works, and names everything that is broken and how to fix it."""

from connector.flow.setup.connection_test.findings import Finding
from connector.flow.setup.connection_test.run import check, passed
from connector.models import Connection, SyncEvent
from connector.sandbox.bigcommerce.state import READ_SCOPES
from tests.acme import Acme


def findings(acme: Acme) -> list[Finding]:
    return check(Connection.objects.get(pk=acme.connection.pk))


def wrong(acme: Acme) -> dict[str, Finding]:
    """What is broken, by name. Everything says what to do."""
    found = findings(acme)
    assert all(finding.text and finding.what_to_do for finding in found)
    return {finding.name: finding for finding in found if finding.ok is False}


def test_all_is_well_and_everything_is_named(acme: Acme) -> None:
    found = findings(acme)
    assert passed(found)
    assert [finding for finding in found if finding.ok is not True] == []
    names = {finding.name for finding in found}
    assert {"token", "store", "currency", "price basis", "plan", "clock", "user", "region", "division"} <= names
    assert names >= READ_SCOPES
    assert {"hook store/order/created", "hook store/order/updated"} <= names
    rights = {name.removeprefix("right to read ") for name in names if name.startswith("right to read ")}
    assert {"accounts", "items", "journals", "VAT codes", "GL accounts", "cost centres", "invoices"} <= rights
    assert "invoice templates" in rights
    reported = " ".join(finding.text for finding in found)
    assert "450 calls are allowed in 30 s" in reported
    assert "Prices are entered including tax" in reported
    assert "Robin Zandbak" in reported


def test_it_reads_only_and_asks_little(acme: Acme) -> None:
    store_calls, exact_calls = acme.store_calls(), acme.exact_calls()
    findings(acme)
    assert acme.store_calls() - store_calls <= 10
    assert acme.exact_calls() - exact_calls <= 25
    assert all(call.method == "GET" for call in list(acme.sandbox.exact.calls)[exact_calls:] if "/v1/" in call.path)
    assert SyncEvent.objects.filter(text__startswith="GET v2/time").exists()
