"""The fake BigCommerce.

service         the server with every call
v2              orders and their parts, the store
v3              webhooks, transactions, refunds, the catalogue
customer_calls  customers, their addresses and form fields in V3
lists           filters, order and pages of lists
render          an order as V2 answers it
state           what a fake store keeps
merchant        what a merchant does to an order after it was sold
customers       the customers, what happens to them, and the events of it
payments        transactions, and the payments of a refund
webhook_sender  signed deliveries
ring            sends one delivery by hand
"""
