"""What a person says of customers whose account is not certain: it is this account, or a new one.

What was chosen holds for orders at once, and those that were held are tried again. The next run links the others.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.domain.customer.account import TO_PROMOTE, UNUSABLE, Account
from connector.domain.document.codes import Code
from connector.domain.document.result import from_json
from connector.domain.document.states import BlockedReason, State
from connector.flow.actions.transaction import NotPossible, at_once
from connector.flow.clock import database_now
from connector.flow.customer.account.choice import today
from connector.flow.customer.copies import directory
from connector.flow.ledger import transitions
from connector.models import Connection, CustomerEvent, CustomerLink, CustomerMatch, DirectoryAccount, OrderSync
from connector.models.kept_words import english
from tenants.models import User

NEW = CustomerMatch.NEW_ACCOUNT
# An account that is another customer's, or takes no document, is not the best one of anybody.
_BY_PERSON = UNUSABLE | {Code.ACCOUNT_OF_ANOTHER_CUSTOMER}
BATCH = 500


def open_matches(connection: Connection) -> QuerySet[CustomerMatch]:
    """Return the customers of a connection for whom a person chooses an account, chosen or not."""
    rows = CustomerMatch.objects.filter(division=connection.division_id, customer__store=connection.store_id)
    return rows.filter(outcome=CustomerMatch.Outcome.AMBIGUOUS)


def held_orders(connection: Connection) -> int:
    """Return how many orders are held for customers for whom nobody has chosen yet."""
    held = OrderSync.objects.filter(connection=connection, state=State.BLOCKED, reason=BlockedReason.CUSTOMER)
    ids = held.exclude(order_data=None).values_list("order_data__order__customer_id", flat=True)
    orders = Counter(str(each) for each in ids if each)
    rows = open_matches(connection).filter(choice="", customer__customer_key__in=orders)
    return sum(orders[key] for key in rows.values_list("customer__customer_key", flat=True))


def choose(connection: Connection, choices: Mapping[int, str], actor: User | None) -> int:
    """Keep what was chosen: by the id of the match an account's id, or `new`. Return how many changed.

    Raises NotPossible for an account that is none of the candidates; then nothing is kept.
    """
    with at_once(connection.division_id):
        rows = _locked(open_matches(connection).filter(pk__in=choices))
        changed = [row for row in rows if row.choice != choices[row.pk]]
        for row in changed:
            if choices[row.pk] not in {NEW, *_ids(row)}:
                raise NotPossible(_("The accounts that fit have changed. Look at them again, then choose."))
        return _keep(connection, [(row, choices[row.pk]) for row in changed], actor)


def choose_new(connection: Connection, matches: Collection[int], actor: User | None) -> int:
    """Choose a new account for each of these. Return how many changed. Raises NotPossible."""
    with at_once(connection.division_id):
        rows = _locked(open_matches(connection).filter(pk__in=matches).exclude(choice=NEW))
        return _keep(connection, [(row, NEW) for row in rows], actor)


def choose_best(connection: Connection, at_least: int, actor: User | None) -> int:
    """Choose the best candidate of each customer whose best one has such a score. Return how many were chosen.

    What a person has chosen stays. A person chooses where two candidates are the best, where the best one takes no
    document or is another customer's, and where it is the best one of several customers. Raises NotPossible.
    """
    wanted = Counter(_best(row, at_least) for row in _batches(open_matches(connection).filter(choice="")))
    wanted.update(open_matches(connection).exclude(choice="").values_list("choice", flat=True))
    found, last = 0, 0
    while batch := list(open_matches(connection).filter(choice="", pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        best = {row.pk: chosen for row in batch if (chosen := _best(row, at_least)) and wanted[chosen] == 1}
        with at_once(connection.division_id):
            rows = _locked(open_matches(connection).filter(choice="", pk__in=best))
            same = [(row, best[row.pk]) for row in rows if best[row.pk] == _best(row, at_least)]
            found += _keep(connection, _free(connection, same), actor)
    return found


def _batches(rows: QuerySet[CustomerMatch]) -> Iterator[CustomerMatch]:
    return rows.only("candidates", "problems").order_by("pk").iterator(chunk_size=BATCH)


def _best(row: CustomerMatch, at_least: int) -> str:
    """The id of the account that is the best one alone; "" when there is none, or nobody but a person may take it."""
    if any(each.code in _BY_PERSON for each in from_json(row.problems)):
        return ""
    scores = [(int(each.get("score") or 0), str(each.get("account_id") or "")) for each in candidates(row)]
    first = max(scores, default=(0, ""))
    alone = sum(score == first[0] for score, _id in scores) == 1
    return first[1] if alone and first[0] >= at_least else ""


def _free(connection: Connection, chosen: Sequence[tuple[CustomerMatch, str]]) -> list[tuple[CustomerMatch, str]]:
    """Those whose account is there, takes documents and is nobody else's.

    Links and copies say so now: a match is older.
    """
    ids = [account_id for _row, account_id in chosen]
    copies = DirectoryAccount.objects.filter(division=connection.division_id, account_id__in=ids)
    usable = {copy.account_id for copy in copies if not _is_unusable(connection, directory.account_of(copy))}
    links = CustomerLink.objects.filter(division=connection.division_id, account_id__in=ids)
    holders: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for account_id, store, key in links.values_list("account_id", "store", "customer_key"):
        holders[account_id].add((store, key.partition("-")[0]))  # a customer's further company is the customer
    return [
        (row, account_id)
        for row, account_id in chosen
        if account_id in usable and holders[account_id] <= {(row.customer.store_id, row.customer.customer_key)}
    ]


def _is_unusable(connection: Connection, account: Account) -> bool:
    why = account.why_unusable(today(connection))
    return why is not None and not (connection.promote_prospects and why.code in TO_PROMOTE)


def candidates(row: CustomerMatch) -> list[Mapping[str, Any]]:
    """Return the accounts in question, best first."""
    kept = row.candidates if isinstance(row.candidates, list) else []
    return [each for each in kept if isinstance(each, dict)]


def _ids(row: CustomerMatch) -> set[str]:
    return {str(each.get("account_id") or "") for each in candidates(row)} - {""}


def _locked(rows: QuerySet[CustomerMatch]) -> QuerySet[CustomerMatch]:
    return rows.select_related("customer__store").select_for_update(of=("self",)).order_by("pk")


def _keep(connection: Connection, chosen: Iterable[tuple[CustomerMatch, str]], actor: User | None) -> int:
    """Write choices of locked rows, each into the history of its customer, and try again what was held for them."""
    now, rows, events = database_now(), [], []
    for row, choice in chosen:
        row.choice, row.chosen_by, row.chosen_at = choice, actor, now
        rows.append(row)
        events.append(_event(row, actor))
    CustomerMatch.objects.bulk_update(rows, ["choice", "chosen_by", "chosen_at"], batch_size=BATCH)
    CustomerEvent.objects.bulk_create(events, batch_size=BATCH)
    if rows:
        text = english("An account was chosen for the customer; trying again.")
        transitions.release_blocked(connection, text, customers=[row.customer.customer_key for row in rows])
    return len(rows)


def _event(row: CustomerMatch, actor: User | None) -> CustomerEvent:
    customer = row.customer
    return CustomerEvent(
        tenant_id=customer.store.tenant_id,
        store_id=customer.store_id,
        division_id=row.division_id,
        customer_key=customer.customer_key,
        account_id="" if row.choice == NEW else row.choice,
        kind=CustomerEvent.Kind.DECIDED,
        origin=CustomerEvent.Origin.PERSON,
        after={"account": what_was_chosen(row)},
        actor=actor,
    )


def what_was_chosen(row: CustomerMatch) -> str:
    """Return what was chosen, as the history keeps it: the account's code and name, or `new`."""
    found = next((each for each in candidates(row) if each.get("account_id") == row.choice), None)
    return f"{found.get('code', '')} {found.get('name', '')}".strip() if found else NEW
