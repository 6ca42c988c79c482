"""Pick the divisions of a consent, and every way in which that must fail."""

from django.test import Client

from connector.clients import errors
from connector.models import Division
from tests.acme import Acme
from tests.admin.consent_at_exact import page
from tests.consents import grant_of
from tests.factories import DivisionFactory


class TestDivisions:
    """Picking what a consent may use."""

    def test_the_list_is_read_when_asked(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        calls = acme.exact_calls("*")
        assert "was not read" in owner.get(page("divisions", grant)).content.decode()
        assert acme.exact_calls("*") == calls
        owner.post(page("divisions", grant), {"read": "1"})
        assert "200002" in owner.get(page("divisions", grant)).content.decode()

    def test_another_organisations_division_is_refused_without_naming_it(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        DivisionFactory.create(grant__tenant__name="Rival Ltd", code=200002)
        owner.post(page("divisions", grant), {"read": "1"})
        answer = owner.post(page("divisions", grant), {"use": "1", "division": ["300003", "200002"]}, follow=True)
        shown = answer.content.decode()
        assert "200002 is in use elsewhere" in shown
        assert "Rival" not in shown
        assert "Theirs" not in shown
        assert {division.code for division in grant.divisions.all()} == {100001}

    def test_one_that_is_not_reached(self, acme: Acme, owner: Client) -> None:
        answer = owner.post(page("divisions", grant_of(acme)), {"use": "1", "division": ["999"]}, follow=True)
        assert "does not reach division 999" in answer.content.decode()

    def test_master_data_that_cannot_be_read_is_read_when_pressed_again(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        owner.post(page("divisions", grant), {"read": "1"})
        acme.sandbox.exact.faults.add("429_minute", "GET", "*200002*")
        posted = {"use": "1", "division": ["200002"]}
        answer = owner.post(page("divisions", grant), posted, follow=True)
        assert "could not be read yet" in answer.content.decode()
        Division.objects.update(minute_ends_at=None)  # a minute later
        owner.post(page("divisions", grant), posted)
        assert Division.objects.get(code=200002).master_data_at

    def test_exact_that_does_not_answer_is_said(self, acme: Acme, owner: Client) -> None:
        acme.sandbox.exact.faults.add("503_html", "GET", "*Divisions*")
        answer = owner.post(page("divisions", grant_of(acme)), {"read": "1"}, follow=True)
        assert answer.status_code == 200
        assert errors.Unavailable.__name__ not in answer.content.decode()
