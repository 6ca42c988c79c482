"""What a person may do. Each action takes who does it (None: from the shell) and why.

An action raises NotPossible, with a sentence for a person, where the state does not allow it.

documents: retry, refetch, re-post, skip, approve. link: an invoice that was typed by hand. change_decisions: what
becomes of an order that changed after it was posted. bulk_repost: many documents, cause by cause. connections: run,
pause, resume, and what is done to a connection's store and division. rules: an old version again. transaction: what
all of them share.
"""
