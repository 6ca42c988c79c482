"""The marks of a party: two that have one in common are alike."""

from connector.domain.customer.marks import marks_of


def test_a_name_an_address_and_an_account_are_marks_however_they_are_written() -> None:
    ours = marks_of(["De Gouden Fiets B.V.", ""], ["Info@Fiets.example "], ["AB-1"])
    assert ours & marks_of(["gouden fiets, de"], [])
    assert ours & marks_of([], ["info@fiets.example"])
    assert ours & marks_of([], [], ["ab-1"])


def test_a_name_that_was_cut_for_exact_is_the_same() -> None:
    whole = "Stichting tot Behoud van de Historische Fietsen van Noord-Holland"
    assert marks_of([whole], []) & marks_of([whole[:50]], [])


def test_nothing_is_no_mark() -> None:
    assert marks_of(["", "-"], ["", " "], [""]) == frozenset()
