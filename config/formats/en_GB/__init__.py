"""Days and times in English.

formats  what Django reads
"""
