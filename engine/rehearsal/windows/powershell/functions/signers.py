"""Assert-RollcallSigner."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.authenticode.publishers import authority
from engine.rehearsal.authenticode.verifying import Status, verify
from engine.rehearsal.windows.ntstatus import NtError
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import written
from engine.rehearsal.windows.powershell.records import ErrorCategory, Record

_READ_DATA = 0x1


def check(call: Call) -> Iterator[Record]:
    """Whether a file is signed by this signer. Simulated hosts trust the rehearsal's own authority only."""
    call.host.journal.read()
    path, wanted = _path(call), call.bound.text("CommonName")
    try:
        call.host.files.open(path, call.token, _READ_DATA).close()
        found = verify(call.host.files.read_file(path), authority().certificate)
    except NtError:
        message = f"Cannot find path '{path}' because it does not exist, or it may not be read."
        exception = "System.Management.Automation.ItemNotFoundException"
        yield written(call, "RollcallSignerFailed", ErrorCategory.ReadError, message, exception, path)
        return
    must = f"The file must be signed by {wanted}, and"
    if found.status is not Status.VALID:
        status = found.status
        yield _refused(
            call, "RollcallSignerNotValid", f"{must} its signature is {status.word}: {status.message}"
        )
    elif found.common_name != wanted:
        yield _refused(call, "RollcallSignerOther", f"{must} it is signed by {found.common_name}.")


def _refused(call: Call, error_id: str, message: str) -> Record:
    exception = "System.Security.SecurityException"
    return written(call, error_id, ErrorCategory.SecurityError, message, exception, _path(call))


def _path(call: Call) -> str:
    return call.bound.text("Path") or ""  # mandatory
