"""After posting: an order that was refunded, cancelled or edited.

recheck         reads an order again after a delivery
after_posting   handles the changes of a posted order
detect          finds what changed
answer          decides what follows, by the connection's policies or a person's decision
follow_up_rows  makes the ledger rows that follow
cancelled       what an order that was cancelled before its posting leaves to a person
next_invoice    makes certain of an edited order's next invoice
credit_note     computes a credit note and finds its account
"""
