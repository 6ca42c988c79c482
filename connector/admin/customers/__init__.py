"""Customers and their accounts beside each other, what matched, and the runs over all of them.

links            the list of all customers, and the page of one with its account
store_customers  the page of a customer who has no account yet
listing          which customers the list shows, by state, store and search
pairs            a customer, the account, and what waits for a person, read for many at once
sides            what each side has, group by group, and where they differ
page             the page of one customer
actions          what a person does with one customer
choices          what a customer is linked to or merged with
reasons          why a customer has an account, in words
matches_page     the match report, and what a person chooses in it
run_page         a run over all customers: its progress and its end
events           the history in words
rows             the rows as they are kept
"""
