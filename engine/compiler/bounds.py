"""How much a school may ask for: far more than any needs, and little enough to be looked at in seconds.

What is counted is work, not time, so that a school is refused on every computer or on none.
"""

from __future__ import annotations

from engine.model.origin import Finding, Origin


class TooMuch(Exception):
    """A school asks for more than any school needs."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class Allowance:
    """Counts something of a school up to a limit; `what` names it in the message."""

    def __init__(self, limit: int, what: str) -> None:
        self._limit = limit
        self._left = limit
        self._what = what

    def spend(self, count: int, origin: Origin) -> None:
        """Count some more, asked for at `origin`.

        Raises:
            TooMuch: they pass the limit.
        """
        self._left -= count
        if self._left < 0:
            message = f"with this, the school comes to more than {self._limit:,} {self._what}"
            hint = "declare less, or for fewer hosts"
            raise TooMuch(Finding(origin, "school-limit", message, hint))
