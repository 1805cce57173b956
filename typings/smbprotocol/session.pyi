from typing import Literal

from smbprotocol.connection import Connection
from smbprotocol.structure import Structure
from smbprotocol.tree import TreeConnect

class Session:
    session_id: int
    username: str | None
    connection: Connection
    tree_connect_table: dict[int, TreeConnect]
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
