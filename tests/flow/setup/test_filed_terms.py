"""What is proposed to divisions of different make passes every check of a connection, and becomes its terms."""

from pathlib import Path

import pytest

from connector.domain.rules.propose.amounts import Tried, propose_amounts
from connector.domain.rules.propose.mapping import as_filed, propose
from connector.flow.setup.codes import Known, rule_problems, setting_problems
from connector.flow.setup.filed_terms import terms_of_filed
from connector.flow.setup.provision.read_file import read_connection
from connector.flow.setup.settings_table import values_in
from connector.models import Division, Store
from tests.domain.rules.propose.division import CASES, read_case, read_facts


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_code_is_unknown_and_no_rule_wrong(path: Path) -> None:
    facts = read_facts(read_case(path))
    found = propose(facts)
    entry = as_filed(found)["document"] == "sales_entry"
    filed = as_filed((*found, *propose_amounts(facts, Tried(), entry=entry)))
    checked = read_connection({"store": "shop1", "division": 1, **filed})
    known = Known(1, facts.chart, {"layout": facts.layouts})
    assert list(setting_problems(values_in(checked), known)) == []
    assert list(rule_problems(checked, known, checked["document"])) == []
    terms = terms_of_filed(Store(store_hash="shop1", prefix="SHOP"), Division(code=1), filed, facts.chart)
    assert terms.settings.journal == filed["journal"]
    assert terms.settings.is_entry is entry
    assert terms.settings.start_date is None
    assert len(terms.rules.vat) == len(filed["vat"])
