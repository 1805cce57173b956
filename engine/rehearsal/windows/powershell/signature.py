"""What a command accepts: its parameters and parameter sets, written down in a short notation.

    signature(
        "New-SmbShare cim process",
        '''
        Name String @1 !
        Path String @2 !
        CachingMode CachingMode
        Temporary Switch ~
        ''',
    )

The first line names the command and its traits. A parameter is a line: name, type, then in any order
`@n` its position, `!` mandatory, `Set` or `Set!` the sets it belongs to (and is mandatory in; none means
all), `=alias`, `value` and `property` for pipeline input, `{a,b}` accepted values, `~` what the rehearsal
refuses because it does not emulate it, and `null` where a mandatory parameter takes nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.rehearsal.windows.powershell.validation import InSet, Validator

ALL_SETS = "__AllParameterSets"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `sets` maps each set's name to whether it is mandatory there."""

    name: str
    type: str
    sets: Mapping[str, bool]
    position: int | None = None
    aliases: tuple[str, ...] = ()
    by_value: bool = False
    by_property: bool = False
    validators: tuple[Validator, ...] = ()
    emulated: bool = True
    allow_null: bool = False
    allow_empty_string: bool = False
    allow_empty_array: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    def belongs_to(self, parameter_set: str) -> bool:
        """Whether it may be given in this set."""
        return parameter_set in self.sets or ALL_SETS in self.sets

    def mandatory_in(self, parameter_set: str) -> bool:
        """Whether it must be given in this set."""
        return self.sets.get(parameter_set, self.sets.get(ALL_SETS, False))

    @property
    def always_mandatory(self) -> bool:
        return all(self.sets.values())


@dataclass(frozen=True, slots=True)
class Signature:
    """A command's parameters. `implementation` ends its error ids: a .NET class, or a function's own name."""

    name: str
    implementation: str
    is_function: bool
    parameters: tuple[Parameter, ...]
    default_set: str = ""
    asks_first: bool = False  # it prompts unless told not to: ConfirmImpact is High

    @property
    def sets(self) -> tuple[str, ...]:
        """Names of the parameter sets in the order in which they appear; never none."""
        named = dict.fromkeys(
            name for parameter in self.parameters for name in parameter.sets if name != ALL_SETS
        )
        return tuple(named) or (ALL_SETS,)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of exactly this name or alias, without case."""
        folded = name.casefold()
        return next(
            (p for p in self.parameters if any(folded == known.casefold() for known in p.names)), None
        )


COMMON = """
    Verbose Switch =vb
    Debug Switch =db ~
    ErrorAction ActionPreference =ea
    WarningAction ActionPreference =wa
    InformationAction ActionPreference =infa
    ErrorVariable String =ev ~
    WarningVariable String =wv ~
    InformationVariable String =iv ~
    OutVariable String =ov ~
    OutBuffer Int32 =ob ~
    PipelineVariable String =pv ~
"""
_PROCESS = """
    WhatIf Switch =wi
    Confirm Switch =cf
"""
_CIM = """
    AsJob Switch ~
    CimSession CimSession[] =Session ~
    ThrottleLimit Int32
"""


def signature(header: str, parameters: str = "") -> Signature:
    """Read a signature in the notation of this module.

    Traits in the header: `class=<.NET class>` for a compiled cmdlet (a function otherwise), `default=<set>`,
    `cim` for a command of a CIM module, `process` for -WhatIf and -Confirm, `asks` where it also prompts.
    """
    name, *traits = header.split()
    options = dict(trait.split("=", 1) for trait in traits if "=" in trait)
    lines = parameters + (_CIM if "cim" in traits else "")
    if "process" in traits or "asks" in traits:
        lines += _PROCESS
    return Signature(
        name,
        options.get("class", name),
        "class" not in options,
        tuple(_parameter(line.split()) for line in (lines + COMMON).splitlines() if line.strip()),
        options.get("default", ""),
        "asks" in traits,
    )


def _parameter(words: list[str]) -> Parameter:
    name, kind, *marks = words
    sets = {
        mark.rstrip("!"): mark.endswith("!") for mark in marks if mark[0].isalpha() and mark not in _WORDS
    }
    positions = [int(mark[1:]) for mark in marks if mark[0] == "@"]
    values = [mark.strip("{}") for mark in marks if mark[0] == "{"]
    nothing = "null" in marks
    return Parameter(
        name,
        kind,
        MappingProxyType(sets or {ALL_SETS: "!" in marks}),
        positions[0] if positions else None,
        tuple(mark[1:] for mark in marks if mark[0] == "="),
        "value" in marks,
        "property" in marks,
        tuple(InSet(tuple(listed.split(","))) for listed in values),
        "~" not in marks,
        nothing,
        nothing,
        nothing,
    )


_WORDS = frozenset({"value", "property", "null"})


def common_names() -> Iterable[str]:
    """Names of the common parameters that every command has."""
    return tuple(line.split()[0] for line in COMMON.splitlines() if line.strip())
