"""A simulated NTFS: volumes, files and folders with NT's rules of opening, sharing, deleting and renaming."""

from __future__ import annotations

from engine.rehearsal.windows.filesystem.handle import Handle, NewTimes, Part
from engine.rehearsal.windows.filesystem.node import Attribute, Node
from engine.rehearsal.windows.filesystem.opening import Action, Disposition, OpenRequest, Option
from engine.rehearsal.windows.filesystem.sharing import Share
from engine.rehearsal.windows.filesystem.system import FileSystem
from engine.rehearsal.windows.filesystem.tree import Volume, VolumeSpec
from engine.rehearsal.windows.ntstatus import AccessDenied, NtError, NtStatus

__all__ = [
    "AccessDenied",
    "Action",
    "Attribute",
    "Disposition",
    "FileSystem",
    "Handle",
    "NewTimes",
    "Node",
    "NtError",
    "NtStatus",
    "OpenRequest",
    "Option",
    "Part",
    "Share",
    "Volume",
    "VolumeSpec",
]
