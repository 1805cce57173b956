"""A simulated host without a network between: questions and steps of the engine, done at once.

It does what a session does over WinRM and SMB, as the administrator that Rollcall logs on as. What is not
said over the wire is not tested by it: that is for the end-to-end tests.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from engine.kinds.scripts import functions
from engine.model.command import Argument, Statement
from engine.model.query import (
    Answer,
    Answers,
    Ask,
    CommandError,
    Content,
    EnumValue,
    Missing,
    PsObject,
    PsValue,
    Query,
    ReadFile,
    ReadSecurity,
    Reply,
    Security,
)
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.step import (
    InlineContent,
    Invoke,
    MakeDirectory,
    PutFile,
    RemoveDirectory,
    RemoveFile,
    RunProcess,
    SetSecurity,
    SourceContent,
    Step,
)
from engine.rehearsal.windows import security as windows_security
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.security import AceFlag, AceType
from tests.support.simulated_windows import ADMINISTRATOR, Console, Result, call


class InProcess:
    """One host, as the engine talks to it."""

    def __init__(self, host: WindowsHost, files: Path | None = None) -> None:
        """`files`: the folder of the files that steps send by name."""
        self.host = host
        self._files = files
        self._console = Console(host)
        for text in functions().values():
            defined = self._console.define(text)
            assert not defined.errors, defined.errors

    def read(self, queries: Iterable[Query]) -> Answers:
        """Answer each question once."""
        return {query: self._answer(query) for query in dict.fromkeys(queries)}

    def do(self, steps: Iterable[Step]) -> None:
        """Do steps in order; the first failure is an AssertionError that says what Windows said."""
        for step in steps:
            self._do(step)

    def _answer(self, query: Query) -> Answer:
        match query:
            case Ask(statement=statement):
                return _reply(self._invoke(statement))
            case ReadSecurity(path=path):
                node = self.host.files.lookup(path)
                if node is None:
                    return Missing()
                return Security(_descriptor(self.host.files.security(path)), node.is_directory)
            case ReadFile(path=path, limit=limit):
                if self.host.files.lookup(path) is None:
                    return Missing()
                data = self.host.files.read_file(path)
                return Content(len(data), hashlib.sha256(data).hexdigest(), data[:limit])

    def _content(self, step: PutFile) -> bytes:
        match step.content:
            case InlineContent(base64=text):
                return base64.b64decode(text)
            case SourceContent(source=source):
                assert self._files is not None, "this host was given no files to send"
                return (self._files / source).read_bytes()

    def _invoke(self, statement: Statement, **more: records.PsValue) -> Result:
        commands = [
            call(each.name, **{name: _sent(value) for name, value in each.parameters}, **more)
            for each in statement.commands
        ]
        return self._console.batch(commands)

    def _do(self, step: Step) -> None:
        files = self.host.files
        match step:
            case Invoke(statements=statements):
                for statement in statements:
                    done = self._invoke(statement, ErrorAction="Stop")
                    assert not done.errors, (statement, done.errors)
                    assert done.failure is None, (statement, done.failure)
            case RunProcess():
                self._run(step)
            case PutFile(path=path):
                data = self._content(step)
                assert hashlib.sha256(data).hexdigest() == step.sha256
                files.write_file(path, data)
            case MakeDirectory(path=path):
                files.make_directory(path)
            case SetSecurity(path=path, descriptor=descriptor):
                files.set_security(path, _windows(descriptor, files.security(path)))
            case RemoveFile(path=path):
                files.remove(path)
            case RemoveDirectory(path=path):
                node = files.lookup(path)
                assert node is None or not list(node.below()), f"{path} is not empty"
                files.remove(path)

    def _run(self, step: RunProcess) -> None:
        async def wait() -> int:
            token = self.host.principals.token_for(ADMINISTRATOR)
            process = self.host.processes.start(step.executable, step.arguments, token)
            return (await asyncio.wait_for(process.wait(), 30)).code

        code = asyncio.run(wait())
        assert code in (*step.exit_codes.success, *step.exit_codes.reboot), (step, code)


def _sent(value: Argument) -> records.PsValue:
    return value


def _reply(result: Result) -> Reply:
    assert result.failure is None
    return Reply(
        output=tuple(_received(value) for value in result.output),
        errors=tuple(
            CommandError(e.error_id, e.category.name, e.message, e.target_name, e.activity)
            for e in result.errors
        ),
    )


def _received(value: records.PsValue) -> PsValue:
    match value:
        case records.PsEnum(text=text, value=number):
            return EnumValue(text, number)
        case records.PsObject(type_names=names, properties=properties, to_string=text):
            return PsObject(names[0], {name: _received(each) for name, each in properties.items()}, text)
        case tuple():
            return tuple(_received(each) for each in value)
        case _:
            return value


def _descriptor(found: windows_security.SecurityDescriptor) -> SecurityDescriptor:
    entries = tuple(
        AccessEntry(
            sid=ace.sid,
            type="deny" if ace.type is AceType.DENY else "allow",
            mask=ace.mask,
            object_inherit=bool(ace.flags & AceFlag.OBJECT_INHERIT),
            container_inherit=bool(ace.flags & AceFlag.CONTAINER_INHERIT),
            no_propagate=bool(ace.flags & AceFlag.NO_PROPAGATE),
            inherit_only=bool(ace.flags & AceFlag.INHERIT_ONLY),
            inherited=ace.inherited,
        )
        for ace in found.dacl or ()
    )
    return SecurityDescriptor(
        owner=found.owner, group=found.group, protected=found.protected, entries=entries
    )


def _windows(
    wanted: SecurityDescriptor, present: windows_security.SecurityDescriptor
) -> windows_security.SecurityDescriptor:
    aces = []
    for entry in wanted.entries:
        flags = AceFlag.OBJECT_INHERIT if entry.object_inherit else AceFlag.NONE
        flags |= AceFlag.CONTAINER_INHERIT if entry.container_inherit else AceFlag.NONE
        flags |= AceFlag.NO_PROPAGATE if entry.no_propagate else AceFlag.NONE
        flags |= AceFlag.INHERIT_ONLY if entry.inherit_only else AceFlag.NONE
        make = windows_security.deny if entry.type == "deny" else windows_security.allow
        aces.append(make(entry.sid, entry.mask, flags))
    owner = wanted.owner or present.owner
    return windows_security.SecurityDescriptor(owner, present.group, tuple(aces), wanted.protected)
