from smbprotocol.structure import Structure

class Commands:
    SMB2_NEGOTIATE: int
    SMB2_SESSION_SETUP: int
    SMB2_LOGOFF: int
    SMB2_TREE_CONNECT: int
    SMB2_TREE_DISCONNECT: int
    SMB2_CREATE: int
    SMB2_CLOSE: int
    SMB2_FLUSH: int
    SMB2_READ: int
    SMB2_WRITE: int
    SMB2_LOCK: int
    SMB2_IOCTL: int
    SMB2_CANCEL: int
    SMB2_ECHO: int
    SMB2_QUERY_DIRECTORY: int
    SMB2_CHANGE_NOTIFY: int
    SMB2_QUERY_INFO: int
    SMB2_SET_INFO: int

class Smb2Flags:
    SMB2_FLAGS_SERVER_TO_REDIR: int
    SMB2_FLAGS_ASYNC_COMMAND: int
    SMB2_FLAGS_RELATED_OPERATIONS: int
    SMB2_FLAGS_SIGNED: int

class NtStatus:
    STATUS_SUCCESS: int
    STATUS_PENDING: int
    STATUS_MORE_PROCESSING_REQUIRED: int

class SMB2HeaderResponse(Structure): ...
