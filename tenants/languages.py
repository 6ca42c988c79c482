"""The language in which a person reads: the person's choice, else the browser's; in a mail the organisation's.

A language is one of LANGUAGES. What is kept is English, so that it is the same in whatever language a person works.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

from tenants.models import User


def in_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a request in the language of the person, before the log-in in the browser's."""

    def answer(request: HttpRequest) -> HttpResponse:
        person = request.user
        chosen = known(person.language) if person.is_authenticated else ""
        language = chosen or get_language_from_request(request)
        with override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


def known(language: str) -> str:
    """Return the language, or "" when the portal does not have it (any more)."""
    return language if language in dict(settings.LANGUAGES) else ""


def of_reader(email: str, otherwise: str) -> str:
    """Return the language of a mail to an address: its person's choice, else another one, else the installation's."""
    return by_language([email], otherwise).popitem()[0]


def by_language(emails: Iterable[str], otherwise: str) -> dict[str, list[str]]:
    """Return addresses by the language of a mail to them, as `of_reader`."""
    addresses = {email: email.strip().lower() for email in emails}
    people = User.objects.filter(email__in=addresses.values()).exclude(language="")
    chosen = dict(people.values_list("email", "language"))
    found: dict[str, list[str]] = {}
    for email, address in addresses.items():
        language = known(chosen.get(address, "")) or known(otherwise) or settings.LANGUAGE_CODE
        found.setdefault(language, []).append(email)
    return found
