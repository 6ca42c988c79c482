"""Run by .ci/previous in the folder of the older release: it is provisioned, receives, drains and shows its ledger.

It uses only what that release has, and its migrate finds nothing to do.
"""

import os
import secrets
import sys
from collections import Counter

import django

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import created_and_updated

ORDERS = 8
KEYS = {name: os.environ[name] for name in ("DATABASE_URL", "SECRET_KEY", "SALT_KEY")}


def main() -> None:
    """Let it work, and compare what it says with what Exact has. Exits with a sentence when they differ."""
    django.setup()
    with Sandbox() as sandbox, Installation(sandbox, 0, print, KEYS) as older:
        sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
        file = sandbox.provision_file(password=secrets.token_urlsafe(9))
        file["stores"], file["connections"] = file["stores"][:1], file["connections"][:1]
        older.provision(file)
        older.start_web()
        store = file["stores"][0]["store_hash"]
        orders = [record for record in sandbox.orders if record.store_hash == store][:ORDERS]
        answers = Counter(sandbox.sender(older.url).deliver_all(created_and_updated(orders)))
        older._manage("drain", "--until-idle", "--timeout", "120")
        states = Counter(row["state"] for row in older.ledger())
        invoices = [row for code in sandbox.exact.divisions for row in sandbox.exact.invoices(code)]
    if set(answers) != {200} or states != {"posted": ORDERS} or len({row["YourRef"] for row in invoices}) != ORDERS:
        sys.exit(f"The older release does not work on the new tables: {dict(answers)}, {dict(states)}")
    if len(invoices) != ORDERS:
        sys.exit(f"It made {len(invoices)} invoices of {ORDERS} orders")
    sys.stdout.write(f"The older release posted {ORDERS} orders on the new tables\n")


main()
