"""What texts of a field look like: for the check itself, and for those who cannot run it, such as editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import LiteralString

WRITTEN_OUT: LiteralString = "written_out"  # the type of a validator's error about a secret in a manifest


@dataclass(frozen=True, slots=True)
class Form:
    """Marks a text in a field's annotation.

    `pattern` is what every good text matches as a whole, in the subset that Python's `re` and ECMA-262 (JSON
    Schema) understand alike: no flags, no named groups, no `\\d` and `\\w`. It may let pass what a stricter
    check behind it refuses. `words` tell people what belongs there. `numbers`: whether a number that is
    written without quotes can stand for such a text.
    """

    pattern: str
    words: str
    numbers: bool = True

    def fits(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None

    def check(self, text: str) -> str:
        """The text itself.

        Raises:
            ValueError: it does not have this form; the message does not repeat it, since it may be a secret.
        """
        if not self.fits(text):
            raise ValueError(self.words)
        return text
