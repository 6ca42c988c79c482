"""The account of one order in Exact, and what it gets beside itself.

accounts      finds the account of an order, or creates it
choice        which account is the customer's, as far as the ledger and the directory tell
parties       a customer of the store's list as the buyer of an order
holders       who has an account already, so that nobody else is given it
links         the customer's links in the ledger
collective    the account that orders without a customer of their own go to
guests        whether a guest has ordered enough for an account of their own
make_account  makes an account, at most once
buyers        who an account is made for
correct       corrects an account before an order goes to it
again         takes such a customer up again, with the next order
ordered       what an order says of its customer's details
contacts      the contact person of a company's account
addresses     the addresses of an account
delivery      the delivery address of an order
beside        makes these two: what goes wrong there never holds the order
"""
