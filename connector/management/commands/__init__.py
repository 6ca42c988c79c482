"""One file per command of `manage.py`; docs/commands.md explains each.

provision         makes or updates an organisation from a file
evidence          writes what is known of an order into a file, and checks it
export            prints an organisation as that file
propose           proposes a connection's mapping
backfill          takes in the orders from before a connection
customers         matches all customers with the accounts in Exact, and carries over what changed
fit               tries what the orders of the last days would become
preview           shows what one order would become
worker            takes orders from the inbox to Exact until stopped
drain             does the due work in the foreground
ledger            lists the documents
repost            posts documents again
checkconnections  tests both sides of each connection
checkledger       checks that no order is missing
reconcile         compares the orders of a period with the books
recover           looks up what was posted since a backup
prune             deletes what has expired
forget            removes the personal data of one customer
rotatekeys        encrypts the credentials under the new key
sandbox           runs a fake store and a fake Exact
demo              runs the whole of it beside the sandbox
"""
