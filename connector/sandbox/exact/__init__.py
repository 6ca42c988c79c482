"""The fake Exact Online.

service         the server with OAuth, OData and limits
oauth           consent, code exchange, refresh
endpoints       the REST endpoints of a division
odata           query options, pages, envelopes
filter          $filter
metadata        entities and their properties
validate        reads a request body strictly
invoices        sales invoices
invoice_checks  what an invoice must satisfy
entries         sales entries
bank            bank entries
stock           what lies in the warehouses, and what direct invoices take
items           making and deleting items
accounts        accounts, addresses, contacts
webhooks        subscriptions, and deliveries of changed accounts
pricing         what an invoice comes to
vat             VAT arithmetic
limits          limits of calls and errors
texts           what Exact says when it refuses
views           what stands in no table
state           settings and divisions
seed            the master data of each division
seed_accounts   the accounts of each division
"""
