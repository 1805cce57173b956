"""Validation attributes of parameters, with the words in which PowerShell refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.records import PsValue


@dataclass(frozen=True, slots=True)
class InSet:
    """ValidateSet: without case."""

    values: tuple[str, ...]

    def refusal(self, value: PsValue) -> str:
        """Why the value is refused; empty where it is accepted."""
        if text_of(value).casefold() in (accepted.casefold() for accepted in self.values):
            return ""
        return (
            f'The argument "{text_of(value)}" does not belong to the set "{",".join(self.values)}" specified '
            "by the ValidateSet attribute. Supply an argument that is in the set and then try the command "
            "again."
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """ValidatePattern: without case."""

    pattern: str

    def refusal(self, value: PsValue) -> str:
        """Why the value is refused; empty where it is accepted."""
        if re.search(self.pattern, text_of(value), re.IGNORECASE):
            return ""
        return (
            f'The argument "{text_of(value)}" does not match the "{self.pattern}" pattern. Supply an '
            f'argument that matches "{self.pattern}" and try the command again.'
        )


@dataclass(frozen=True, slots=True)
class LengthBetween:
    """ValidateLength: in characters."""

    least: int
    most: int

    def refusal(self, value: PsValue) -> str:
        """Why the value is refused; empty where it is accepted."""
        length = len(text_of(value))
        if length < self.least:
            return (
                f"The character length of the {length} argument is too short. Specify an argument with a "
                f'length that is greater than or equal to "{self.least}", and then try the command again.'
            )
        if length > self.most:
            return (
                f"The character length of the {length} argument is too long. Shorten the character length of "
                f'the argument so it is fewer than or equal to "{self.most}" characters, and then try the '
                "command again."
            )
        return ""


@dataclass(frozen=True, slots=True)
class RangeBetween:
    """ValidateRange over whole numbers."""

    least: int
    most: int

    def refusal(self, value: PsValue) -> str:
        """Why the value is refused; empty where it is accepted."""
        number = value if isinstance(value, int) else 0
        if number < self.least:
            return (
                f"The {number} argument is less than the minimum allowed range of {self.least}. Supply an "
                f"argument that is greater than or equal to {self.least} and then try the command again."
            )
        if number > self.most:
            return (
                f"The {number} argument is greater than the maximum allowed range of {self.most}. Supply an "
                f"argument that is less than or equal to {self.most} and then try the command again."
            )
        return ""


@dataclass(frozen=True, slots=True)
class NotNullOrEmpty:
    """ValidateNotNullOrEmpty."""

    def refusal(self, value: PsValue) -> str:
        """Why the value is refused; empty where it is accepted."""
        if value is None or value in ("", ()):
            return (
                "The argument is null or empty. Provide an argument that is not null or empty, and then try "
                "the command again."
            )
        return ""


Validator = InSet | Matches | LengthBetween | RangeBetween | NotNullOrEmpty
