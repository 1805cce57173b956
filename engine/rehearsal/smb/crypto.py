"""Keys, signatures and encryption of a session (MS-SMB2 3.1.4)."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import aead, algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode

from engine.rehearsal.smb.header import Command, Malformed

TRANSFORM = b"\xfdSMB"

_TRANSFORM_HEADER = struct.Struct("<4s16s16sIHHQ")  # MS-SMB2 2.2.41
_TAG = 16  # bytes


class Dialect(IntEnum):
    """The dialects that are spoken (MS-SMB2 2.2.3)."""

    SMB_2_1 = 0x0210
    SMB_3_0 = 0x0300
    SMB_3_0_2 = 0x0302
    SMB_3_1_1 = 0x0311


class Cipher(IntEnum):
    """MS-SMB2 2.2.3.1.2."""

    AES_128_CCM = 1
    AES_128_GCM = 2
    AES_256_CCM = 3
    AES_256_GCM = 4


class Signing(IntEnum):
    """MS-SMB2 2.2.3.1.7."""

    HMAC_SHA256 = 0
    AES_CMAC = 1
    AES_GMAC = 2


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What a connection agreed on. No cipher: nothing on it can be encrypted."""

    dialect: Dialect
    signing: Signing
    cipher: Cipher | None


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """The keys of one session, and how they are used."""

    algorithms: Algorithms
    signing: bytes = field(repr=False)
    to_server: bytes = field(repr=False)
    to_client: bytes = field(repr=False)


def extend_preauth(value: bytes, message: bytes) -> bytes:
    """The preauthentication integrity hash after one more message (MS-SMB2 3.1.4.4.1)."""
    return hashlib.sha512(value + message).digest()


def derive_keys(algorithms: Algorithms, session_key: bytes, preauth: bytes) -> SessionKeys:
    """The keys of a session from the key that the logon gave (MS-SMB2 3.3.5.5.3)."""
    key = session_key[:16].ljust(16, b"\0")
    if algorithms.dialect is Dialect.SMB_2_1:
        return SessionKeys(algorithms, key, b"", b"")
    if algorithms.dialect is not Dialect.SMB_3_1_1:
        return SessionKeys(
            algorithms,
            _kdf(key, b"SMB2AESCMAC\0", b"SmbSign\0"),
            _kdf(key, b"SMB2AESCCM\0", b"ServerIn \0"),
            _kdf(key, b"SMB2AESCCM\0", b"ServerOut\0"),
        )
    long_keys = algorithms.cipher in (Cipher.AES_256_CCM, Cipher.AES_256_GCM)
    length = 32 if long_keys else 16
    base = session_key if long_keys else key
    return SessionKeys(
        algorithms,
        _kdf(key, b"SMBSigningKey\0", preauth),
        _kdf(base, b"SMBC2SCipherKey\0", preauth, length),
        _kdf(base, b"SMBS2CCipherKey\0", preauth, length),
    )


def _kdf(key: bytes, label: bytes, context: bytes, length: int = 16) -> bytes:
    return KBKDFHMAC(
        algorithm=hashes.SHA256(),
        mode=Mode.CounterMode,
        length=length,
        rlen=4,
        llen=4,
        location=CounterLocation.BeforeFixed,
        label=label,
        context=context,
        fixed=None,
    ).derive(key)


def signature(keys: SessionKeys, message: bytes, *, from_server: bool) -> bytes:
    """The signature of a message (MS-SMB2 3.1.4.1); the one that is in it does not count."""
    cleared = b"".join((message[:48], bytes(16), message[64:]))
    kind = keys.algorithms.signing
    if kind is Signing.HMAC_SHA256:
        return hmac.digest(keys.signing, cleared, "sha256")[:16]
    if kind is Signing.AES_CMAC:
        mac = CMAC(algorithms.AES(keys.signing))
        mac.update(cleared)
        return mac.finalize()
    (command,) = struct.unpack_from("<H", message, 12)
    role = (1 if from_server else 0) | (2 if command == Command.CANCEL else 0)
    nonce = message[24:32] + struct.pack("<I", role)
    return aead.AESGCM(keys.signing).encrypt(nonce, b"", cleared)


def is_signed(keys: SessionKeys, message: bytes) -> bool:
    """If the signature in a client's message is right."""
    return hmac.compare_digest(message[48:64], signature(keys, message, from_server=False))


def _aead(keys: SessionKeys, key: bytes) -> tuple[aead.AESGCM | aead.AESCCM, int]:
    """The cipher of a session, with the length of its nonces."""
    if keys.algorithms.cipher in (Cipher.AES_128_GCM, Cipher.AES_256_GCM):
        return aead.AESGCM(key), 12
    return aead.AESCCM(key), 11


def encrypt(keys: SessionKeys, session_id: int, message: bytes) -> bytes:
    """Wrap an answer in a transform header (MS-SMB2 3.1.4.3)."""
    cipher, length = _aead(keys, keys.to_client)
    nonce = os.urandom(length)
    header = _TRANSFORM_HEADER.pack(
        TRANSFORM, bytes(16), nonce.ljust(16, b"\0"), len(message), 0, 1, session_id
    )
    sealed = cipher.encrypt(nonce, message, header[20:])
    return b"".join((header[:4], sealed[-_TAG:], header[20:], sealed[:-_TAG]))


def transform_session(data: bytes) -> int:
    """The session that an encrypted message belongs to.

    Raises:
        Malformed: the transform header is cut off, or says that nothing is encrypted.
    """
    if len(data) <= _TRANSFORM_HEADER.size:
        raise Malformed("a transform header that is cut off")
    *_, flags, session_id = _TRANSFORM_HEADER.unpack_from(data)
    if flags != 1:
        raise Malformed("a transform header with unknown flags")
    return int(session_id)


def decrypt(keys: SessionKeys, data: bytes) -> bytes:
    """What a client's encrypted message holds.

    Raises:
        Malformed: it was not encrypted with this session's key, or was tampered with.
    """
    _, tag, nonce, size, _, _, _ = _TRANSFORM_HEADER.unpack_from(data)
    if keys.algorithms.cipher is None:
        raise Malformed("encryption was not agreed on")
    cipher, length = _aead(keys, keys.to_server)
    sealed = data[_TRANSFORM_HEADER.size :] + tag
    try:
        plain = cipher.decrypt(nonce[:length], sealed, data[20 : _TRANSFORM_HEADER.size])
    except InvalidTag as error:
        raise Malformed("an encrypted message that does not verify") from error
    if len(plain) != size:
        raise Malformed("an encrypted message of another length")
    return plain
