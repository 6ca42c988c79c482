"""Gets a newcomer started: the landing page, and the steps from sign-up to the first invoice.

urls  the addresses of these pages
"""
