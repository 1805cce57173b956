"""The acceptor of NTLM logons, bare or in SPNEGO: pyspnego's, with the check of the response done over what
the client sent.

pyspnego builds the response that it expects from the parsed fields, with four zero bytes at the end. Samba's
client leaves those out, and Windows takes the bytes as they come (MS-NLMP 3.3.2); so it is done here too.
"""

from __future__ import annotations

import hmac
import struct

from spnego import ContextProxy, NegotiateOptions
from spnego._context import GSSMech
from spnego._credential import CredentialCache
from spnego._negotiate import NegotiateProxy
from spnego._ntlm import NTLMProxy, _NTLMCredential
from spnego._ntlm_raw.crypto import hmac_md5, ntowfv2, rc4k
from spnego._ntlm_raw.messages import Authenticate, AvFlags, AvId, NegotiateFlags, NTClientChallengeV2
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import InvalidTokenError, SpnegoError

from engine.rehearsal.smb.seam import LogonRefused

_PROOF = 16  # bytes in front of the client's challenge
_MIC = slice(72, 88)  # where an AUTHENTICATE message has its integrity code (MS-NLMP 2.2.1.3)


class NtlmAcceptor(NTLMProxy):
    """The server's side of NTLMv2. Older responses and anonymous clients are refused."""

    def __init__(self, host_name: str) -> None:
        super().__init__(
            hostname=host_name, service="cifs", usage="accept", options=NegotiateOptions.session_key
        )
        self._is_wrapped = True  # keeps tokens out of debug logs
        self._messages = b""  # what was said so far, for the integrity code

    def _step_accept(
        self,
        in_token: bytes,
        *,
        channel_bindings: GssChannelBindings | None = None,  # noqa: ARG002 (SMB has no channel to bind to)
    ) -> bytes | None:
        if self._temp_challenge is not None:
            self._admit(in_token, self._temp_challenge.server_challenge)
            return None
        challenge = self._step_accept_negotiate(in_token)
        self._messages = in_token + challenge
        return challenge

    def _admit(self, token: bytes, server_challenge: bytes) -> None:
        message = Authenticate.unpack(token)
        response = message.nt_challenge_response or b""
        if not message.user_name or len(response) < _PROOF + 28:
            raise InvalidTokenError(context_msg="no NTLMv2 response")
        domain = message.domain_name or ""
        name = f"{domain}\\{message.user_name}" if domain else message.user_name
        self._credential = _NTLMCredential(CredentialCache(username=name))
        key = ntowfv2(message.user_name, self._credential.nt_hash, domain)
        proof = hmac_md5(key, server_challenge + response[_PROOF:])
        if not hmac.compare_digest(proof, response[:_PROOF]):
            raise InvalidTokenError(context_msg="a wrong NTLM response")
        self._session_key = _session_key(message, hmac_md5(key, proof))
        self._check_integrity(token, response[_PROOF:])
        self._context_attr = message.flags
        self._complete = True

    def _check_integrity(self, token: bytes, client_challenge: bytes) -> None:
        """Refuse messages that were changed on their way, where the client says that it protects them."""
        pairs = NTClientChallengeV2.unpack(client_challenge).av_pairs
        if not pairs.get(AvId.flags, 0) & AvFlags.mic:
            return
        cleared = token[: _MIC.start] + bytes(16) + token[_MIC.stop :]
        expected = hmac_md5(self.session_key, self._messages + cleared)
        if not hmac.compare_digest(expected, token[_MIC]):
            raise InvalidTokenError(context_msg="a wrong integrity code")


def _session_key(message: Authenticate, base: bytes) -> bytes:
    exchanged = message.flags & NegotiateFlags.key_exch
    if exchanged and message.flags & (NegotiateFlags.sign | NegotiateFlags.seal):
        return rc4k(base, message.encrypted_random_session_key or b"")
    return base


def new_acceptor(host_name: str) -> ContextProxy:
    """A context for one logon.

    Raises:
        SpnegoError: NTLM_USER_FILE does not name a file of credentials.
    """
    return NegotiateProxy(
        hostname=host_name,
        service="cifs",
        usage="accept",
        options=NegotiateOptions.session_key,
        _negotiate_contexts={GSSMech.ntlm: NtlmAcceptor(host_name)},
    )


# pyspnego reports some malformed tokens as its own errors and lets its parsers' errors through for others.
_BAD_TOKEN = (SpnegoError, ValueError, LookupError, TypeError, AttributeError, struct.error)


def advance(context: ContextProxy, token: bytes) -> bytes:
    """One step of a logon: what to answer.

    Raises:
        LogonRefused: the user or password is wrong, or the token makes no sense.
    """
    try:
        return context.step(token) or b""
    except _BAD_TOKEN as error:
        raise LogonRefused("an NTLM logon failed") from error
