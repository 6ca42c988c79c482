"""The pages of the rules: every version, and the editor that makes the next one.

versions   every version, read-only
editor     the page on which rules are edited
what_if    what a draft of the rules would move
asked      shows what a link to the rules asks for
form       all rules of a connection as one form
rows       one rule as a row of the form
sku_table  the table SKU → item code
fit_runs   the tries of the rules, read-only
"""
