"""The decisions: pure, without a database, a network or a clock.

order           the order as the connector sees it
customer        which account in Exact is the customer's
rules           the merchant's rules and settings, and the division's codes
vat             which VAT code a line has
invoice         from an order to the draft of its invoice
credit          from a refund to the draft of its credit note
fit             what many orders would become, added up
document        states, stages and problems of a document
timing          schedules, financial periods and windows of calls
choices         every choice that a setting can have, and the settings that decide a draft
vat_arithmetic  VAT of one amount
money           amounts and their rounding
wording         what the domain says to a person, marked for the catalogues
"""
