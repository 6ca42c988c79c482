"""A person chooses the language of pages and mails."""

from django.urls import reverse

from tenants.models import User
from tests.tenants.test_languages import browser


def test_a_person_chooses_and_is_answered_in_that_language(db: None) -> None:
    client = browser()
    page = reverse("account_language")
    assert "Nederlands" in client.get(page).content.decode()
    answer = client.post(page, {"language": "nl"}, follow=True)
    assert '<html lang="nl">' in answer.content.decode()
    assert User.objects.get().language == "nl"
    assert '<html lang="en-gb">' in client.post(page, {"language": ""}, follow=True).content.decode()
    assert client.post(page, {"language": "xx"}).status_code == 200
    assert User.objects.get().language == ""
