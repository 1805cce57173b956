"""Setting permissions over SMB the way Windows' own tools do: what is inherited is worked out here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from smbprotocol.exceptions import SMBResponseException
from smbprotocol.file_info import FileAttributes, FileInformationClass
from smbprotocol.open import CreateOptions, DirectoryAccessMask, Open, ShareAccess
from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.model.security import SecurityDescriptor
from engine.transport.ntstatus import LOST, NO_SUCH_OBJECT, Status, wording
from engine.transport.refusals import NotAllSet, Refusal, UnsafePath
from engine.transport.smb import info
from engine.transport.smb.connection import DIRECTORY, SHARE_ALL, SmbConnection
from engine.transport.smb.descriptors import canonical, decode, encode
from engine.transport.smb.files import is_directory
from engine.transport.smb.inheritance import complete
from engine.transport.smb.paths import HostPath

_ALL = info.OWNER | info.GROUP | info.DACL
_BACKUP = CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT | CreateOptions.FILE_OPEN_REPARSE_POINT
_NO_MORE_FILES = 0x80000006
# Others may work in a folder, but not rename or delete it.
_HOLD = ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE
_GONE = NO_SUCH_OBJECT | {Status.DELETE_PENDING}


def set_security(connection: SmbConnection, path: HostPath, wanted: SecurityDescriptor) -> None:
    """Write owner, group and DACL of a file or folder, and pass on to what is in it what it inherits.

    Entries of `wanted` that are marked as inherited are left out; what the parent folder gives is added
    unless `wanted` is protected. Owner and group stay where `wanted` has none, and are only sent where they
    differ: setting an owner needs a privilege. The SACL is not touched.

    Everything below a folder is written before the folder itself. So an interrupted run leaves the folder
    as it was, and whoever compares it sees that there is work left. What is created below meanwhile still
    inherits the old entries; it is looked for once more, before the folder is written and after.

    An object that vanishes meanwhile is passed over. One that cannot be read or written does not keep the
    others from being written; then the step fails, and the folder itself stays as it was.

    The step's time limit holds for each object below, not for the whole: it begins anew with each. Held in
    memory is one page of names for each folder on the way, never the whole tree.

    Raises:
        NotAllSet: something below could not be read or written; the first such path is told.
        UnreadableDescriptor: `wanted` or what is there now cannot be shown or sent.
    """
    parent = None if path.is_root else _read(connection, path.parent)
    access = Access.READ_CONTROL | Access.WRITE_DAC | Access.FILE_READ_ATTRIBUTES
    with connection.opened(path, access, options=_BACKUP) as handle:
        before = decode(info.query_security(handle, _ALL))
        folder = is_directory(handle)
        target = wanted.model_copy(
            update={"owner": wanted.owner or before.owner, "group": wanted.group or before.group}
        )
        after = complete(target, parent, is_directory=folder)
    encode(after)  # what cannot be sent is refused before anything is
    if not folder:
        _write(connection, path, before, after)
        return
    tree = _Tree(connection)
    tree.settle(path, after)
    _write(connection, path, before, after)
    tree.settle_new(path, after)


def _read(connection: SmbConnection, path: HostPath) -> SecurityDescriptor:
    with connection.opened(path, Access.READ_CONTROL, options=_BACKUP) as handle:
        return decode(info.query_security(handle, _ALL))


def _write(
    connection: SmbConnection, path: HostPath, before: SecurityDescriptor, after: SecurityDescriptor
) -> None:
    parts, access = info.DACL, Access.WRITE_DAC
    if after.owner != before.owner:
        parts |= info.OWNER
        access |= Access.WRITE_OWNER
    if after.group != before.group:
        parts |= info.GROUP
        access |= Access.WRITE_OWNER
    with connection.opened(path, access, options=_BACKUP) as handle:
        info.set_security(handle, encode(after), parts)


@dataclass(slots=True)
class _Level:
    """A folder on the way to where the walk is: what it inherits from, and what its children inherit from."""

    folder: HostPath
    given: SecurityDescriptor
    own: SecurityDescriptor
    handle: Open
    entries: Iterator[tuple[str, bool]]  # names still to be looked at, and whether each is a folder


@dataclass(slots=True)
class _Tree:
    """A walk below one folder, children before their folders, without recursion.

    The folders on the way are held open and may not be renamed or deleted meanwhile: who may write there
    could otherwise put a link in the place of one, and lead the walk elsewhere. The handles are not closed
    when an error ends the walk: after such an error the connection is dropped.
    """

    connection: SmbConnection
    written: int = 0
    failed: int = 0
    first: str = ""  # the first failure, with its path
    levels: list[_Level] = field(default_factory=list)

    def settle(self, top: HostPath, own: SecurityDescriptor) -> None:
        """Give everything below `top` its inherited entries anew; what is protected keeps its own.

        Nothing is skipped because its folder is right already: it may have been moved there with other
        entries, which Windows keeps. A second walk finds what was created during the first.
        """
        for _ in range(2):
            self.written = 0
            self._walk(top, own, only_new=False)
            if not self.written:
                break

    def settle_new(self, top: HostPath, own: SecurityDescriptor) -> None:
        """After `settle` and the writing of `top`: what was created directly in it between the two."""
        self._walk(top, own, only_new=True)

    def _walk(self, top: HostPath, own: SecurityDescriptor, *, only_new: bool) -> None:
        self.failed, self.first = 0, ""
        self._enter(top, own, own)
        while self.levels:
            level = self.levels[-1]
            entry = self._next(level)
            if entry is None:
                self._leave()
                continue
            name, is_folder = entry
            child = level.folder.child(name)
            if is_folder:
                self._descend(child, level.own, only_new=only_new and len(self.levels) == 1)
            else:
                self._settle_one(child, level.own, is_folder=False)
        if self.failed:
            more = f"; {self.failed} objects in all" if self.failed > 1 else ""
            raise NotAllSet(f"permissions below it could not be set: {self.first}{more}")

    def _next(self, level: _Level) -> tuple[str, bool] | None:
        """The next name; none where there is no more, or the listing breaks off."""
        with self._noting(level.folder):
            return next(level.entries, None)
        return None

    def _enter(self, folder: HostPath, given: SecurityDescriptor, own: SecurityDescriptor) -> None:
        handle = _open_listing(self.connection, folder, share=_HOLD)
        self.levels.append(_Level(folder, given, own, handle, _entries(handle)))

    def _leave(self) -> None:
        level = self.levels.pop()
        level.handle.close()
        if self.levels:
            self._settle_one(level.folder, level.given, is_folder=True)

    def _descend(self, folder: HostPath, given: SecurityDescriptor, *, only_new: bool) -> None:
        with self._noting(folder):
            before = _read(self.connection, folder)
            if before.protected:
                return
            after = complete(before, given, is_directory=True)
            if only_new and canonical(after.entries) == before.entries:
                return
            self._enter(folder, given, after)

    def _settle_one(self, path: HostPath, given: SecurityDescriptor, *, is_folder: bool) -> None:
        """Write one object's entries if they are not right.

        A folder's are read anew here: they may have changed while what is below it was written.
        """
        with self._noting(path):
            before = _read(self.connection, path)
            if before.protected:
                return
            after = complete(before, given, is_directory=is_folder)
            if canonical(after.entries) != before.entries:
                _write(self.connection, path, before, after)
                self.written += 1

    @contextmanager
    def _noting(self, path: HostPath) -> Iterator[None]:
        """Pass over what has vanished, note what the host refuses; all else ends the walk."""
        self.connection.watchdog.touch()
        try:
            yield
        except SMBResponseException as error:
            if error.status in LOST:
                raise
            if error.status not in _GONE:
                self._note(path, wording(error.status))
        except Refusal as error:
            self._note(path, str(error))

    def _note(self, path: HostPath, cause: str) -> None:
        self.failed += 1
        self.first = self.first or f"{path}: {cause}"


def names_in(connection: SmbConnection, folder: HostPath) -> list[tuple[str, bool]]:
    """What is in a folder, and whether each is a folder itself; a link to one is not."""
    handle = _open_listing(connection, folder, share=SHARE_ALL)
    try:
        return list(_entries(handle))
    finally:
        handle.close()


def _open_listing(connection: SmbConnection, folder: HostPath, *, share: int) -> Open:
    """A folder's handle to list it by; a link to a folder is refused rather than followed."""
    access = DirectoryAccessMask.FILE_LIST_DIRECTORY | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE
    handle = connection.open(folder, access, options=DIRECTORY | _BACKUP, share=share)
    if handle.file_attributes & FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT:
        handle.close()
        raise UnsafePath(f"{folder} is a link, which is not followed")
    return handle


def _entries(handle: Open) -> Iterator[tuple[str, bool]]:
    """Names in a folder; links are given as files, so that nobody walks through them."""
    while True:
        try:
            page = handle.query_directory("*", FileInformationClass.FILE_DIRECTORY_INFORMATION)
        except SMBResponseException as error:
            if error.status in {_NO_MORE_FILES, Status.NO_SUCH_FILE}:
                return
            raise
        for entry in page:
            attributes = entry["file_attributes"]
            is_folder = attributes.has_flag(FileAttributes.FILE_ATTRIBUTE_DIRECTORY)
            is_link = attributes.has_flag(FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT)
            raw: bytes = entry["file_name"].get_value()
            name = raw.decode("utf-16-le")
            if name not in {".", ".."}:
                yield name, is_folder and not is_link
