"""A division that is not used yet: what it has for sales, and which right is lacking."""

from connector.flow.setup.connection_test import new_division
from connector.flow.setup.divisions import read_reachable
from connector.models import ExactGrant
from tests.acme import DIVISION, Acme


def ask(acme: Acme, code: int = DIVISION) -> new_division.Answer:
    grant = ExactGrant.objects.select_related("tenant").get()
    read_reachable(grant)
    return new_division.ask(grant, code)


def test_it_tells_its_journals_and_the_rates_of_its_codes(acme: Acme) -> None:
    answer = ask(acme)
    facts = dict(answer.facts)
    assert (facts["Country"], facts["Currency"]) == ("NL", "EUR")
    assert "70 " in facts["Sales journals"]
    assert "21 %" in facts["VAT codes for sales"]
    assert [finding for finding in answer.findings if finding.ok is not True] == []


def test_a_right_that_is_lacking_is_a_finding_and_the_others_are_tried(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("403:scope", "GET", "*/logistics/Items", times=-1)
    lacking = {finding.name: finding.ok for finding in ask(acme).findings if not finding.ok}
    assert lacking == {"right to read items": False}


def test_one_that_the_consent_does_not_reach_is_asked_nothing_more(acme: Acme) -> None:
    calls = acme.exact_calls("*/crm/Accounts*")
    answer = ask(acme, 424242)
    assert answer.findings[-1].ok is False
    assert answer.facts == []
    assert acme.exact_calls("*/crm/Accounts*") == calls
