"""Get-Item, Get-ChildItem and Test-Path over files and the registry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.powershell.bound import Bound
from engine.rehearsal.windows.powershell.cmdlets.item_objects import item_object
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.items import children, found, refused_reading
from engine.rehearsal.windows.powershell.locations import Location
from engine.rehearsal.windows.powershell.records import ErrorRecord, Output, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.powershell.wildcard import matches

_GET = signature(
    "Get-Item default=Path class=Microsoft.PowerShell.Commands.GetItemCommand",
    """
    Path String[] @0 Path! value property
    LiteralPath String[] LiteralPath! =PSPath property
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    Force Switch
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
    Stream String[] ~
    """,
)
_CHILDREN = signature(
    "Get-ChildItem default=Items class=Microsoft.PowerShell.Commands.GetChildItemCommand",
    """
    Path String[] @0 Items value property
    LiteralPath String[] LiteralItems! =PSPath property
    Filter String @1
    Include String[] ~
    Exclude String[] ~
    Recurse Switch =s
    Depth UInt32
    Force Switch
    Name Switch
    UseTransaction Switch =usetx ~
    Attributes FlagsExpression ~
    FollowSymlink Switch ~
    Directory Switch =ad =d
    File Switch =af
    Hidden Switch =ah =h ~
    ReadOnly Switch =ar ~
    System Switch =as ~
    """,
)
_TEST = signature(
    "Test-Path default=Path class=Microsoft.PowerShell.Commands.TestPathCommand",
    """
    Path String[] @0 Path! value property
    LiteralPath String[] LiteralPath! =PSPath property
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    PathType TestPathType =Type
    IsValid Switch ~
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
    OlderThan DateTime ~
    NewerThan DateTime ~
    """,
)
_ENDLESS = 2**32


def _get(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    for location in found(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        problem = refused_reading(call, location)
        yield Output(item_object(call, location)) if problem is None else problem


def _children(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    depth = call.bound.number("Depth")
    levels = _ENDLESS if call.bound.switch("Recurse") and depth is None else depth or 0
    for location in found(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        problem = refused_reading(call, location)
        if problem is not None:
            yield problem
        elif _is_container(call, location):
            yield from _below(call, location, location, levels)
        else:
            yield Output(item_object(call, location))


def _below(call: Call, top: Location, location: Location, levels: int) -> Iterator[Record]:
    for child in children(call, location):
        if _wanted(call, child):
            short = child.path[len(top.path.rstrip("\\")) + 1 :]
            yield Output(short if call.bound.switch("Name") else item_object(call, child))
        if levels and _is_container(call, child):
            yield from _below(call, top, child, levels - 1)


def _wanted(call: Call, location: Location) -> bool:
    folders, files = call.bound.switch("Directory"), call.bound.switch("File")
    if folders != files and _is_container(call, location) is not folders:
        return False
    return matches(call.bound.text("Filter") or "*", location.name)


def _is_container(call: Call, location: Location) -> bool:
    if location.provider == "Registry":
        return True
    node = call.host.files.lookup(location.path)
    return node is not None and node.is_directory


def _test(call: Call) -> Iterator[Record]:
    """True for each path that exists; a drive that does not exist makes it False, not an error."""
    call.host.journal.read()
    kind = call.bound.enum("PathType")
    wanted = "Any" if kind is None else kind.text
    for name in ("LiteralPath", "Path"):
        for text in call.bound.texts(name):
            try:
                there = [each for each in _alone(call, name, text) if isinstance(each, Location)]
            except StatementFailed as failure:
                if not failure.record.error_id.startswith("DriveNotFound"):
                    raise
                there = []
            fitting = [each for each in there if wanted == "Any" or _fits(call, each, wanted)]
            yield Output(bool(fitting))


def _alone(call: Call, name: str, text: str) -> Iterator[Location | ErrorRecord]:
    one = Call(call.host, call.token, call.signature, Bound({name: (text,)}, call.bound.parameter_set))
    yield from found(one)


def _fits(call: Call, location: Location, kind: str) -> bool:
    return _is_container(call, location) is (kind == "Container")


COMMANDS = (Command(_GET, _get), Command(_CHILDREN, _children), Command(_TEST, _test))
