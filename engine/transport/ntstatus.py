"""NTSTATUS codes that change what happens next (MS-ERREF 2.3.1), and words for those that end a step."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """The codes this program tells apart."""

    STOPPED_ON_SYMLINK = 0x8000002D
    NO_SUCH_FILE = 0xC000000F
    END_OF_FILE = 0xC0000011
    ACCESS_DENIED = 0xC0000022
    OBJECT_NAME_INVALID = 0xC0000033
    OBJECT_NAME_NOT_FOUND = 0xC0000034
    OBJECT_NAME_COLLISION = 0xC0000035
    OBJECT_PATH_NOT_FOUND = 0xC000003A
    SHARING_VIOLATION = 0xC0000043
    FILE_LOCK_CONFLICT = 0xC0000054
    DELETE_PENDING = 0xC0000056
    INVALID_OWNER = 0xC000005A
    PRIVILEGE_NOT_HELD = 0xC0000061
    NO_SUCH_USER = 0xC0000064
    WRONG_PASSWORD = 0xC000006A
    LOGON_FAILURE = 0xC000006D
    ACCOUNT_RESTRICTION = 0xC000006E
    INVALID_LOGON_HOURS = 0xC000006F
    INVALID_WORKSTATION = 0xC0000070
    PASSWORD_EXPIRED = 0xC0000071
    ACCOUNT_DISABLED = 0xC0000072
    DISK_FULL = 0xC000007F
    MEDIA_WRITE_PROTECTED = 0xC00000A2
    FILE_IS_A_DIRECTORY = 0xC00000BA
    NETWORK_NAME_DELETED = 0xC00000C9
    BAD_NETWORK_NAME = 0xC00000CC
    QUOTA_EXCEEDED = 0xC0000044
    DIRECTORY_NOT_EMPTY = 0xC0000101
    NOT_A_DIRECTORY = 0xC0000103
    CANNOT_DELETE = 0xC0000121
    FILE_CLOSED = 0xC0000128
    LOGON_TYPE_NOT_GRANTED = 0xC000015B
    TRUST_FAILURE = 0xC000018D
    ACCOUNT_EXPIRED = 0xC0000193
    USER_SESSION_DELETED = 0xC0000203
    INSUFF_SERVER_RESOURCES = 0xC0000205
    PASSWORD_MUST_CHANGE = 0xC0000224
    NOT_FOUND = 0xC0000225
    ACCOUNT_LOCKED_OUT = 0xC0000234
    NETWORK_SESSION_EXPIRED = 0xC000035C
    REQUEST_NOT_ACCEPTED = 0xC00000D0


# The object itself is not there; a missing share is another matter, see `wording`.
NO_SUCH_OBJECT = frozenset(
    {Status.NO_SUCH_FILE, Status.OBJECT_NAME_NOT_FOUND, Status.OBJECT_PATH_NOT_FOUND, Status.NOT_FOUND}
)
MISSING = NO_SUCH_OBJECT | {Status.BAD_NETWORK_NAME}
LOGON = frozenset(
    {
        Status.NO_SUCH_USER,
        Status.WRONG_PASSWORD,
        Status.LOGON_FAILURE,
        Status.ACCOUNT_RESTRICTION,
        Status.INVALID_LOGON_HOURS,
        Status.INVALID_WORKSTATION,
        Status.PASSWORD_EXPIRED,
        Status.ACCOUNT_DISABLED,
        Status.LOGON_TYPE_NOT_GRANTED,
        Status.TRUST_FAILURE,
        Status.ACCOUNT_EXPIRED,
        Status.PASSWORD_MUST_CHANGE,
        Status.ACCOUNT_LOCKED_OUT,
    }
)
DENIED = frozenset({Status.ACCESS_DENIED, Status.PRIVILEGE_NOT_HELD, Status.INVALID_OWNER})
FULL = frozenset({Status.DISK_FULL, Status.QUOTA_EXCEEDED})
IN_USE = frozenset({Status.SHARING_VIOLATION, Status.FILE_LOCK_CONFLICT, Status.DELETE_PENDING})
# The server ended what the client still believed in: open a new connection.
LOST = frozenset(
    {
        Status.FILE_CLOSED,
        Status.NETWORK_NAME_DELETED,
        Status.USER_SESSION_DELETED,
        Status.NETWORK_SESSION_EXPIRED,
    }
)

_WORDS = {
    Status.STOPPED_ON_SYMLINK: "the path leads through a symbolic link, which is not followed",
    Status.ACCESS_DENIED: "access denied",
    Status.OBJECT_NAME_INVALID: "Windows does not accept the name",
    Status.OBJECT_NAME_COLLISION: "something of that name is already there",
    Status.SHARING_VIOLATION: "another program has the file open",
    Status.FILE_LOCK_CONFLICT: "another program has locked the file",
    Status.DELETE_PENDING: "it is about to be deleted; a program still has it open",
    Status.INVALID_OWNER: "the account may not give the object to that owner",
    Status.PRIVILEGE_NOT_HELD: "the account lacks a privilege for this",
    Status.NO_SUCH_USER: "the user is not known there",
    Status.WRONG_PASSWORD: "wrong user or password",
    Status.LOGON_FAILURE: "wrong user or password",
    Status.ACCOUNT_RESTRICTION: "the account may not log on this way",
    Status.INVALID_LOGON_HOURS: "the account may not log on at this time",
    Status.INVALID_WORKSTATION: "the account may not log on at this computer",
    Status.PASSWORD_EXPIRED: "the password has expired",
    Status.ACCOUNT_DISABLED: "the account is disabled",
    Status.DISK_FULL: "the disk is full",
    Status.QUOTA_EXCEEDED: "the disk quota is used up",
    Status.MEDIA_WRITE_PROTECTED: "the disk is write-protected",
    Status.FILE_IS_A_DIRECTORY: "there is a folder of that name",
    Status.BAD_NETWORK_NAME: "there is no such drive, or its administrative share is turned off",
    Status.DIRECTORY_NOT_EMPTY: "the folder is not empty",
    Status.NOT_A_DIRECTORY: "there is a file where a folder is needed",
    Status.CANNOT_DELETE: "it is read-only or in use and cannot be deleted",
    Status.FILE_CLOSED: "the server has closed the file",
    Status.LOGON_TYPE_NOT_GRANTED: "the account may not log on over the network",
    Status.TRUST_FAILURE: "the computer's trust in its domain is broken",
    Status.ACCOUNT_EXPIRED: "the account has expired",
    Status.USER_SESSION_DELETED: "the server has ended the session",
    Status.NETWORK_NAME_DELETED: "the server has ended the connection to the share",
    Status.NETWORK_SESSION_EXPIRED: "the server has ended the session",
    Status.INSUFF_SERVER_RESOURCES: "the server has no resources left",
    Status.REQUEST_NOT_ACCEPTED: "the server takes no further connections",
    Status.PASSWORD_MUST_CHANGE: "the password must be changed first",
    Status.ACCOUNT_LOCKED_OUT: "the account is locked out",
}


def wording(status: int) -> str:
    """What a status means, with its number: `the disk is full (0xC000007F)`."""
    if status in NO_SUCH_OBJECT:
        words = "there is no such file or folder"
    else:
        words = _WORDS.get(Status(status), "refused") if status in set(Status) else "refused"
    return f"{words} (0x{status:08X})"
