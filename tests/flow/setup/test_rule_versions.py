"""Each change of the rules makes the next version."""

import copy

from connector.models import RuleVersion
from tests.acme import Acme
from tests.flow.setup.provision.test_run import run


def test_a_change_of_the_rules_makes_the_next_version_and_keeps_the_old_one(acme: Acme) -> None:
    changed = copy.deepcopy(acme.file)
    changed["connections"][0]["rules"][0]["then"]["gl_account"] = "8200"
    run(changed)
    assert [version.number for version in RuleVersion.objects.order_by("number")] == [1, 2]
    first, second = RuleVersion.objects.order_by("number")
    assert first.mapping_rules.get(priority=10).gl_account == "8100"
    assert second.mapping_rules.get(priority=10).gl_account == "8200"
