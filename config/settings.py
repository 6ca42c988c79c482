"""All settings, read from the environment and from `.env`.

A missing secret is an error, never a default. docs/environment.md lists every variable.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from config import environment, navigation
from config.exact_apps import read_apps
from config.logs import configure_logs

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(BASE_DIR / ".env")
env = environment.Environment(os.environ)

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.required("SECRET_KEY", "`make env` makes a fresh one.")
SECRET_KEY_FALLBACKS = env.entries("SECRET_KEY_FALLBACKS")
# The first key encrypts stored credentials, all keys decrypt.
SALT_KEY = env.entries("SALT_KEY")
if not SALT_KEY:
    raise ImproperlyConfigured("SALT_KEY is not set: it holds no key; `make env` makes a fresh one.")

# --- Where we are -----------------------------------------------------------------------------------
ALLOW_INSECURE_UPSTREAMS = env.flag("ALLOW_INSECURE_UPSTREAMS")
PUBLIC_URL = env.address("PUBLIC_URL", insecure=ALLOW_INSECURE_UPSTREAMS)
SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") or [
    # This machine's own names are for health checks.
    host
    for host in (urlsplit(PUBLIC_URL).hostname, "localhost", "127.0.0.1")
    if host
]
BIGCOMMERCE_API_URL = env.address(
    "BIGCOMMERCE_API_URL", "https://api.bigcommerce.com", insecure=ALLOW_INSECURE_UPSTREAMS
)
# Unset: the host of the grant's region.
EXACT_ONLINE_URL = env.address("EXACT_ONLINE_URL", insecure=ALLOW_INSECURE_UPSTREAMS)
# The portal's own apps at Exact, by region: client id and client secret.
EXACT_APPS: dict[str, tuple[str, str]] = read_apps(env.text("EXACT_APPS"))

CONNECTOR_SETTLE_SECONDS = env.number("CONNECTOR_SETTLE_SECONDS", 120.0, least=0, most=86_400)
CONNECTOR_POLL_MINUTES = env.number("CONNECTOR_POLL_MINUTES", 15.0, least=0.01, most=10_080)
CONNECTOR_SWEEP_SECONDS = env.number("CONNECTOR_SWEEP_SECONDS", 60.0, least=0.1, most=3600)
# Ends, stops or breaks a process on purpose (flow/fault_points). For tests, never with real orders.
CONNECTOR_FAULT_POINT = env.text("CONNECTOR_FAULT_POINT")
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
    "connector.api.request_ids.named",
    "django.middleware.security.SecurityMiddleware",
    "connector.api.machine_requests.answer_machines",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it varies the length, so that a length tells nothing of a page
    "config.headers.limit",
    "tenants.accounts.sessions.SecretCookies",
    "tenants.accounts.sessions.end_idle",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.languages.in_language",
    "tenants.zone.in_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.accounts.second_factor.guard",
    "tenants.suspension.guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# What machines ask for, answered past the pages' middleware (api/machine_requests). Probes may come without https.
PROBES = ("/healthz", "/readyz", "/metrics")
MACHINES = ("/webhooks/", *PROBES)
APPEND_SLASH = False  # a redirect would lose a webhook's body
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "config.package_templates.PackageTemplates"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.scope.context",
                "connector.admin.home.banner.context",
                "connector.admin.home.page.context",
            ],
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
SIGNUPS = env.choice("SIGNUPS", ("open", "invite"), "invite")
REQUIRE_SECOND_FACTOR = env.choice("REQUIRE_SECOND_FACTOR", ("owners", "all"), "")
ADMIN_PAGES = "/admin/"
PORTAL_PAGES = (ADMIN_PAGES, "/get-started/")  # they show or change what belongs to a tenant
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SESSION_ENGINE = "tenants.accounts.sessions"
SESSION_IDLE_HOURS = env.number("SESSION_IDLE_HOURS", 12.0, least=0.05, most=336)
# Limits count by the address that the outermost of these proxies saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXIES", 1 if SECURE else 0, least=0, most=9)
ACCOUNT_ADAPTER = "tenants.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tenants.accounts.forms.LogInForm",
    "reset_password": "tenants.accounts.forms.ResetPasswordForm",
    "add_email": "tenants.accounts.forms.ChangeAddressForm",
}
# By address of the network (ip), by account or e-mail address (key), by person who is logged in (user). What sends a
# mail is limited by the day too.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip,1000/d/ip",
    "login_failed": "10/m/ip,200/d/ip,5/5m/key,50/d/key",  # a new password by mail clears those of the account
    "reset_password": "20/m/ip,100/d/ip,3/10m/key,10/d/key",
    "manage_email": "10/m/user,20/d/user",
    "confirm_email": "1/10s/key,20/d/key",
    "sign_up": "20/m/ip,200/d/ip",
    "sign_up_mail": "6/10m/key,20/d/key,30/10m/ip,200/d/ip",
    "invite": "50/d/user,5/d/key",
    "invite_of_organisation": "100/d/key",
}
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
LOCALE_PATHS = [BASE_DIR / "locale"]
# English, and each language that has its texts there, by its own name.
_translated = sorted(path.parts[-3] for path in LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
LANGUAGES = [("en-gb", "English"), *((code, LANG_INFO[code]["name_local"].capitalize()) for code in _translated)]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
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
DATABASES = {"default": env.database("DATABASE_URL", BASE_DIR / "var" / "connector.sqlite3")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    with suppress(OSError):  # opening the database says it better
        Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASE["OPTIONS"] = {
        # A write transaction takes its lock at once, so two processes wait for each other and none fails.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASE["OPTIONS"] = {"connect_timeout": 10, **DATABASE.get("OPTIONS", {})}  # seconds
# Without lasting connections django-q2 is nine times slower.
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True

METRICS_TOKEN = env.text("METRICS_TOKEN")
REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    ),
    # What django-q2 says of itself, twice a second. The supervisor does not believe it, and nobody else reads it.
    "unread": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
QUEUE_BROKER = env.choice("QUEUE_BROKER", ("orm", "redis"), "orm")
if QUEUE_BROKER == "redis" and not REDIS_URL:
    raise ImproperlyConfigured("QUEUE_BROKER=redis needs REDIS_URL.")
# The queue's processes of one `worker`, and how many lanes each of them serves at the same time.
WORKERS: int = env.whole("WORKERS", max(os.cpu_count() or 1, 2), least=1, most=64)
WORKER_LANES: int = env.whole("WORKER_LANES", 8, least=1, most=64)
Q_CLUSTER = {
    "name": "connector",
    "workers": WORKERS,
    "recycle": 10_000,  # turns: what a process does while it ends keeps it from the next
    "timeout": 240,  # a wake-up is given to a thread long before
    "retry": 300,  # must be greater than timeout, or work is handed out twice
    "max_attempts": 1,  # the ledger counts attempts, and the sweep replaces a lost wake-up
    "ack_failures": True,
    "queue_limit": 2,  # another machine may have a thread for what is prefetched here, and `retry` runs already
    "bulk": 1,
    "save_limit": -1,  # the ledger is the history; successful wake-ups are not kept
    "catch_up": False,
    "scheduler": False,  # the sweep does what is done by the clock
    "cache": "unread",
    "poll": 1.5,  # seconds between two looks into an empty queue; one that has wake-ups is read at once
    "label": "Wake-ups",
    **(
        {"redis": REDIS_URL}
        if QUEUE_BROKER == "redis"
        else {"orm": "default", "broker_class": "connector.flow.lane.wakeup.in_order"}
    ),
}

# --- Mail, security ---------------------------------------------------------------------------------
_mail = env.mail("EMAIL_URL", "consolemail://" if DEBUG else "")
EMAIL_BACKEND: str = _mail.pop("EMAIL_BACKEND")
vars().update({name: value for name, value in _mail.items() if name.startswith("EMAIL_")})
if EMAIL_BACKEND.endswith("console.EmailBackend"):
    # Standard output is for what commands print.
    EMAIL_BACKEND = "config.mail.StandardErrorBackend"
EMAIL_TIMEOUT = 10  # seconds: an alert must not hold up a lane
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "ml-connector@localhost")

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [f"^{address.lstrip('/')}$" for address in PROBES]
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
DEFAULT_EXCEPTION_REPORTER = "config.debug_page.HidingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.debug_page.HidingFilter"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000  # the page of a connection's rules has about twenty for each rule

REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}

LOG_FORMAT = env.choice("LOG_FORMAT", ("console", "json"), "console")
LOGGING_CONFIG = None
configure_logs(LOG_FORMAT, stream=sys.stderr)

UNFOLD = navigation.UNFOLD  # Unfold looks for it here
