"""What a person may do with one customer: decide what both sides changed, link, unlink, merge, pull and push.

Each of them holds the division's lease. So a customer is written by one process at a time, and an order or a run that
is at work does not write over what a person decides meanwhile. All of them raise NotPossible while the division is
busy. Nothing is merged in Exact: two customers that are merged here have one account from now on, and their documents
stay where they are.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import Details, fingerprint
from connector.flow.actions.held_division import held
from connector.flow.actions.transaction import NotPossible, at_once
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import events, sides
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.both_ways.in_step import Result, bring_in_step
from connector.flow.customer.both_ways.read_again import read_accounts
from connector.flow.customer.copies import forgotten, store_copy
from connector.flow.lane import wakeup
from connector.flow.ledger import transitions
from connector.models import (
    Connection,
    CustomerConflict,
    CustomerLink,
    CustomerMatch,
    DirectoryAccount,
    StoreCustomer,
)
from connector.models.kept_words import english
from tenants.models import User

CHOSEN = "chosen"  # as the ladder's reasons have it


def decide(conflict: CustomerConflict, decision: str, actor: User | None, reason: str = "") -> None:
    """Decide about details that both sides changed. The lane carries the decision out within a minute.

    It is about the values that the conflict shows. A side that has changed again since is a new conflict. Raises
    NotPossible when somebody has decided.
    """
    choice = CustomerConflict.Decision(decision)
    with held(conflict.link.division_id), transaction.atomic():
        forgotten.lock_divisions([conflict.link.division_id])
        open_ = CustomerConflict.objects.filter(pk=conflict.pk, decided_at=None)
        if not open_.update(decision=choice, decided_by=actor, decided_at=database_now()):
            raise NotPossible(_("Somebody has decided this already."))
        conflict.refresh_from_db()
        link = CustomerLink.objects.select_related("store").get(pk=conflict.link_id)
        _forget_a_change(link, conflict, choice)
        after = {"decision": choice.value, **_said(reason)}
        events.note(link, Kind.DECIDED, Origin.PERSON, actor, group=conflict.group, after=after)
        wakeup.wake([link.division_id])


def link_to(customer: StoreCustomer, account: DirectoryAccount, actor: User | None, reason: str = "") -> CustomerLink:
    """Link a customer to an account. Orders go there from now on.

    Raises NotPossible when it is linked already, and when Exact does not have the account any more.
    """
    store = customer.store
    with held(account.division_id), at_once(account.division_id):
        CustomerMatch.objects.filter(customer=customer, division_id=account.division_id).delete()
        _try_again(store.pk, account.division_id, customer.customer_key)
        forgotten.lock_divisions([account.division_id])
        customer.refresh_from_db()  # may be forgotten by now
        there = DirectoryAccount.objects.filter(pk=account.pk).first()  # may be deleted or renamed by now
        if there is None:
            raise NotPossible(_("Exact does not have this account any more. Choose another one."))
        link, _made = CustomerLink.objects.get_or_create(
            store=store,
            division_id=account.division_id,
            customer_key=customer.customer_key,
            defaults={"search_code": f"{store.prefix}-{customer.customer_key}"},
        )
        if link.account_id == there.account_id:
            raise NotPossible(_("The customer is linked to this account already."))
        before = _account_of(link)
        _lead_to(link, there.account_id, there.code, there.name, name=customer.name)
        events.note(
            link, Kind.LINKED, Origin.PERSON, actor, before=before, after={**_account_of(link), **_said(reason)}
        )
    return link


def unlink(link: CustomerLink, actor: User | None, reason: str = "") -> None:
    """Take the account away from a customer. The two are not linked again by themselves.

    The next order finds or makes another account. Raises NotPossible when there is no account.
    """
    with held(link.division_id), transaction.atomic():
        forgotten.lock_divisions([link.division_id])
        link.refresh_from_db()
        if not link.account_id:
            raise NotPossible(_("The customer is not linked to an account."))
        events.note(link, Kind.UNLINKED, Origin.PERSON, actor, before=_account_of(link), after=_said(reason))
        refused = [*link.not_accounts, link.account_id]
        _close_conflicts(link)
        _set(
            link,
            account_id="",
            account_code="",
            account_name="",
            matched_by="",
            score=None,
            due_at=None,
            not_accounts=list(dict.fromkeys(refused)),
            **_nothing_compared(),
        )


def merge(link: CustomerLink, into: CustomerLink, actor: User | None, reason: str = "") -> None:
    """Have the orders of one customer go to the account of another one from now on.

    Nothing is merged in Exact: the account that the customer had stays there, with its documents. Raises NotPossible
    for links of two divisions, without an account, or with one account.
    """
    if link.division_id != into.division_id:
        raise NotPossible(_("The two belong to different divisions."))
    with held(link.division_id), at_once(link.division_id):
        _try_again(link.store_id, link.division_id, link.customer_key)
        forgotten.lock_divisions([link.division_id])
        link.refresh_from_db()
        into.refresh_from_db()
        if not into.account_id:
            raise NotPossible(_("The customer to merge with has no account."))
        if link.account_id == into.account_id:
            raise NotPossible(_("Both have the same account already."))
        before = _account_of(link)
        _lead_to(link, into.account_id, into.account_code, into.account_name, name=link.name)
        after = {**_account_of(link), "customer": into.customer_key, **_said(reason)}
        events.note(link, Kind.MERGED, Origin.PERSON, actor, before=before, after=after)


def pull_now(link: CustomerLink, actor: User | None) -> Result:
    """Read both sides of a customer, and carry over what changed. Raises NotPossible."""
    return _now(link, actor, make_equal=False)


def push_now(link: CustomerLink, actor: User | None) -> Result:
    """Read both sides of a customer, and make equal what differs, as the owners of the details say.

    Raises NotPossible.
    """
    return _now(link, actor, make_equal=True)


def _now(link: CustomerLink, actor: User | None, *, make_equal: bool) -> Result:
    if not link.account_id:
        raise NotPossible(_("The customer is not linked to an account."))
    with held(link.division_id) as clients:
        began = database_now()
        store_copy.read_with_ids(link.store, clients.store(link.store), [link.customer_key])
        read_accounts(clients.division, clients, [link.account_id], began)
        link.refresh_from_db()
        if not link.account_id:
            raise NotPossible(_("Exact does not have the account any more. The next order finds or makes another one."))
        return bring_in_step(link, clients, make_equal=make_equal, origin=Origin.PERSON, actor=actor)


def _forget_a_change(link: CustomerLink, conflict: CustomerConflict, choice: CustomerConflict.Decision) -> None:
    """Write a decision as the bases that make it so: the side that is not right has changed nothing.

    NEITHER: no side has. The bases are of the values that the person saw.
    """
    group = FieldGroup(conflict.group)
    shown = _shown(link)
    store = fingerprint(group, shown[0].with_group(group, conflict.store_values))
    exact = fingerprint(group, shown[1].with_group(group, conflict.exact_values))
    if choice != CustomerConflict.Decision.STORE:
        link.store_base = {**link.store_base, group.value: store}
    if choice != CustomerConflict.Decision.EXACT:
        link.exact_base = {**link.exact_base, group.value: exact}
    _set(link, store_base=link.store_base, exact_base=link.exact_base, due_at=database_now())


def _shown(link: CustomerLink) -> tuple[Details, Details]:
    """What both sides have besides the group in question: their country says how a number is read."""
    customer = StoreCustomer.objects.filter(store=link.store_id, customer_key=link.customer_key).first()
    account = DirectoryAccount.objects.filter(division=link.division_id, account_id=link.account_id).first()
    return (
        sides.of_customer(customer) if customer else Details(),
        sides.of_account(account) if account else Details(),
    )


def _lead_to(link: CustomerLink, account_id: str, code: str, account_name: str, *, name: str) -> None:
    """Have a link lead to another account. Both sides are compared as if they had just met."""
    now = database_now()
    _close_conflicts(link)
    _set(
        link,
        account_id=account_id,
        account_code=code,
        account_name=account_name[:200],
        matched_by=CHOSEN,
        score=100,
        name=name[:200],
        linked_at=now,
        addresses={},
        sent_at=None,
        failed_searches=0,
        due_at=now,
        not_accounts=[each for each in link.not_accounts if each != account_id],
        **_nothing_compared(),
    )


def _try_again(store_id: int, division_id: int, customer_key: str) -> None:
    """Try again what was held for a customer who gets an account in this transaction.

    It comes before the division's lock: what moves a document holds the head of the chain when it wakes the lane.
    """
    for connection in Connection.objects.filter(store=store_id, division=division_id):
        text = english("An account was chosen for the customer; trying again.")
        transitions.release_blocked(connection, text, customers=[customer_key])


def _nothing_compared() -> dict[str, object]:
    return {
        "store_base": {},
        "exact_base": {},
        "stays": {},
        "in_step_at": None,
        "read_first": True,
        "failures": 0,
        "ordered_as": "",
    }


def _close_conflicts(link: CustomerLink) -> None:
    link.conflicts.filter(decided_at=None).update(decided_at=database_now())


def _account_of(link: CustomerLink) -> dict[str, str]:
    return {"account": link.account_code, "name": link.account_name} if link.account_id else {}


def _said(reason: str) -> dict[str, str]:
    return {"reason": reason.strip()[:500]} if reason.strip() else {}


def _set(link: CustomerLink, **fields: object) -> None:
    for name, value in fields.items():
        setattr(link, name, value)
    link.save(update_fields=list(fields))
