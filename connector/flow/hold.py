"""The one exception that holds a document for a person."""

from connector.domain.document.states import BlockedReason


class Hold(Exception):
    """This document needs a person: `reason` says of which kind, the text what happened and what to do."""

    def __init__(self, reason: BlockedReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason
