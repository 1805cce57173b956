from typing import Literal

from smbprotocol.connection import Connection
from smbprotocol.structure import Structure

class Session:
    session_id: int
    username: str | None
    connection: Connection
    encrypt_data: bool | None
    signing_required: bool
    def __init__(
        self,
        connection: Connection,
        username: str | None = None,
        password: str | None = None,
        require_encryption: bool = True,
        hostname_override: str | None = None,
        auth_protocol: Literal["negotiate", "ntlm", "kerberos"] = "negotiate",
    ) -> None: ...
    def connect(self) -> None: ...
    def disconnect(self, close: bool = True, timeout: float | None = None) -> None: ...

class SMB2Logoff(Structure): ...
class SMB2SessionSetupRequest(Structure): ...
class SMB2SessionSetupResponse(Structure): ...
