"""A pull, a push or a report over all customers of a connection.

run           a pull or a push over all customers
run_turn      one turn of it
schedule      begins the pulls that are due
report        what a pull would come to
scope         whose customers are dealt with
make_missing  makes the accounts of customers who have none
"""
