"""What tells a customer: names, e-mail addresses and accounts. Two parties with an equal mark are alike."""

from collections.abc import Iterable

from connector.domain.customer.names import fitting, name_key


def marks_of(names: Iterable[str], emails: Iterable[str], accounts: Iterable[str] = ()) -> frozenset[str]:
    """Return the marks of a party. `accounts` are Exact's ids. An empty value is no mark."""
    keys = {key for name in names for key in (name_key(name), name_key(fitting(name))) if key}
    written = {email.strip().lower() for email in emails} - {""}
    return frozenset(
        {f"name:{key}" for key in keys}
        | {f"email:{email}" for email in written}
        | {f"account:{account.casefold()}" for account in accounts if account}
    )
