"""Typed PowerShell commands: a name and parameters, never text that is assembled from values."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.base import Frozen

# What one parameter may carry on the wire: [string], [int]/[long], [bool] or [switch], [string[]], [int[]].
Argument = bool | int | str | tuple[str, ...] | tuple[int, ...]


class Command(Frozen):
    """One command with its bound parameters, for example `Get-SmbShare -Name Staff`.

    A switch is `True`. Parameters are kept in the order in which they were given, as pairs, so that a
    command can be a dictionary key.
    """

    name: str
    parameters: tuple[tuple[str, Argument], ...] = ()

    @classmethod
    def of(cls, name: str, parameters: Mapping[str, Argument] | None = None) -> Command:
        return cls(name=name, parameters=tuple((parameters or {}).items()))


class Statement(Frozen):
    """Commands joined by pipes: the output of each is the input of the next."""

    commands: tuple[Command, ...]

    @classmethod
    def of(cls, name: str, parameters: Mapping[str, Argument] | None = None) -> Statement:
        return cls(commands=(Command.of(name, parameters),))
