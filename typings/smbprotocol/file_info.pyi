from typing import ClassVar

from smbprotocol.structure import Structure

class InfoType:
    SMB2_0_INFO_FILE: int
    SMB2_0_INFO_FILESYSTEM: int
    SMB2_0_INFO_SECURITY: int

class FileInformationClass:
    FILE_NONE: int
    FILE_DIRECTORY_INFORMATION: int
    FILE_NAMES_INFORMATION: int

class FileAttributes:
    FILE_ATTRIBUTE_NORMAL: int
    FILE_ATTRIBUTE_DIRECTORY: int
    FILE_ATTRIBUTE_REPARSE_POINT: int

class FileStandardInformation(Structure):
    INFO_TYPE: ClassVar[int]
    INFO_CLASS: ClassVar[int]

class FileRenameInformation(Structure):
    INFO_TYPE: ClassVar[int]
    INFO_CLASS: ClassVar[int]

class FileDispositionInformation(Structure):
    INFO_TYPE: ClassVar[int]
    INFO_CLASS: ClassVar[int]
