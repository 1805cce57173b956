from smbprotocol.connection import Connection
from smbprotocol.structure import Structure
from smbprotocol.tree import TreeConnect

class ImpersonationLevel:
    Impersonation: int

class ShareAccess:
    FILE_SHARE_READ: int
    FILE_SHARE_WRITE: int
    FILE_SHARE_DELETE: int

class CreateDisposition:
    FILE_SUPERSEDE: int
    FILE_OPEN: int
    FILE_CREATE: int
    FILE_OPEN_IF: int
    FILE_OVERWRITE: int
    FILE_OVERWRITE_IF: int

class CreateOptions:
    FILE_DIRECTORY_FILE: int
    FILE_NON_DIRECTORY_FILE: int
    FILE_DELETE_ON_CLOSE: int
    FILE_OPEN_FOR_BACKUP_INTENT: int
    FILE_OPEN_REPARSE_POINT: int

class FilePipePrinterAccessMask:
    FILE_READ_DATA: int
    FILE_WRITE_DATA: int
    FILE_APPEND_DATA: int
    FILE_READ_ATTRIBUTES: int
    FILE_WRITE_ATTRIBUTES: int
    DELETE: int
    READ_CONTROL: int
    WRITE_DAC: int
    WRITE_OWNER: int
    SYNCHRONIZE: int

class DirectoryAccessMask:
    FILE_LIST_DIRECTORY: int

class SMB2QueryInfoRequest(Structure): ...
class SMB2QueryInfoResponse(Structure): ...
class SMB2SetInfoRequest(Structure): ...
class SMB2SetInfoResponse(Structure): ...

class Open:
    tree_connect: TreeConnect
    connection: Connection
    file_id: bytes
    end_of_file: int
    file_attributes: int
    create_action: int
    def __init__(self, tree: TreeConnect, name: str) -> None: ...
    def create(
        self,
        impersonation_level: int,
        desired_access: int,
        file_attributes: int,
        share_access: int,
        create_disposition: int,
        create_options: int,
    ) -> object: ...
    def read(self, offset: int, length: int) -> bytes: ...
    def write(self, data: bytes, offset: int = 0) -> int: ...
    def flush(self) -> object: ...
    def query_directory(
        self, pattern: str, file_information_class: int, flags: int | None = None
    ) -> list[Structure]: ...
    def close(self) -> object: ...

class SMB2QueryDirectoryRequest(Structure): ...
class SMB2QueryDirectoryResponse(Structure): ...
class SMB2CloseRequest(Structure): ...
class SMB2FlushRequest(Structure): ...
class SMB2FlushResponse(Structure): ...
class SMB2LockRequest(Structure): ...
class SMB2LockResponse(Structure): ...
class SMB2WriteResponse(Structure): ...
class SMB2LockElement(Structure): ...
