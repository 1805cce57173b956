"""Who is on the other end of a connection: Negotiate (SPNEGO or bare NTLM), and Basic under TLS."""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.winrm.seam import LogonRefused, WinrmHost

_NEGOTIATE = "Negotiate"
# What pyspnego raises for tokens that are cut off or made up, besides its own errors.
_MALFORMED_TOKEN = (struct.error, ValueError, IndexError, KeyError, TypeError)
_SCHEMES = frozenset({"negotiate", "ntlm", "kerberos"})


@dataclass(frozen=True, slots=True)
class Admitted:
    """The client is known. `reply` goes into `WWW-Authenticate` of the answer where it is not empty."""

    token: AccessToken
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """The answer is 401 with these `WWW-Authenticate` headers."""

    headers: tuple[tuple[str, str], ...]


def channel_bindings(certificate_pem: bytes) -> GssChannelBindings:
    """The `tls-server-end-point` binding of a server certificate (RFC 5929 4.1)."""
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    digest = certificate.fingerprint(algorithm)
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest)


class Authenticator:
    """The authentication state of one connection.

    NTLM proves the connection once; requests that follow on it need no header. Basic is offered under TLS
    only: Windows refuses unencrypted Basic unless told otherwise.
    """

    def __init__(
        self, host: WinrmHost, bindings: GssChannelBindings | None, logged_on: Callable[[], None]
    ) -> None:
        self._host = host
        self._bindings = bindings  # not None: the connection is under TLS
        self._logged_on = logged_on
        self._context: spnego.ContextProxy | None = None
        self._token: AccessToken | None = None
        self._basic: tuple[bytes, AccessToken] | None = None

    @property
    def sealing_context(self) -> spnego.ContextProxy | None:
        """The finished security context, which can seal messages; None before that and for Basic."""
        return self._context if self._token is not None else None

    def authenticate(self, authorization: str | None) -> Admitted | Challenge:
        """Take one request's `Authorization` header."""
        if authorization is None:
            return Admitted(self._token) if self._token is not None else self._offers()
        scheme, _, credentials = authorization.partition(" ")
        try:
            value = base64.b64decode(credentials.strip(), validate=True)
        except binascii.Error:
            return self._offers()
        if scheme.lower() == "basic" and self._bindings is not None:
            return self._check_basic(value)
        if scheme.lower() in _SCHEMES and value:
            return self._step(scheme, value)
        return self._offers()

    def _offers(self) -> Challenge:
        schemes = [_NEGOTIATE, "Kerberos"]
        if self._bindings is not None:
            schemes.append('Basic realm="WSMAN"')
        return Challenge(tuple(("WWW-Authenticate", scheme) for scheme in schemes))

    def _step(self, scheme: str, message: bytes) -> Admitted | Challenge:
        if self._context is None or self._token is not None:
            self._token = None
            self._context = spnego.server(hostname=self._host.name, service="host", protocol="negotiate")
        try:
            answer = self._context.step(message, channel_bindings=self._bindings)
            if not self._context.complete:
                token = base64.b64encode(answer or b"").decode("ascii")
                return Challenge((("WWW-Authenticate", f"{scheme} {token}"),))
            self._token = self._host.log_on(self._context.client_principal or "")
        except (SpnegoError, LogonRefused, *_MALFORMED_TOKEN):
            self._context = None
            return self._offers()
        self._logged_on()
        reply = f"{scheme} {base64.b64encode(answer).decode('ascii')}" if answer else ""
        return Admitted(self._token, reply)

    def _check_basic(self, value: bytes) -> Admitted | Challenge:
        digest = sha256(value).digest()
        if self._basic is not None and hmac.compare_digest(self._basic[0], digest):
            return Admitted(self._basic[1])
        user, _, password = value.decode("utf-8", errors="replace").partition(":")
        try:
            if not self._host.password_is(user, password):
                return self._offers()
            token = self._host.log_on(user)
        except LogonRefused:
            return self._offers()
        self._basic = (digest, token)
        self._logged_on()
        return Admitted(token)
