"""Which orders to look at: deliveries and the poll.

webhook_store    finds the store of a webhook address, in one SELECT
receive          checks a delivery and stores it
rejected_counts  counts the deliveries that were refused
exact_webhook    takes what Exact reports of accounts
intake           makes ledger rows of stored deliveries
poll             asks a store for changed orders, in case a webhook was lost
backfill         the orders from before a connection
webhooks         the store's webhooks: made, checked, repaired
"""
