"""The two views of the registry on 64 bit Windows.

After Microsoft's page "Registry Keys Affected by WOW64", as it applies since Windows 7.
"""

from __future__ import annotations

from enum import StrEnum

_NODE = "WOW6432Node"


class View(StrEnum):
    """Which view a program asks for (KEY_WOW64_64KEY, KEY_WOW64_32KEY)."""

    BITS_64 = "64"
    BITS_32 = "32"


# Below HKLM\SOFTWARE: keys that both views share, though a key above them is redirected.
_SHARED = tuple(
    tuple(path.casefold().split("\\"))
    for path in (
        r"Classes",
        r"Clients",
        r"Microsoft\COM3",
        r"Microsoft\Cryptography\Calais\Current",
        r"Microsoft\Cryptography\Calais\Readers",
        r"Microsoft\Cryptography\Services",
        r"Microsoft\CTF\SystemShared",
        r"Microsoft\CTF\TIP",
        r"Microsoft\DFS",
        r"Microsoft\Driver Signing",
        r"Microsoft\EnterpriseCertificates",
        r"Microsoft\EventSystem",
        r"Microsoft\MSMQ",
        r"Microsoft\Non-Driver Signing",
        r"Microsoft\Notepad\DefaultFonts",
        r"Microsoft\OLE",
        r"Microsoft\RAS",
        r"Microsoft\RPC",
        r"Microsoft\Shared Tools\MSInfo",
        r"Microsoft\SystemCertificates",
        r"Microsoft\TermServLicensing",
        r"Microsoft\Transaction Server",
        r"Microsoft\Windows\CurrentVersion\Control Panel\Cursors\Schemes",
        r"Microsoft\Windows\CurrentVersion\Explorer\AutoplayHandlers",
        r"Microsoft\Windows\CurrentVersion\Explorer\DriveIcons",
        r"Microsoft\Windows\CurrentVersion\Explorer\KindMap",
        r"Microsoft\Windows\CurrentVersion\Group Policy",
        r"Microsoft\Windows\CurrentVersion\Policies",
        r"Microsoft\Windows\CurrentVersion\PreviewHandlers",
        r"Microsoft\Windows\CurrentVersion\Setup",
        r"Microsoft\Windows\CurrentVersion\Telephony\Locations",
        r"Microsoft\Windows NT\CurrentVersion\Console",
        r"Microsoft\Windows NT\CurrentVersion\FontDpi",
        r"Microsoft\Windows NT\CurrentVersion\FontLink",
        r"Microsoft\Windows NT\CurrentVersion\FontMapper",
        r"Microsoft\Windows NT\CurrentVersion\Fonts",
        r"Microsoft\Windows NT\CurrentVersion\FontSubstitutes",
        r"Microsoft\Windows NT\CurrentVersion\Gre_Initialize",
        r"Microsoft\Windows NT\CurrentVersion\Image File Execution Options",
        r"Microsoft\Windows NT\CurrentVersion\LanguagePack",
        r"Microsoft\Windows NT\CurrentVersion\NetworkCards",
        r"Microsoft\Windows NT\CurrentVersion\Perflib",
        r"Microsoft\Windows NT\CurrentVersion\Ports",
        r"Microsoft\Windows NT\CurrentVersion\Print",
        r"Microsoft\Windows NT\CurrentVersion\ProfileList",
        r"Microsoft\Windows NT\CurrentVersion\Time Zones",
        r"Policies",
        r"RegisteredApplications",
    )
)

# Below the shared HKLM\SOFTWARE\Classes: keys that are redirected again.
_REDIRECTED_CLASSES = frozenset({"clsid", "directshow", "interface", "media type", "mediafoundation"})


def physical(path: tuple[str, ...], view: View) -> tuple[str, ...]:
    """Where a key really is. `path` starts with the hive's short name; only HKLM\\SOFTWARE has two views."""
    if view is View.BITS_64 or len(path) < 2 or path[0] != "HKLM" or path[1].casefold() != "software":
        return path
    hive, software, *below = path
    folded = tuple(part.casefold() for part in below)
    if folded[:1] == (_NODE.casefold(),):
        return path
    if folded[:1] == ("classes",) and len(folded) > 1 and folded[1] in _REDIRECTED_CLASSES:
        return (hive, software, below[0], _NODE, *below[1:])
    if any(folded[: len(shared)] == shared for shared in _SHARED):
        return path
    return (hive, software, _NODE, *below)
