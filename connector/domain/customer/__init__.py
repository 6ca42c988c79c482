"""The customer's account in Exact: which one it is, or that it must be made.

customer  who an order is for, as far as accounts are compared with it
account   an account in Exact, and whether a document can go to it
sharing   which of several customers gets an account
names     whether two names are one party's
marks     what tells one party from another
ladder    from the accounts that may fit to the one that does
phones         one form of a phone number
postcodes      one form of a postcode
likeness       what a customer and an account have in common, and how sure that makes a match
registers      a company's numbers in public registers
account_rules  what a new account gets by rule
written        what Exact gets of a buyer, as it takes it
details        a customer's details on one side, in groups, and whether two sides have the same
in_step        what is done about a group that the sides do not have alike
"""
