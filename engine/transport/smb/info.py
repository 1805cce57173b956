"""Query and set info (MS-SMB2 2.2.37 and 2.2.39) for what the library has no method for."""

from __future__ import annotations

from smbprotocol.file_info import (
    FileDispositionInformation,
    FileInformationClass,
    FileRenameInformation,
    FileStandardInformation,
    InfoType,
)
from smbprotocol.open import (
    Open,
    SMB2QueryInfoRequest,
    SMB2QueryInfoResponse,
    SMB2SetInfoRequest,
)
from smbprotocol.structure import Structure

# AdditionalInformation, MS-SMB2 2.2.37.
OWNER = 0x1
GROUP = 0x2
DACL = 0x4

# What one credit pays for (MS-SMB2 3.2.4.1.5). A DACL may be a little longer; nobody's is.
_LARGEST_DESCRIPTOR = 0x10000
_STANDARD_SIZE = 24  # FILE_STANDARD_INFORMATION, MS-FSCC 2.4.41


def query_security(handle: Open, parts: int) -> bytes:
    """The raw self-relative security descriptor with the `parts` asked for."""
    return _query(
        handle, InfoType.SMB2_0_INFO_SECURITY, FileInformationClass.FILE_NONE, _LARGEST_DESCRIPTOR, parts
    )


def set_security(handle: Open, descriptor: bytes, parts: int) -> None:
    """Write the `parts` of a raw self-relative security descriptor; the others stay."""
    _set(handle, InfoType.SMB2_0_INFO_SECURITY, FileInformationClass.FILE_NONE, descriptor, parts)


def query_standard(handle: Open) -> FileStandardInformation:
    """Size, links and whether it is about to be deleted: a cheap question that proves the handle lives."""
    info = FileStandardInformation()
    info.unpack(_query(handle, info.INFO_TYPE, info.INFO_CLASS, _STANDARD_SIZE))
    return info


def rename(handle: Open, inner_path: str, *, replace: bool) -> None:
    """Give the object a new path on its share."""
    info = FileRenameInformation()
    info["replace_if_exists"] = replace
    info["file_name"] = inner_path
    _set_structure(handle, info, info.INFO_TYPE, info.INFO_CLASS)


def set_deletion(handle: Open, pending: bool) -> None:
    """Say whether the object goes when its last handle is closed."""
    info = FileDispositionInformation()
    info["delete_pending"] = pending
    _set_structure(handle, info, info.INFO_TYPE, info.INFO_CLASS)


def _set_structure(handle: Open, info: Structure, info_type: int, info_class: int) -> None:
    _set(handle, info_type, info_class, info.pack(), 0)


def _query(handle: Open, info_type: int, info_class: int, size: int, parts: int = 0) -> bytes:
    request = SMB2QueryInfoRequest()
    request["info_type"] = info_type
    request["file_info_class"] = info_class
    request["output_buffer_length"] = size
    request["additional_information"] = parts
    request["file_id"] = handle.file_id
    response = SMB2QueryInfoResponse()
    response.unpack(_exchange(handle, request))
    data: bytes = response["buffer"].get_value()
    return data


def _set(handle: Open, info_type: int, info_class: int, data: bytes, parts: int) -> None:
    request = SMB2SetInfoRequest()
    request["info_type"] = info_type
    request["file_info_class"] = info_class
    request["additional_information"] = parts
    request["file_id"] = handle.file_id
    request["buffer"] = data
    _exchange(handle, request)


def _exchange(handle: Open, request: Structure) -> bytes:
    tree = handle.tree_connect
    sent = handle.connection.send(request, sid=tree.session.session_id, tid=tree.tree_connect_id)
    data: bytes = handle.connection.receive(sent)["data"].get_value()
    return data
