"""What changed on one side is carried to the other.

due           one pass over what is due of a division's customers
pairs         a link with the copies of both its sides
sides         both sides' rows as details, and what the connection says about them
read_again    reads customers and accounts once more, before they are compared or written
in_step       compares both sides, and writes what is due
hindrances    why a change is not carried over
to_exact      writes to the account
to_store      writes to the store's customer
conflicts     what both sides changed
events        the history of a customer
subscription  has Exact report changed accounts
"""
