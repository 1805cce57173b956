"""The window of message ids that a client may use (MS-SMB2 3.3.1.1, 3.3.5.2.3)."""

from __future__ import annotations

from engine.rehearsal.smb.header import Malformed

MOST_CREDITS = 8192
MOST_GRANTED = 512  # in one answer


class CreditWindow:
    """Counts ids out and in. It starts with the single id 0."""

    def __init__(self) -> None:
        self._next = 1
        self._unused = {0}

    def use(self, message_id: int, charge: int) -> None:
        """Take a request's ids.

        Raises:
            Malformed: one of them was not granted, or is used already.
        """
        ids = range(message_id, message_id + max(1, charge))
        if len(ids) > MOST_CREDITS or not all(each in self._unused for each in ids):
            raise Malformed("a message id that was not granted")
        self._unused.difference_update(ids)

    def grant(self, requested: int) -> int:
        """Give the client further ids: what it asks for, at least one, as long as it does not hoard."""
        room = MOST_CREDITS - len(self._unused)
        granted = min(max(1, requested), MOST_GRANTED, max(room, 0))
        self._unused.update(range(self._next, self._next + granted))
        self._next += granted
        return granted
