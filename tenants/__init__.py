"""Organisations, the people in them, and who may see what.

models        organisations, people and memberships
roles         sets of roles: who may do what
scope         whose rows a request may see
scoped_admin  the base of every admin class
site          the portal's admin site
admin         the organisation's own pages
members       the members of an organisation
last_owner    the last owner and the last superuser
invitations   how a person gets in
accounts      log-in, passwords, second factor, sessions
typed         names on one line, e-mail addresses
fields        encrypted columns for credentials
unreadable    the error of a credential that cannot be read
sealed        a text encrypted for one place in the database
rekey         encrypts all credentials under the newest keys
suspension    what people of a suspended organisation read
column_words  tables and columns, named in the reader's language
languages     pages and mails in the reader's language
zone          pages in the organisation's time zone
apps          the Django app
"""
