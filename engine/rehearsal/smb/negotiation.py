"""Agreeing on a dialect and on algorithms (MS-SMB2 2.2.3, 2.2.4, 3.3.5.3, 3.3.5.4)."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from uuid import UUID

from smbprotocol.connection import (
    SMB2EncryptionCapabilities,
    SMB2NegotiateContextRequest,
    SMB2NegotiateResponse,
    SMB2PreauthIntegrityCapabilities,
    SMB2SigningCapabilities,
)

from engine.rehearsal.smb.crypto import Algorithms, Cipher, Dialect, Signing
from engine.rehearsal.smb.header import Malformed, Message
from engine.rehearsal.smb.logon import new_acceptor
from engine.rehearsal.smb.wire import window
from engine.rehearsal.windows.filesystem.node import filetime_now
from engine.rehearsal.windows.ntstatus import NtError, NtStatus

MAXIMUM_TRANSFER = 8 * 2**20  # bytes of one read, write or query
SIGNING_ENABLED_AND_REQUIRED = 0x0003
WILDCARD_DIALECT = 0x02FF  # answer to an SMB1 client that offers any SMB2

_REQUEST = struct.Struct("<HHHHI16sIHH")
_CONTEXT = struct.Struct("<HHI")
_SHA_512 = 1
_MOST_CONTEXTS = 32


class Capability(IntFlag):
    """MS-SMB2 2.2.3 Capabilities."""

    LARGE_MTU = 0x04
    ENCRYPTION = 0x40


class _ContextType(IntEnum):
    PREAUTH_INTEGRITY = 1
    ENCRYPTION = 2
    SIGNING = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """What a client can do."""

    dialects: tuple[int, ...]
    security_mode: int
    capabilities: int
    client_guid: bytes
    ciphers: tuple[int, ...] = ()
    signings: tuple[int, ...] = ()
    hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a connection goes on with."""

    offer: Offer
    algorithms: Algorithms
    capabilities: Capability


def parse_offer(message: Message) -> Offer:
    """Read a NEGOTIATE request. Offsets are followed, since clients pad differently.

    Raises:
        Malformed: it is none.
        NtError: STATUS_INVALID_PARAMETER, where no dialect is named.
    """
    body = message.body
    if len(body) < _REQUEST.size:
        raise Malformed("a negotiation that is cut off")
    size, count, mode, _, capabilities, guid, context_offset, context_count, _ = _REQUEST.unpack_from(body)
    if size != 36 or len(body) < _REQUEST.size + 2 * count:
        raise Malformed("no negotiation")
    if not count:
        raise NtError(NtStatus.INVALID_PARAMETER)
    dialects = struct.unpack_from(f"<{count}H", body, _REQUEST.size)
    lists: dict[int, tuple[int, ...]] = {}
    if Dialect.SMB_3_1_1 in dialects:
        for kind, data in _contexts(message.raw, context_offset, context_count):
            if kind in lists:
                raise NtError(NtStatus.INVALID_PARAMETER)
            lists[kind] = _numbers(kind, data)
    return Offer(
        dialects,
        mode,
        capabilities,
        guid,
        ciphers=lists.get(_ContextType.ENCRYPTION, ()),
        signings=lists.get(_ContextType.SIGNING, ()),
        hashes=lists.get(_ContextType.PREAUTH_INTEGRITY, ()),
    )


