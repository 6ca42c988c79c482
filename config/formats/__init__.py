"""The form of days and times, for each language that has one of its own: 24 hours everywhere.

en_GB  English
nl     Dutch
"""
