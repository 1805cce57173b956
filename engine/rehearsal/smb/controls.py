"""IOCTL: the few control codes that an SMB server has to know itself (MS-SMB2 3.3.5.15)."""

from __future__ import annotations

from smbprotocol.ioctl import (
    SMB2IOCTLRequest,
    SMB2IOCTLResponse,
    SMB2ValidateNegotiateInfoResponse,
)

from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.header import SIZE, Malformed
from engine.rehearsal.smb.negotiation import SIGNING_ENABLED_AND_REQUIRED, Agreement
from engine.rehearsal.smb.wire import decode, window
from engine.rehearsal.windows.ntstatus import NtError, NtStatus

_DFS_GET_REFERRALS = 0x00060194
_DFS_GET_REFERRALS_EX = 0x000601B0
_VALIDATE_NEGOTIATE_INFO = 0x00140204
_IS_FSCTL = 1


def control(exchange: Exchange) -> Reply:
    """Answer a control code, or refuse it as a server without that feature does.

    Raises:
        NtError: STATUS_FS_DRIVER_REQUIRED for DFS, which no host serves; STATUS_INVALID_DEVICE_REQUEST.
    """
    request = decode(SMB2IOCTLRequest, exchange.message.body)
    if request["flags"].get_value() != _IS_FSCTL:
        raise NtError(NtStatus.NOT_SUPPORTED)
    code = request["ctl_code"].get_value()
    if code in (_DFS_GET_REFERRALS, _DFS_GET_REFERRALS_EX):
        raise NtError(NtStatus.FS_DRIVER_REQUIRED)
    agreement = exchange.connection.agreement
    if code != _VALIDATE_NEGOTIATE_INFO or agreement is None:
        raise NtError(NtStatus.INVALID_DEVICE_REQUEST)
    offset, length = request["input_offset"].get_value(), request["input_count"].get_value()
    if window(exchange.message.raw, offset, length) != _offered(agreement):
        # Somebody changed the negotiation on its way (MS-SMB2 3.3.5.15.12).
        raise Malformed("a negotiation that was tampered with")
    response = SMB2IOCTLResponse()
    response["ctl_code"] = code
    response["file_id"] = b"\xff" * 16
    response["input_offset"] = response["output_offset"] = SIZE + 48
    data = _validated(agreement, exchange)
    response["output_count"] = len(data)
    response["buffer"] = data
    return reply(response)


def _offered(agreement: Agreement) -> bytes:
    offer = agreement.offer
    dialects = b"".join(dialect.to_bytes(2, "little") for dialect in offer.dialects)
    head = offer.capabilities.to_bytes(4, "little") + offer.client_guid
    return (
        head
        + offer.security_mode.to_bytes(2, "little")
        + len(offer.dialects).to_bytes(2, "little")
        + dialects
    )


def _validated(agreement: Agreement, exchange: Exchange) -> bytes:
    info = SMB2ValidateNegotiateInfoResponse()
    info["capabilities"] = int(agreement.capabilities)
    info["guid"] = exchange.server.guid
    info["security_mode"] = SIGNING_ENABLED_AND_REQUIRED
    info["dialect"] = int(agreement.algorithms.dialect)
    return info.pack()
