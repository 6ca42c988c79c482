"""The customer's account in Exact.

accounts      finds the account of an order, or creates it
delivery      the delivery address on it
directory     keeps a copy of the division's accounts for matching
run           a pull or a push over all customers
run_turn      one turn of it
schedule      begins the pulls that are due
report        what a pull would come to
scope         whose customers are dealt with
match         finds the account of each customer, without a call
candidates    the accounts that may be a customer's, for many at once
alike         compares who would get a new account with the store's other customers
matched       what matching says of one customer
parties       a customer of the store's list as the buyer of an order
outcomes      writes what matching came to
make_missing  makes the accounts of customers who have none
missing       forgets an account that Exact does not have any more
deleted       takes accounts that were deleted in Exact out of the directory
subscription  has Exact report changed accounts
store_copy    keeps a copy of the store's customers
store_rows    a customer of the store as a row of that copy
forgotten     keeps the data of a customer who was forgotten from coming back
again         takes such a customer up again, with the next order
choice        which account is the customer's, as far as the ledger and the directory tell
links         the customer's links in the ledger
collective    the account that orders without a customer of their own go to
guests        whether a guest has ordered enough for an account of their own
correct       corrects an account before an order goes to it
make_account  makes an account, at most once
sides         both sides' rows as details, and what the connection says about them
pairs         a link with the copies of both its sides
in_step       compares both sides, and writes what is due
hindrances    why a change is not carried over
to_exact      writes to the account
to_store      writes to the store's customer
conflicts     what both sides changed
events        the history of a customer
due           one pass over what is due of a division's customers
ordered       what an order says of its customer's details
buyers        who an account is made for
contacts      the contact person of a company's account
addresses     the addresses of an account
history       what is kept of what was made
beside        what never holds an order
"""
