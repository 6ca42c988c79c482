"""The commands, and what the demo needs.

commands  one file per command
demo      the demo's processes and counts

A command's module is imported when the command runs, in its language: so its `help` can call gettext at once.
"""
