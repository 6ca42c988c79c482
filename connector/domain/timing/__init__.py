"""When: schedules, financial periods and windows of calls.

schedule     when documents may be posted
as_typed     days and times as people type them
days         a period of business days in a zone
periods      the day on which a document is booked
call_window  how many calls a vendor still allows, and until when
"""
