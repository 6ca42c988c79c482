from connector.domain.order.statuses import ORDER_STATUSES, PAID, UNDONE, UNPAID


def test_each_of_the_vendors_statuses_is_paid_unpaid_or_undone() -> None:
    assert sorted([*PAID, *UNPAID, *UNDONE]) == sorted(ORDER_STATUSES) == list(range(15))


def test_a_status_has_the_vendors_name() -> None:
    assert [ORDER_STATUSES[number] for number in (0, 4, 11, 14)] == [
        "Incomplete",
        "Refunded",
        "Awaiting Fulfillment",
        "Partially Refunded",
    ]
