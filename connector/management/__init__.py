"""The commands, and what the demo needs.

commands  one file per command
demo      the demo's processes and counts
"""
