"""What a test of a connection found, one sentence a piece, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from connector.clients import errors
from connector.domain.document.explain import explain
from connector.flow.leases import LeaseLost
from tenants.fields import UnreadableSecret

STORE_SIDE, EXACT_SIDE = "bigcommerce", "exact"
VENDORS = {STORE_SIDE: "BigCommerce", EXACT_SIDE: "Exact"}
PAGES = {STORE_SIDE: "store", EXACT_SIDE: "grant"}
NOTHING = "Nothing to do."
# What a refusal is about, by Exact's header Reason; every further call would be refused alike.
REASONS = {
    "BlockedUser": "user",
    "InactiveUser": "user",
    "BlockedCustomer": "licence",
    "LicenseExpired": "licence",
    "DivisionBlocked": "division",
    "NoDivisionAccess": "division",
}
# Deliveries are signed with a time that may be five minutes off; half of that leaves room.
MOST_OFF = timedelta(minutes=2)
# Everything that a client can raise, and that a credential can which nobody can decrypt any more.
FAILURES = (errors.ClientError, LeaseLost, UnreadableSecret, ValueError)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `ok` None is a hint, or something that could not be told and need not be.

    `page` names the page that mends it, by a key of `domain.explain`; "" when there is none.
    """

    side: str
    name: str
    ok: bool | None
    text: str
    what_to_do: str = NOTHING
    page: str = ""


def gathered(side: str, steps: Iterator[Finding]) -> list[Finding]:
    """Collect findings until the steps end or a failure makes going on pointless; that failure is the last finding."""
    found: list[Finding] = []
    try:
        for finding in steps:
            found.append(finding)  # one by one: what was found before a failure counts
    except FAILURES as failure:
        found.append(_end(side, failure))
    return found


def clock(side: str, off: timedelta) -> Finding:
    """Compare this machine's clock with the vendor's; `off` is ours minus theirs."""
    seconds = round(abs(off).total_seconds())
    if abs(off) <= MOST_OFF:
        return Finding(side, "clock", True, f"The clocks differ by {seconds} s.")
    way = "ahead of" if off > timedelta() else "behind"
    return Finding(
        side,
        "clock",
        False,
        f"This machine's clock is {seconds} s {way} {VENDORS[side]}'s.",
        "Whoever runs this machine lets it keep its time by NTP. Deliveries that seem too old are refused.",
    )


def _end(side: str, failure: Exception) -> Finding:
    vendor, page = VENDORS[side], PAGES[side]
    rest = "The rest of this side was not tested."
    match failure:
        case errors.Unauthorized() | errors.Reconnect():
            name, todo = "token", _new_token(side)
        case errors.Forbidden():
            told = explain("", failure.reason or str(failure))
            text = f"{told.what_happened} {rest}"
            return Finding(side, REASONS.get(failure.reason, "access"), False, text, told.who, told.where)
        case errors.RateLimited():
            name, page = "call limit", ""
            todo = f"Wait{f' until {failure.until:%H:%M} UTC' if failure.until else ' some minutes'}, then test again."
        case UnreadableSecret():
            name, todo = "credentials", "Whoever runs this machine puts the missing key back; or enter them again."
        case ValueError():
            name, todo = "credentials", "Correct what is entered there."
        case _:
            name, page = "reachable", ""
            todo = (
                f"Test again in some minutes. If it stays so, see whether {vendor} reports trouble, and whether this "
            )
            todo += "machine may reach the internet."
    return Finding(side, name, False, f"{_sentence(str(failure))} {rest}", todo, page)


def _new_token(side: str) -> str:
    if side == STORE_SIDE:
        return (
            "Make an API account in the store's control panel (Settings, Store-level API accounts) and enter its "
            "client id, client secret and access token here. Orders wait for it; none is lost."
        )
    return "An owner presses Connect to Exact at the consent and logs in. Orders wait for it; none is lost."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
