# The part of pefile that is used here; the library ships no types.
class PEFormatError(Exception): ...

class _StringTable:
    entries: dict[bytes, bytes]

class _FileInfo:
    Key: bytes
    StringTable: list[_StringTable]

class _FixedFileInfo:
    FileVersionMS: int
    FileVersionLS: int
    ProductVersionMS: int
    ProductVersionLS: int

class _Data:
    OffsetToData: int
    Size: int

class _DataEntry:
    struct: _Data

class _Entry:
    name: object | None
    id: int | None
    directory: _Directory
    data: _DataEntry

class _Directory:
    entries: list[_Entry]

class PE:
    FileInfo: list[list[_FileInfo]]
    VS_FIXEDFILEINFO: list[_FixedFileInfo]
    DIRECTORY_ENTRY_RESOURCE: _Directory
    def __init__(
        self, name: str | None = None, data: bytes | None = None, fast_load: bool | None = None
    ) -> None: ...
    def get_data(self, rva: int = 0, length: int | None = None) -> bytes: ...
    def get_warnings(self) -> list[str]: ...
