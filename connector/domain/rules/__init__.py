"""What the merchant says: the rules, and the division's codes.

rule_book  the rules: when a line has these properties, then these codes
chart      the division's master data
context    one order with everything that decides about it
due        whether an order asks for an invoice
propose    what is proposed to a store and a division
filed      the rules in the form of the provision file, as a rule book
item_code  the code of the item that a SKU gets
booking    GL account, cost centre, cost unit and item of a line
"""
