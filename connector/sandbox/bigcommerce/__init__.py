"""The fake BigCommerce.

service         the server with every call
v2              orders and their parts, the store
v3              webhooks, transactions, refunds, customers, the catalogue
lists           filters, order and pages of lists
render          an order as V2 answers it
state           what a fake store keeps
merchant        what a merchant does to an order after it was sold
payments        transactions, and the payments of a refund
webhook_sender  signed deliveries
ring            sends one delivery by hand
"""
