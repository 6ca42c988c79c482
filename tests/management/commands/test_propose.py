"""`propose` proposes a connection from both sides, which `provision` takes as it is."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.domain.rules.propose.proposal import Confidence
from connector.flow.setup.provision.run import provision
from connector.models import Connection, RuleVersion
from tests.acme import DIVISION, STORE, Acme

ARGUMENTS = ("propose", "--tenant=demo", f"--store={STORE}", f"--division={DIVISION}")


@pytest.fixture
def acme(acme: Acme) -> Acme:
    """Acme with ten orders: enough for what is asked here."""
    orders = acme.sandbox.stores.store(STORE).orders
    for number in sorted(orders)[10:]:
        del orders[number]
    return acme


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        call_command(*arguments)
    return str(refused.value)


def test_what_it_proposes_is_provisioned_as_it_is(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object on standard output, progress elsewhere; the reasons by key, the unsure ones first."""
    RuleVersion.objects.all().delete()
    Connection.objects.all().delete()
    call_command(*ARGUMENTS, "--json")
    printed = capsys.readouterr()
    found: dict[str, Any] = json.loads(printed.out)
    assert found.keys() == {"connection", "why"}
    assert "Reading the orders" in printed.err
    levels = [each["confidence"] for each in found["why"].values()]
    assert levels == sorted(levels, key=[str(level) for level in reversed(Confidence)].index)
    for key, each in found["why"].items():
        assert each.keys() == {"reason", "confidence", "alternatives"}
        assert isinstance(each["alternatives"], list)
        assert each["reason"].endswith(".")
        assert key.split(".")[0] in found["connection"]
    assert found["why"]["vat.2"]["alternatives"] == ["4"]
    provision(acme.file | {"connections": [found["connection"]]}, with_hooks=False, tell=lambda line: None)
    assert Connection.objects.get().mode == "shadow"
    assert RuleVersion.objects.get().vat_rules.count() == len(found["connection"]["vat"])


def test_it_reads_as_text_too(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(*ARGUMENTS)
    out = capsys.readouterr().out
    assert 'journal: 71  (likely)\n    71 is the sales journal whose name says so: "Verkoopboek webshop".' in out
    assert "    Or: 70 (Verkoopboek)" in out


def test_it_names_what_is_not_there(acme: Acme) -> None:
    assert "no tenant 'nobody'" in refusal("propose", "--tenant=nobody", f"--store={STORE}", "--division=1")
    assert "no store 'none'" in refusal("propose", "--tenant=demo", "--store=none", "--division=1")
    assert "no division 7" in refusal("propose", "--tenant=demo", f"--store={STORE}", "--division=7")
    for days in ("0", "99999999999"):
        assert "from 1 to 3650" in refusal(*ARGUMENTS, f"--days={days}")


def test_a_store_that_does_not_answer_ends_it(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("401", "GET", "*/v2/orders")
    assert "could not be read" in refusal(*ARGUMENTS)
