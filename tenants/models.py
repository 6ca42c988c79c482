"""Organisations, people, and what a person may do in an organisation."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.typed import name_constraint, validate_name


def validate_time_zone(name: str) -> None:
    """Raise ValidationError for a name that is not in the IANA list, such as "CET+1"."""
    if name not in available_timezones():
        raise ValidationError(
            gettext("%(name)s is not a time zone. Use a name such as Europe/Amsterdam.") % {"name": name}
        )


def languages() -> list[tuple[str, str]]:
    """Return the languages that the portal has, each by its own name."""
    return list(settings.LANGUAGES)


# Days for which things may be kept: from the shortest that repeated and late deliveries need, to a hundred years.
LEAST_DAYS, MOST_DAYS = 60, 36_500


class Tenant(models.Model):
    """A merchant's organisation. Every other row belongs to one."""

    slug = models.CharField(max_length=50, unique=True, validators=[validate_slug])
    name = models.CharField(max_length=200, validators=[validate_name])
    timezone = models.CharField(max_length=64, default="Europe/Amsterdam", validators=[validate_time_zone])
    alert_emails = models.JSONField(default=list, blank=True, help_text=_("They get a mail when a person must act."))
    digest_hour = models.PositiveSmallIntegerField(
        default=8,
        db_default=8,
        validators=[MaxValueValidator(23)],
        help_text=_("From which hour on, in its time zone, the daily mail about held documents is sent."),
    )
    language = models.CharField(
        max_length=10,
        default="",
        db_default="",
        blank=True,
        choices=languages,
        help_text=_("Of its mails, for who has not chosen one. Empty: the installation's."),
    )
    digested_on = models.DateField(null=True, editable=False)
    keep_deliveries_days = models.PositiveIntegerField(
        default=90,
        db_default=90,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
        help_text=_("Days for which what its stores reported is kept. A store that is connected again needs 60."),
    )
    keep_copies_days = models.PositiveIntegerField(
        default=400,
        db_default=400,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
        help_text=_("Days for which copies of orders, and what was sent and answered, are kept after the last change."),
    )
    keep_calls_days = models.PositiveIntegerField(
        default=730,
        db_default=730,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
        help_text=_("Days for which the lines about calls are kept. The chain keeps their hashes for ever."),
    )
    pruned_at = models.DateTimeField(null=True, editable=False)
    suspended = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_(
            "Nothing is called for it and its members see no page. What its stores report is kept. Switched back on, "
            "everything flows on."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [name_constraint("tenant")]

    def __str__(self) -> str:
        return self.name


TENANT_SETTINGS = (
    *("name", "timezone", "alert_emails", "digest_hour", "language"),
    *("keep_deliveries_days", "keep_copies_days", "keep_calls_days"),
)
"""The columns of an organisation that its owner sets, on its page or in the provision file."""


class UserManager(BaseUserManager["User"]):
    """Makes users that log in with their e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a person. Without a password nobody can log in as them."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a person who runs the platform."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail address in upper or lower case. Raises User.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the log-in name. The memberships say what the person may do."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(max_length=200, blank=True, validators=[validate_name])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("runs the platform"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    # Counts how often the person was switched off. Each time all their sessions end for good.
    session_era = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    # Of pages and mails. Empty: the browser's, and in a mail the organisation's.
    language = models.CharField(max_length=10, default="", db_default="", blank=True, choices=languages)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case"),
            name_constraint("user"),
        ]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold. A new password ends the sessions, and so does switching the person off."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.password}:{self.session_era}" if self.session_era else self.password
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def clean(self) -> None:
        """Keep the address in lower case, as the log-in looks for it."""
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """Return the name to show."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the name to greet with."""
        return self.name.partition(" ")[0] or self.email


class Role(models.TextChoices):
    """What a person may do in a tenant. docs/operating.md has the table."""

    OWNER = "owner", _("owner")
    ACCOUNTANT = "accountant", _("accountant")
    OPERATOR = "operator", _("operator")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    """A person's role in a tenant. One person may belong to several tenants."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(fields=["user", "tenant"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
