"""After posting: an order that was refunded, cancelled or edited.

recheck         reads an order again after a delivery
after_posting   answers to what became of a posted order
detect          what became of it
answer          what follows, by the connection's policies or a person's decision
follow_up_rows  the ledger rows that follow
credit_note     what a credit note is made of, and on whose account
"""
