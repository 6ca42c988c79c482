"""Accounts: log-in, passwords, second factor, sessions. django-allauth does the work; here is what is ours.

adapter        mails, addresses and words of the log-in
addresses      the e-mail address that counts as verified
forms          the labels of the log-in's forms
second_factor  who must have a second factor; its secrets encrypted
sessions       sessions encrypted in the database
"""
