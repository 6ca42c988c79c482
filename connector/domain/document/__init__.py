"""What a document is on its way: its states, its stages, its problems.

states  the states, and the only ways from one to another
stages  which stage comes next
result  what a translation can end in besides a draft
codes   every problem, by code
causes  which documents have the same cause
"""
