"""Sessions in the database, encrypted as credentials are: a session may hold what a person is about to store.

A browser has the session's secret in its cookie. The database has a hash of that as the session's key, and so have the
lists of sessions: who reads them can open none.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from tenants.sealed import KeyMissing, Moved, is_bound, seal, unseal

SEEN = "seen"  # when the person last opened a page, in seconds since 1970
NOTED_AFTER = 0.02  # of the idle time
BY_ITSELF = "refreshed"  # in the address of a page that a browser opened by itself (templates/refresh.html)


class SessionStore(db.SessionStore):
    """A session's row tells nothing to who reads the database. A row that no key decrypts is an empty session, and
    so is one with the data of another session. `secret` is for the cookie; "" where only the row's key is known."""

    secret = ""

    @classmethod
    def of_cookie(cls, secret: str | None) -> Self:
        """Return the session of a browser that shows this secret."""
        found = cls(_key_of(secret) if secret else None)
        found.secret = secret or ""
        return found

    def _get_new_session_key(self) -> str:
        self.secret = get_random_string(32)
        return _key_of(self.secret)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypt what Django has signed, for this session alone."""
        return seal(super().encode(session_dict), *self._place())

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Decrypt what the database holds."""
        data = session_data.decode() if isinstance(session_data, bytes) else session_data
        if not is_bound(data):  # of a release before: the person logs in once more
            return {}
        try:
            return super().decode(unseal(data, *self._place()))
        except (KeyMissing, Moved):
            return {}

    def _place(self) -> tuple[str, str, str]:
        return "django_session", "session_data", str(self.session_key)


def _key_of(secret: str) -> str:
    """Return the key of a session's row. A secret has 190 random bits, so that no salt is needed."""
    return hashlib.blake2b(secret.encode(), digest_size=20).hexdigest()


class SecretCookies(SessionMiddleware):
    """Django's middleware, but the cookie holds the session's secret."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the session of the cookie."""
        request.session = SessionStore.of_cookie(request.COOKIES.get(settings.SESSION_COOKIE_NAME))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session as Django does, and give its secret to the browser."""
        response = super().process_response(request, response)
        cookie, session = response.cookies.get(settings.SESSION_COOKIE_NAME), request.session
        if cookie is not None and cookie.value and isinstance(session, SessionStore):  # else it is removed
            cookie.set(settings.SESSION_COOKIE_NAME, session.secret, session.secret)
        return response


def end_idle(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """End the session of a person who has opened no page for SESSION_IDLE_HOURS."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _look_at(request.session, time.time(), by_person=not _is_refresh(request))
        response = get_response(request)
        if request.session.modified and SESSION_KEY in request.session:  # perhaps just logged in
            request.session.setdefault(SEEN, time.time())
        return response

    return answer


def _is_refresh(request: HttpRequest) -> bool:
    """Whether a waiting page looked again. What a person sends from such a page is theirs."""
    return request.method == "GET" and BY_ITSELF in request.GET


def _look_at(session: SessionBase, now: float, *, by_person: bool) -> None:
    """End the session, or note that it is in use: not with each request, because each note is a write."""
    idle, seen = settings.SESSION_IDLE_HOURS * 3600, session.get(SEEN, now)
    if now - seen > idle:
        session.flush()
    elif by_person and (SEEN not in session or now - seen > idle * NOTED_AFTER):
        session[SEEN] = now


def remove_ended() -> None:
    """Remove sessions that ended, and the lines of people's lists that named them."""
    SessionStore.clear_expired()
    named = Session.objects.filter(session_key=OuterRef("session_key"))
    long_ago = timezone.now() - timedelta(days=1)
    UserSession.objects.filter(~Exists(named), last_seen_at__lt=long_ago).delete()
