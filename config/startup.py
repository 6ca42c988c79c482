"""What a process looks at before it begins. What it cannot run with is one sentence on standard error, and it ends.

Nothing here quotes an address, which may hold a password, nor what a driver says, which may quote the address. What
is wrong with the environment is said in English: no language is known before the settings are read.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

import django
import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PATIENCE_SECONDS = 5
# Commands of ours that use no database, and the one that a worker starts in the middle of its life.
WITHOUT_DATABASE = {"sandbox", "demo"}
WITHOUT_LOOK = {"-h", "--help", "--cluster"}
NOT_LET_IN = _("the server does not let its user in")
NO_DATABASE = _("the server has no such database or user")
REFUSED = _("the server refuses the connection, and its log says why")
NO_RIGHT = _("its user may not use the tables")
NO_ANSWER = _("no server answers there")
NO_HOST = _("nobody knows its host")
NO_FILE = _("this user may not write the file or its folder")
TOO_OLD = _("its PostgreSQL is too old")
NO_SQLITE = _("the file is no database")
# The beginning of PostgreSQL's SQLSTATE, which is the same in every language. While it connects, the driver gives none.
STATES = (("28", NOT_LET_IN), ("3D", NO_DATABASE), ("42501", NO_RIGHT), ("08", NO_ANSWER), ("57P", NO_ANSWER))
# What a driver says, in parts of its sentence, and what we say of the address.
SAID_BY_DRIVERS = (
    (("password", "authentication", "no pg_hba"), NOT_LET_IN),
    (("does not exist",), NO_DATABASE),
    (("translate host", "resolve", "not known"), NO_HOST),
    (("refused", "timeout", "timed out", "no such file", "no route"), NO_ANSWER),
    (("unable to open", "readonly", "read-only"), NO_FILE),
    (("permission denied",), NO_RIGHT),
    (("is required",), TOO_OLD),
    (("not a database", "malformed"), NO_SQLITE),
)
# The driver's own words around what a server says in its language: "FATAL:  …", in Dutch "FATAAL:  …".
_SERVER_SAYS = re.compile(r"failed: [^\W\d_]+:  ")


def run_command(arguments: Sequence[str]) -> None:
    """Run a command of manage.py. Exits with code 1 and one sentence when the environment does not let it."""
    with one_sentence():
        load()
        name = arguments[1] if len(arguments) > 1 else ""
        ours = get_commands().get(name) == "connector" and name not in WITHOUT_DATABASE
        if ours and not WITHOUT_LOOK & {*arguments}:
            require_services()
        execute_from_command_line([*arguments])


@contextmanager
def one_sentence(code: int = 1) -> Iterator[None]:
    """End the process with this exit code and one sentence when the environment, database or Redis is not right."""
    try:
        yield
    except ImproperlyConfigured as error:
        sentence = str(error)
    except (DatabaseError, InterfaceError):
        connection.close()
        if not (sentence := _sentence_of_database()):
            raise
    except redis.RedisError as error:
        sentence = _sentence_of_redis(error)
    else:
        return
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)


def load() -> None:
    """Read the settings and load the apps. Raises ImproperlyConfigured."""
    django.setup()
    import_module("connector.flow.fault_points")  # it reads its own variable, which must not wait for a first request


def require_services() -> None:
    """Raise ImproperlyConfigured when database or Redis do not answer, or when the database is not migrated."""
    if sentence := _sentence_of_database():
        raise ImproperlyConfigured(sentence)
    connection.close()
    if settings.REDIS_URL:
        limits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        try:
            redis.Redis.from_url(settings.REDIS_URL, **limits).ping()
        except (redis.RedisError, ValueError) as error:
            raise ImproperlyConfigured(_sentence_of_redis(error)) from None


def _sentence_of_database() -> str:
    """Return what is wrong with the database; "" when it answers and has the tables of this release."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        return gettext("The database of DATABASE_URL cannot be used: %(why)s.") % {"why": _why(error)}
    if missing:
        return gettext("The database of DATABASE_URL lacks tables or columns of this release: run `manage.py migrate`.")
    return ""


def _why(error: Exception) -> str:
    """Return why a database cannot be used: by the code of the error, else by what its driver says."""
    state, said = getattr(error.__cause__, "sqlstate", None) or "", str(error)
    by_state = [why for beginning, why in STATES if state.startswith(beginning)]
    by_words = [why for parts, why in SAID_BY_DRIVERS if any(part in said.lower() for part in parts)]
    return str([*by_state, *by_words, REFUSED if _SERVER_SAYS.search(said) else _("it does not answer")][0])


def _sentence_of_redis(error: Exception) -> str:
    refused = isinstance(error, redis.AuthenticationError | redis.ResponseError)
    why = _("the server does not let us in") if refused else NO_ANSWER
    return gettext("The Redis server of REDIS_URL cannot be used: %(why)s.") % {"why": why}
