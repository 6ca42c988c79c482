"""The statuses of an order, with BigCommerce's names. A merchant may rename them; the numbers stay."""

ORDER_STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}
PAID = (11, 9, 8, 3, 2, 10)
UNPAID = (7, 1, 0, 12, 13)
UNDONE = (14, 4, 5, 6)
