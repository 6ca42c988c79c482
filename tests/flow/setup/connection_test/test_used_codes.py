"""Which codes settings and rules name, and where."""

from connector.flow.setup.connection_test import used_codes
from connector.models import Connection
from tests.acme import Acme
from tests.flow.setup.connection_test.test_run import wrong


def test_journal_and_template_of_the_connection_are_looked_up(acme: Acme) -> None:
    Connection.objects.update(journal="999", invoice_template="Gone")
    found = wrong(acme)
    assert set(found) == {"journals in use", "invoice templates in use"}
    assert {finding.page for finding in found.values()} == {"connection"}


def test_every_code_is_asked_for_once(acme: Acme) -> None:
    used = used_codes.used_codes(acme.connection)
    assert len({(use.kind, use.code) for use in used}) == len(used)
    assert {"journal", "gl_account", "item", "vat_code"} <= {use.kind for use in used}
    assert all(use.code and use.place for use in used)


def test_what_a_new_account_gets_is_looked_up(acme: Acme) -> None:
    Connection.objects.update(account_rules=[{"when": {}, "then": {"payment_condition": "ZZ", "vat_code": "YY"}}])
    found = wrong(acme)
    assert set(found) == {"payment conditions in use", "VAT codes in use"}
    assert all("row 1" in finding.text for finding in found.values())
