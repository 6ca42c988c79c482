"""Pages of Exact Online that a person opens in a browser. Exact documents no address of them: these two were seen in
use, one for a division, one for an account. None is known for an invoice."""

from urllib.parse import quote


def division_page(base_url: str, division: int) -> str:
    """Return the address of a division's first page. `base_url` is that of the region."""
    return f"{base_url}/docs/MenuPortal.aspx?_Division_={division}"


def account_page(base_url: str, division: int, account_id: str) -> str:
    """Return the address of an account's card, which lists its invoices. `account_id` is Exact's own."""
    return f"{base_url}/docs/CRMAccountCard.aspx?_Division_={division}&AccountID={quote(f'{{{account_id}}}')}"
