"""All settings, read from the environment and from `.env`.

A missing secret is an error, never a default. docs/environment.md lists every variable.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import navigation
from config.exact_apps import read_apps
from config.logs import configure_logs

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
env = environ.Env()
# An empty variable means "not set": templates and compose files leave such variables. A key may begin with a dollar
# sign, which the library would read as the name of another variable.
env.escape_proxy = True
env.ENVIRON = {
    name: f"\\{value}" if value.startswith("$") else value for name, value in os.environ.items() if value.strip()
}

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# The first key encrypts stored credentials, all keys decrypt.
SALT_KEY: list[str] = [key.strip() for key in env.list("SALT_KEY") if key.strip()]
if not SALT_KEY:
    raise ImproperlyConfigured("SALT_KEY holds no key; `make env` makes fresh ones.")

# --- Where we are -----------------------------------------------------------------------------------
ALLOW_INSECURE_UPSTREAMS: bool = env.bool("ALLOW_INSECURE_UPSTREAMS", default=False)
PUBLIC_URL: str = env.str("PUBLIC_URL", default="").rstrip("/")
if PUBLIC_URL and urlsplit(PUBLIC_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured(f"PUBLIC_URL must begin with https://, not {PUBLIC_URL!r}.")
SECURE = PUBLIC_URL.startswith("https://")
if PUBLIC_URL and not SECURE and not ALLOW_INSECURE_UPSTREAMS:
    raise ImproperlyConfigured("PUBLIC_URL is http: set an https address (or ALLOW_INSECURE_UPSTREAMS to try out).")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS",
    # This machine's own names are for health checks.
    default=[host for host in (urlsplit(PUBLIC_URL).hostname, "localhost", "127.0.0.1") if host],
)
BIGCOMMERCE_API_URL: str = env.str("BIGCOMMERCE_API_URL", default="https://api.bigcommerce.com").rstrip("/")
# Unset: the host of the grant's region.
EXACT_ONLINE_URL: str = env.str("EXACT_ONLINE_URL", default="").rstrip("/")
# The portal's own apps at Exact, by region: client id and client secret.
EXACT_APPS: dict[str, tuple[str, str]] = read_apps(env.str("EXACT_APPS", default=""))
for _name, _url in (("BIGCOMMERCE_API_URL", BIGCOMMERCE_API_URL), ("EXACT_ONLINE_URL", EXACT_ONLINE_URL)):
    if _url and not _url.startswith("https://") and not ALLOW_INSECURE_UPSTREAMS:
        raise ImproperlyConfigured(f"{_name} is not https; only ALLOW_INSECURE_UPSTREAMS permits that.")

CONNECTOR_SETTLE_SECONDS: float = env.float("CONNECTOR_SETTLE_SECONDS", default=120.0)
CONNECTOR_POLL_MINUTES: float = env.float("CONNECTOR_POLL_MINUTES", default=15.0)
CONNECTOR_SWEEP_SECONDS: float = env.float("CONNECTOR_SWEEP_SECONDS", default=60.0)
# Ends, stops or breaks a process on purpose (flow/fault_points). For tests, never with real orders.
CONNECTOR_FAULT_POINT: str = env.str("CONNECTOR_FAULT_POINT", default="")
if CONNECTOR_FAULT_POINT and not (DEBUG or ALLOW_INSECURE_UPSTREAMS):
    raise ImproperlyConfigured("CONNECTOR_FAULT_POINT breaks the product on purpose; unset it.")

# --- Django -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the default config would replace the portal's own admin site
    "config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_q",
    "tenants",
    "tenants.accounts",
    "connector",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.zone.in_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.accounts.second_factor.guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPEND_SLASH = False  # a redirect would lose a webhook's body
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.scope.context",
                "connector.admin.home.banner.context",
                "connector.admin.home.page.context",
            ]
        },
    }
]
AUTH_USER_MODEL = "tenants.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts (django-allauth) ----------------------------------------------------------------------
SIGNUPS: str = env.str("SIGNUPS", default="invite")
if SIGNUPS not in {"open", "invite"}:
    raise ImproperlyConfigured(f"SIGNUPS must be open or invite, not {SIGNUPS!r}.")
REQUIRE_SECOND_FACTOR: str = env.str("REQUIRE_SECOND_FACTOR", default="")
if REQUIRE_SECOND_FACTOR not in {"", "owners", "all"}:
    raise ImproperlyConfigured(f"REQUIRE_SECOND_FACTOR must be owners or all, not {REQUIRE_SECOND_FACTOR!r}.")
SECOND_FACTOR_BEFORE = ("/admin/", "/get-started/")  # the pages that show or change what belongs to a tenant
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SESSION_ENGINE = "tenants.accounts.sessions"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0  # rate limits count by the address that the proxy saw
ACCOUNT_ADAPTER = "tenants.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tenants.accounts.forms.LogInForm",
    "reset_password": "tenants.accounts.forms.ResetPasswordForm",
    "add_email": "tenants.accounts.forms.ChangeAddressForm",
}
ACCOUNT_RATE_LIMITS = {"sign_up": "20/m/ip", "sign_up_mail": "6/10m/key,30/10m/ip"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
MFA_ADAPTER = "tenants.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "tenants.accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a telephone's clock may be wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ALLOW_INSECURE_UPSTREAMS and not SECURE

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
with suppress(OSError):  # a read-only file system has the folder already
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- Database, cache, queue -------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'connector.sqlite3'}")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASE["OPTIONS"] = {
        # A write transaction takes its lock at once, so two processes wait for each other and none fails.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# Without lasting connections django-q2 is nine times slower.
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True

METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    )
}
QUEUE_BROKER: str = env.str("QUEUE_BROKER", default="orm")
if QUEUE_BROKER not in {"orm", "redis"}:
    raise ImproperlyConfigured(f"QUEUE_BROKER must be orm or redis, not {QUEUE_BROKER!r}.")
if QUEUE_BROKER == "redis" and not REDIS_URL:
    raise ImproperlyConfigured("QUEUE_BROKER=redis needs REDIS_URL.")
Q_CLUSTER = {
    "name": "connector",
    "workers": 2,
    "timeout": 240,  # a lane stops long before
    "retry": 300,  # must be greater than timeout, or work is handed out twice
    "max_attempts": 1,  # the ledger counts attempts, and the sweep replaces a lost wake-up
    "ack_failures": True,
    "queue_limit": 4,  # the time of `retry` begins when a wake-up is prefetched
    "bulk": 1,
    "save_limit": -1,  # the ledger is the history; successful wake-ups are not kept
    "catch_up": False,
    "poll": 0.2,
    "label": "Wake-ups",
    **({"redis": REDIS_URL} if QUEUE_BROKER == "redis" else {"orm": "default"}),
}

# --- Mail, security ---------------------------------------------------------------------------------
EMAIL_URL: str = env.str("EMAIL_URL", default="consolemail://" if DEBUG else "")
if not EMAIL_URL:
    raise ImproperlyConfigured("EMAIL_URL is not set: alerts must be able to leave (smtp://… or consolemail://).")
_mail = env.email_url_config(EMAIL_URL)
EMAIL_BACKEND: str = _mail.pop("EMAIL_BACKEND")
vars().update({name: value for name, value in _mail.items() if name.startswith("EMAIL_")})
if EMAIL_BACKEND.endswith("console.EmailBackend"):
    # Standard output is for what commands print.
    EMAIL_BACKEND = "config.mail.StandardErrorBackend"
EMAIL_TIMEOUT = 10  # seconds: an alert must not hold up a lane
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="ml-connector@localhost")

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
X_FRAME_OPTIONS = "DENY"
# The webhook has its own size limit. Nothing else takes large bodies.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000  # the page of a connection's rules has about twenty for each rule

REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}

LOG_FORMAT: str = env.str("LOG_FORMAT", default="console")
LOGGING_CONFIG = None
configure_logs(LOG_FORMAT, stream=sys.stderr)

UNFOLD = navigation.UNFOLD  # Unfold looks for it here
