"""The consent on Exact Online.

authorize   a person goes to Exact and comes back with tokens
keep_alive  an idle consent is refreshed in time, and its people are warned
"""
