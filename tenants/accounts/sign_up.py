"""Signing up: a code by mail, and only then the person, the organisation and its owner.

An address that has an account gets the same answers on every page, and a mail that says so.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import count

import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tenants.accounts.addresses import verify
from tenants.accounts.models import SignUp
from tenants.languages import known, of_reader
from tenants.models import Membership, Role, Tenant, User

log = structlog.get_logger(__name__)

DIGITS, TRIES = 6, 5
GOOD_FOR = timedelta(minutes=15)
NO_SECOND_MAIL = timedelta(seconds=20)  # a double click, or two tabs
SECOND_PRESS = timedelta(minutes=1)  # a right code lets in once more, when it was pressed twice
KEPT = timedelta(days=7)


class Outcome(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a code, how many tries are left, and who may come in."""

    outcome: Outcome
    left: int = 0
    person: User | None = None


def is_open() -> bool:
    """Return whether strangers may sign up: by SIGNUPS, and always where nobody has an account yet."""
    return settings.SIGNUPS == "open" or not User.objects.exists()


def new_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_urlsafe(32)


def pending(key: str) -> SignUp | None:
    """Return the sign-up of a browser, unless an account was made of it."""
    return SignUp.objects.filter(key=key, person=None).first() if key else None


def ask(key: str, *, company: str, email: str, password: str) -> SignUp:
    """Keep what was asked for and mail a code. Asking twice with the same key makes one sign-up and one mail."""
    typed = {"company": company, "email": email.strip().lower(), "password": make_password(password)}
    with transaction.atomic():
        SignUp.objects.get_or_create(key=key, defaults={**typed, "code": ""})
        sign_up = SignUp.objects.select_for_update().get(key=key)
        moved = sign_up.email != typed["email"]
        fresh = not moved and _is_recent(sign_up)
        if sign_up.person_id is None:
            # A code proves the address that it was mailed to, and no other.
            forgotten = {"code": "", "mailed_at": None} if moved else {}
            SignUp.objects.filter(pk=sign_up.pk).update(**typed, **forgotten)
    if sign_up.person_id is None and not fresh:
        mail_code(sign_up.pk)
    return sign_up


def mail_code(pk: int) -> bool:
    """Mail a new code, which takes the place of the one before; returns whether the mail left."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        sign_up = SignUp.objects.select_for_update().get(pk=pk)
        if _is_recent(sign_up, NO_SECOND_MAIL / 4):
            return True
        taken = User.objects.filter(email=sign_up.email).exists()
        # Nobody learns the code of an address that has an account.
        sign_up.code = _hashed(sign_up.key, secrets.token_hex() if taken else code)
        sign_up.tries, sign_up.mailed_at = 0, timezone.now()
        sign_up.save(update_fields=["code", "tries", "mailed_at"])
    with override(of_reader(sign_up.email, get_language() or "")):
        subject, text = _mail_to_a_known_address() if taken else _mail_with(code)
    try:
        send_mail(subject, text, None, [sign_up.email])
    except OSError as error:
        log.error("code_not_mailed", error=type(error).__name__)
        SignUp.objects.filter(pk=pk).update(mailed_at=None)
        return False
    return True


def check(key: str, typed: str) -> Verdict:
    """Hold a code against the sign-up; when it is right, make person and organisation, once."""
    code = "".join(letter for letter in typed if letter in "0123456789")
    with transaction.atomic():
        sign_up = SignUp.objects.select_for_update().filter(key=key).first()
        if sign_up is None or not _is_recent(sign_up, GOOD_FOR):
            return Verdict(Outcome.EXPIRED)
        if sign_up.tries >= TRIES:
            return Verdict(Outcome.SPENT)
        if not constant_time_compare(sign_up.code, _hashed(key, code)):
            sign_up.tries += 1
            sign_up.save(update_fields=["tries"])
            left = TRIES - sign_up.tries
            return Verdict(Outcome.WRONG if left else Outcome.SPENT, left)
        return _let_in(sign_up)


def remove_abandoned() -> int:
    """Remove sign-ups that are older than seven days; returns how many."""
    return SignUp.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _let_in(sign_up: SignUp) -> Verdict:
    if sign_up.person is not None:
        again = timezone.now() - sign_up.person.date_joined < SECOND_PRESS
        return Verdict(Outcome.RIGHT, person=sign_up.person) if again else Verdict(Outcome.EXPIRED)
    if not is_open():
        return Verdict(Outcome.CLOSED)
    if User.objects.filter(email=sign_up.email).exists():  # since the code was mailed
        return Verdict(Outcome.EXPIRED)
    person = User(email=sign_up.email, password=sign_up.password)
    person.save()
    verify(person)
    Membership.objects.create(user=person, tenant=_tenant(sign_up.company), role=Role.OWNER)
    sign_up.person, sign_up.password = person, ""
    sign_up.save(update_fields=["person", "password"])
    return Verdict(Outcome.RIGHT, person=person)


def _tenant(company: str) -> Tenant:
    stem = slugify(company)[:40].strip("-_") or "organisation"
    slugs = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    free = next(slug for slug in slugs if not Tenant.objects.filter(slug=slug).exists())
    return Tenant.objects.create(slug=free, name=company, language=known(get_language() or ""))


def _is_recent(sign_up: SignUp, span: timedelta = NO_SECOND_MAIL) -> bool:
    return sign_up.mailed_at is not None and timezone.now() - sign_up.mailed_at < span


def _hashed(key: str, code: str) -> str:
    return salted_hmac("tenants.accounts.sign_up", f"{key}:{code}", algorithm="sha256").hexdigest()


def _mail_with(code: str) -> tuple[str, str]:
    text = _("Enter this code in the page that asked for it. It is good for %(minutes)s minutes.")
    ignore = _("Did you not ask for it? Then do nothing: no account is made.")
    return _("Your code for ml-connector"), f"{text % {'minutes': GOOD_FOR.seconds // 60}}\n\n{code}\n\n{ignore}\n"


def _mail_to_a_known_address() -> tuple[str, str]:
    text = _("Somebody asked for an account with your e-mail address, but it has one already.")
    how = _("Log in: %(log_in)s\nChoose a new password: %(reset)s") % {
        "log_in": f"{settings.PUBLIC_URL}{reverse('account_login')}",
        "reset": f"{settings.PUBLIC_URL}{reverse('account_reset_password')}",
    }
    ignore = _("Was it not you? Then do nothing: your account stays as it is.")
    return _("You have an account at ml-connector"), f"{text}\n\n{how}\n\n{ignore}\n"