def _contexts(raw: bytes, offset: int, count: int) -> Iterator[tuple[int, bytes]]:
    if count > _MOST_CONTEXTS:
        raise Malformed("too many negotiate contexts")
    for _ in range(count):
        kind, length, _ = _CONTEXT.unpack(window(raw, offset, _CONTEXT.size))
        if kind in iter(_ContextType):
            yield kind, window(raw, offset + _CONTEXT.size, length)
        offset += _CONTEXT.size + -(-length // 8) * 8


def _numbers(kind: int, data: bytes) -> tuple[int, ...]:
    """The list of 16-bit numbers that a context begins with."""
    start = 4 if kind == _ContextType.PREAUTH_INTEGRITY else 2
    if len(data) < start:
        raise Malformed("a negotiate context that is cut off")
    (count,) = struct.unpack_from("<H", data)
    if len(data) < start + 2 * count:
        raise Malformed("a negotiate context that is cut off")
    return struct.unpack_from(f"<{count}H", data, start)


def agree(offer: Offer) -> Agreement:
    """Choose the highest common dialect, and the first algorithms of the client's that are known here.

    Raises:
        NtError: STATUS_NOT_SUPPORTED for no common dialect, STATUS_INVALID_PARAMETER for 3.1.1 without
            preauthentication integrity, STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP without SHA-512.
    """
    common = [dialect for dialect in Dialect if dialect in offer.dialects]
    if not common:
        raise NtError(NtStatus.NOT_SUPPORTED)
    dialect = max(common)
    capabilities = Capability.LARGE_MTU
    cipher: Cipher | None = None
    signing = Signing.HMAC_SHA256 if dialect is Dialect.SMB_2_1 else Signing.AES_CMAC
    if dialect is Dialect.SMB_3_1_1:
        if not offer.hashes:
            raise NtError(NtStatus.INVALID_PARAMETER)
        if _SHA_512 not in offer.hashes:
            raise NtError(NtStatus.SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP)
        cipher = next((Cipher(c) for c in offer.ciphers if c in tuple(Cipher)), None)
        signing = next((Signing(s) for s in offer.signings if s in tuple(Signing)), signing)
    elif dialect is not Dialect.SMB_2_1 and offer.capabilities & Capability.ENCRYPTION:
        cipher = Cipher.AES_128_CCM
        capabilities |= Capability.ENCRYPTION
    return Agreement(offer, Algorithms(dialect, signing, cipher), capabilities)


def answer(agreement: Agreement, server_guid: UUID) -> bytes:
    """The body of the NEGOTIATE response."""
    response = _response(agreement.algorithms.dialect, server_guid, agreement.capabilities)
    if agreement.algorithms.dialect is Dialect.SMB_3_1_1:
        contexts = list(_answer_contexts(agreement))
        # Entries are padded to 8 bytes, the last one is not.
        contexts[-1]["padding"].size = 0
        contexts[-1]["padding"] = b""
        response["negotiate_context_list"] = contexts
    return response.pack()


def answer_to_smb1(server_guid: UUID) -> bytes:
    """The body that asks a client which began with SMB1 to negotiate again in SMB2 (MS-SMB2 3.3.5.3.2)."""
    response = _response(WILDCARD_DIALECT, server_guid, Capability.LARGE_MTU)
    return response.pack()


def _response(dialect: int, server_guid: UUID, capabilities: Capability) -> SMB2NegotiateResponse:
    response = SMB2NegotiateResponse()
    response["security_mode"] = SIGNING_ENABLED_AND_REQUIRED
    response["dialect_revision"] = dialect
    response["server_guid"] = server_guid
    response["capabilities"] = int(capabilities)
    for limit in ("max_transact_size", "max_read_size", "max_write_size"):
        response[limit] = MAXIMUM_TRANSFER
    response["system_time"] = filetime_now()
    response["server_start_time"] = 0
    # The mechanisms that a logon may use, as the acceptor would offer them itself.
    response["buffer"] = new_acceptor("").step() or b""
    return response


def _answer_contexts(agreement: Agreement) -> Iterator[SMB2NegotiateContextRequest]:
    integrity = SMB2PreauthIntegrityCapabilities()
    integrity["hash_algorithms"] = [_SHA_512]
    integrity["salt"] = os.urandom(32)
    yield _context(_ContextType.PREAUTH_INTEGRITY, integrity)
    if agreement.offer.ciphers:
        encryption = SMB2EncryptionCapabilities()
        encryption["ciphers"] = [int(agreement.algorithms.cipher or 0)]
        yield _context(_ContextType.ENCRYPTION, encryption)
    if agreement.offer.signings:
        signing = SMB2SigningCapabilities()
        signing["signing_algorithms"] = [int(agreement.algorithms.signing)]
        yield _context(_ContextType.SIGNING, signing)


def _context(
    kind: _ContextType,
    data: SMB2PreauthIntegrityCapabilities | SMB2EncryptionCapabilities | SMB2SigningCapabilities,
) -> SMB2NegotiateContextRequest:
    context = SMB2NegotiateContextRequest()
    context["context_type"] = int(kind)
    context["data"] = data
    return context


def offers_smb2(smb1_dialects: Sequence[bytes]) -> bool:
    """If an SMB1 client says that it can also speak SMB2."""
    return b"SMB 2.???" in smb1_dialects
