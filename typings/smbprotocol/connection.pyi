import threading
import uuid
from collections.abc import Sequence
from typing import Any

from smbprotocol.header import SMB2HeaderResponse
from smbprotocol.session import Session
from smbprotocol.structure import Structure
from smbprotocol.transport import Tcp

class Request:
    message: Structure
    session_id: int
    response_event: threading.Event

class Connection:
    server_name: str
    port: int
    transport: Tcp
    session_table: dict[int, Session]
    outstanding_requests: dict[int, Request]
    max_transact_size: int
    max_read_size: int
    max_write_size: int
    dialect: int
    require_signing: bool
    supports_encryption: bool
    _t_worker: threading.Thread | None
    def __init__(
        self, guid: uuid.UUID, server_name: str, port: int = 445, require_signing: bool = True
    ) -> None: ...
    def connect(
        self,
        dialect: int | None = None,
        timeout: float = 60,
        preferred_encryption_algos: Sequence[int] | None = None,
        preferred_signing_algos: Sequence[int] | None = None,
    ) -> None: ...
    def disconnect(self, close: bool = True, timeout: float | None = None) -> None: ...
    def send(self, message: Structure, sid: int | None = None, tid: int | None = None) -> Request: ...
    def receive(
        self,
        request: Request,
        wait: bool = True,
        timeout: float | None = None,
        resolve_symlinks: bool = True,
    ) -> SMB2HeaderResponse: ...
    def verify_signature(self, header: SMB2HeaderResponse, session_id: int, force: bool = False) -> None: ...
    def _process_message_thread(self) -> None: ...
    def _send_smb2_negotiate(
        self,
        dialect: int | None,
        timeout: float,
        encryption_algorithms: Sequence[int],
        signing_algorithms: Sequence[int],
    ) -> Any: ...

class SMB2EncryptionCapabilities(Structure): ...
class SMB2NegotiateContextRequest(Structure): ...
class SMB2NegotiateResponse(Structure): ...
class SMB2PreauthIntegrityCapabilities(Structure): ...
class SMB2SigningCapabilities(Structure): ...
class SMB2Echo(Structure): ...
