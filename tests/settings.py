"""The product's settings, as the tests run them: environment first, then the one settings file."""

import os
from uuid import uuid4

os.environ.update(
    {
        "DEBUG": "false",
        "SECRET_KEY": "tests-secret-key-tests-secret-key-tests-secret-key-0123456789",
        "SALT_KEY": "tests-salt-key",
        "PUBLIC_URL": "http://testserver",
        "ALLOW_INSECURE_UPSTREAMS": "true",
        "EMAIL_URL": "memorymail://",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite:///var/tests.sqlite3",
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "CONNECTOR_SETTLE_SECONDS": "0",
    }
)

from config.settings import *
from config.settings import CACHES, DATABASE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A cache that outlives the database would tell one test what another saw.
CACHES["default"]["KEY_PREFIX"] = uuid4().hex
# The tables are made from the models at once. tests/flow/worker/test_migrations.py compares them with what migrations
# make.
DATABASE["TEST"] = {"MIGRATE": False}
# Each browser of a test would list all static files before its first request.
WHITENOISE_AUTOREFRESH = True
