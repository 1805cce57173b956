"""Commands whose modules are imported only when they are used.

A command that talks to hosts brings PSRP, SMB and their cryptography along. Whoever asks for the version, for
help or for a check of the manifests does not wait for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar

import typer.main
from typer._click import Command, Context  # the signatures are typer's; it has no public names for these
from typer.core import TyperGroup

_PACKAGE = "engine.cli.commands"


@dataclass(frozen=True, slots=True)
class Deferred:
    """Where a command is found, and the first sentence of its help for the list of commands.

    `module` of `engine.cli.commands` holds `name`: a function, or the `typer.Typer` of a group of commands.
    """

    module: str
    name: str
    help: str

    def load(self, called: str) -> Command:
        """Import the command, to be called by this name."""
        found = getattr(import_module(f"{_PACKAGE}.{self.module}"), self.name)
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(called)(found)
        return typer.main.get_command(alone)


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and first sentence until one of them is used.

    Help, the suggestion for a mistyped name and the completion of names need no more than that.
    """

    deferred: ClassVar[Mapping[str, Deferred]]  # by name, in the order of the help

    @classmethod
    def fill(cls, app: typer.Typer) -> None:
        """Name the commands in an application whose group is of this class."""
        for name, command in cls.deferred.items():
            app.command(name, help=command.help)(_stand_in)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The command that the arguments name, imported, and the arguments that are left for it."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if name is None or stand_in is None:
            return name, stand_in, rest
        return name, self.deferred[name].load(name), rest


def _stand_in() -> None:
    """What a command is before it is used. It is never called."""
