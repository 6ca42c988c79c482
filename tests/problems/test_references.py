"""Which references a problem is about: by its parameters, or by the text of a refusal."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.problems.references import may_be_solved, named_in, names_one, of_problem

TEXTS = {
    "Ongeldige referentie: BTW-code": {"vat_code"},
    "Invalid: VAT percentage []": {"vat_code"},
    "Ongeldig: BTW-nummer": set[str](),
    "Ongeldig: Artikel (Einddatum)": {"item"},
    "Geen verkoopartikel: PEN": {"item"},
    "Ongeldig: Grootboekrekening (Geblokkeerd)": {"gl_account"},
    "Mandatory: Cost centre": {"cost_center"},
    "Ongeldige referentie: Journals": {"journal"},
    "Ongeldig: Factuur voor (Geblokkeerd); Ongeldig: Besteld door (Geblokkeerd)": {"account"},
    "Verplicht: Boekjaar": {"period"},
    "Invalid: Period (Closed)": {"period"},
    "Ongeldige referentie: Artikel; Ongeldige referentie: BTW-code": {"item", "vat_code"},
    "Te lang: Omschrijving van het Artikel": set[str](),
    "A problem has occurred.": set[str](),
}


@pytest.mark.parametrize(("text", "kinds"), TEXTS.items())
def test_a_refusal_names_kinds(text: str, kinds: set[str]) -> None:
    assert named_in(text) == kinds


def test_a_problem_names_a_code() -> None:
    assert of_problem(problem(Code.ITEM_MISSING, item="SHIP")) == {("item", "SHIP")}
    assert of_problem(problem(Code.COST_CODE_MISSING, dimension="cost centre", cost_code="EU")) == {
        ("cost_center", "EU"),
        ("cost_unit", "EU"),
    }
    assert of_problem(problem(Code.NO_VAT_RULE, country="FR", rate="20", area="FR", fitting="")) == {("vat_code", "")}
    assert of_problem(problem(Code.TOTALS_DIFFER, total="1")) == set()


def test_a_change_solves_what_is_about_it() -> None:
    changes = {("item", "SHIP")}
    assert may_be_solved(changes, [problem(Code.ITEM_MISSING, item="SHIP")])
    assert not may_be_solved(changes, [problem(Code.ITEM_MISSING, item="PEN")])
    assert may_be_solved(changes, [problem(Code.REFUSED, text="Ongeldige referentie: Artikel")])
    assert not may_be_solved({("journal", "70")}, [problem(Code.REFUSED, text="Ongeldige referentie: Artikel")])


def test_a_refusal_of_something_else_names_none() -> None:
    assert names_one([problem(Code.REFUSED, text="Ongeldige referentie: Artikel")])
    assert not names_one([problem(Code.REFUSED, text="Te lang: Naam"), problem(Code.ITEM_MISSING, item="SHIP")])
