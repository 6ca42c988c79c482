"""Days and times in Dutch.

formats  what Django reads
"""
