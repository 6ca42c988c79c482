"""Gets a newcomer started: the landing page, and the steps from sign-up to the first invoice.

urls           the addresses of these pages
sign_up        the account that is asked for, and the code that was mailed
pages          which step is due, and what follows after a press
frame          what the steps share
drafts         what was typed, kept over a failed try
store_step     the step of the store
exact_step     the step of Exact Online
division_step  the step of the division, and the read of its master data
mapping_step   the step that shows the proposed mapping and makes the connection
fit_step       the step that tries recent orders
look_step      the step that shows five of them beside their invoices
first_step     the step that posts one of them
live_step      the step that lets the connection begin
"""
