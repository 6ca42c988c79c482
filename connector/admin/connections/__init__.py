"""The pages of a connection: its settings, its buttons and its test.

admin      the class that names all pages of a connection
form       the form with every setting
account_rows   what a new account gets, and collective accounts by country, as rows
groups     the settings by subject, folded, with their present values in the headings
add        a new connection: first its two sides, then its settings
actions    the buttons: run now, pause, resume, pull master data, repair webhooks
backfill_page  the page "Orders from before"
backfill_rows  the backfills, read-only
shadow_page    the page "Compare with what was typed by hand"
shadow_rows    its comparisons, read-only
test_page  the page "Test connection"
"""
