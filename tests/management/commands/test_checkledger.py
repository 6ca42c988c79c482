"""`checkledger`, as a shell sees it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.acme import Acme
from tests.flow.monitor.test_completeness import change


def test_without_json_it_says_it_in_words(acme: Acme) -> None:
    change(acme, 1001)
    out = StringIO()
    with pytest.raises(CommandError, match="1 missing, 0 stuck, 0 stores not read"):
        call_command("checkledger", "--tenant", acme.store.tenant.slug, stdout=out)
    assert "missing: 1001, nlshop1, 100001" in out.getvalue()
    with pytest.raises(CommandError, match="no tenant"):
        call_command("checkledger", "--tenant", "nobody")
