"""Accounts: log-in, passwords, second factor, sessions. django-allauth does the work; here is what is ours.

adapter         mails, addresses and words of the log-in
addresses       the e-mail address that counts as verified
models          a sign-up that waits for its code
language        the page on which a person chooses the language
forms           the labels of the log-in's forms
second_factor   who must have a second factor
factor_secrets  secrets of apps and recovery codes, each its person's
sign_up         a code by mail, then person and organisation
sessions        sessions encrypted in the database
"""
