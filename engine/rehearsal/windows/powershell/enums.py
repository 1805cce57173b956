"""The .NET enums that parameters and properties of the emulated commands have."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.powershell.records import PsEnum

_GENERATED = "Microsoft.PowerShell.Cmdletization.GeneratedTypes."

# Short name: full name, and members in the order of their numbers, counted from the first number; a dash
# leaves a number out, and flags name theirs.
_TABLE: Mapping[str, tuple[str, int, str]] = MappingProxyType(
    {
        "ActionPreference": (
            "System.Management.Automation.ActionPreference",
            0,
            "SilentlyContinue Stop Continue Inquire Ignore Suspend",
        ),
        "AvailabilityType": (
            _GENERATED + "SmbShare.AvailabilityType",
            0,
            "NonClustered Clustered ScaleOut CSV DFS",
        ),
        "CachingMode": (
            _GENERATED + "SmbShare.CachingMode",
            0,
            "None Manual Documents Programs BranchCache Unknown",
        ),
        "FolderEnumerationMode": (
            _GENERATED + "SmbShare.FolderEnumerationMode",
            0,
            "AccessBased Unrestricted",
        ),
        "LeasingMode": (_GENERATED + "SmbShare.LeasingMode", 0, "Full Shared None"),
        "ShareAccessRight": (_GENERATED + "SmbShare.ShareAccessRight", 0, "Full Change Read Custom"),
        "ShareAccessControlType": (_GENERATED + "SmbShare.ShareAccessControlType", 0, "Allow Deny"),
        "ShareState": (_GENERATED + "SmbShare.ShareState", 0, "Pending Online Offline"),
        "ShareType": (
            _GENERATED + "SmbShare.ShareType",
            0,
            "FileSystemDirectory PrintQueue CommunicationDevice InterprocessCommunication",
        ),
        "SmbInstance": (_GENERATED + "SmbShare.SmbInstance", 0, "Default CSV SBL SR"),
        "ServiceStartMode": (
            "System.ServiceProcess.ServiceStartMode",
            0,
            "Boot System Automatic Manual Disabled",
        ),
        "ServiceControllerStatus": (
            "System.ServiceProcess.ServiceControllerStatus",
            1,
            "Stopped StartPending StopPending Running ContinuePending PausePending Paused",
        ),
        "DeviceTypeEnum": (_GENERATED + "Printer.DeviceTypeEnum", 0, "Print Fax"),
        "PrinterTypeEnum": (_GENERATED + "Printer.TypeEnum", 0, "Local Connection"),
        "RenderingModeEnum": (_GENERATED + "Printer.RenderingModeEnum", 0, "SSR CSR BranchOffice"),
        "WorkflowPolicyEnum": (
            _GENERATED + "Printer.WorkflowPolicyEnum",
            0,
            "Uninitialized Disabled Enabled",
        ),
        "PrinterStatusEnum": (_GENERATED + "Printer.PrinterStatusEnum", 0, "Normal Paused Error"),
        "DuplexingModeEnum": (
            _GENERATED + "PrinterConfiguration.DuplexingModeEnum",
            0,
            "OneSided TwoSidedLongEdge TwoSidedShortEdge",
        ),
        "PaperSizeEnum": (
            _GENERATED + "PrinterConfiguration.PaperSizeEnum",
            0,
            "Custom Letter LetterSmall Tabloid Ledger Legal Statement Executive A3 A4 A4Small A5 B4 "
            "B5 Folio Quarto Sheet10x14 Sheet11x17 Note Envelope9 Envelope10 Envelope11 Envelope12 "
            "Envelope14 CSheet DSheet ESheet EnvelopeDL EnvelopeC5 EnvelopeC3 EnvelopeC4 EnvelopeC6 "
            "EnvelopeC65 EnvelopeB4 EnvelopeB5 EnvelopeB6 EnvelopeItaly EnvelopeMonarch "
            "EnvelopePersonal FanfoldUS FanfoldStandardGerman FanfoldLegalGerman ISOB4 "
            "JapanesePostcard Sheet9x11 Sheet10x11 Sheet15x11 EnvelopeInvite Reserved48 Reserved49 "
            "LetterExtra LegalExtra TabloidExtra A4Extra LetterTransverse A4Transverse "
            "LetterExtraTransverse APlus BPlus LetterPlus A4Plus A5Transverse B5Transverse A3Extra "
            "A5Extra B5Extra A2 A3Transverse A3ExtraTransverse JapaneseDoublePostcard A6 "
            "JapaneseEnvelopeKaku2 JapaneseEnvelopeKaku3 JapaneseEnvelopeChou3 JapaneseEnvelopeChou4 "
            "LetterRotated A3Rotated A4Rotated A5Rotated B4JISRotated B5JISRotated "
            "JapanesePostcardRotated JapaneseDoublePostcardRotated A6Rotated "
            "JapaneseEnvelopeKaku2Rotated JapaneseEnvelopeKaku3Rotated JapaneseEnvelopeChou3Rotated "
            "JapaneseEnvelopeChou4Rotated B6JIS B6JISRotated Sheet12x11 JapaneseEnvelopeYou4 "
            "JapaneseEnvelopeYou4Rotated PRC16K PRC32K PRC32KBig PRCEnvelope1 PRCEnvelope2 "
            "PRCEnvelope3 PRCEnvelope4 PRCEnvelope5 PRCEnvelope6 PRCEnvelope7 PRCEnvelope8 "
            "PRCEnvelope9 PRCEnvelope10 PRC16KRotated PRC32KRotated PRC32KBigRotated "
            "PRCEnvelope1Rotated PRCEnvelope2Rotated PRCEnvelope3Rotated PRCEnvelope4Rotated "
            "PRCEnvelope5Rotated PRCEnvelope6Rotated PRCEnvelope7Rotated PRCEnvelope8Rotated "
            "PRCEnvelope9Rotated PRCEnvelope10Rotated",
        ),
        "PortProtocolEnum": (_GENERATED + "PrinterPort.PortProtocolEnum", 1, "RAW LPR"),
        "RegistryValueKind": (
            "Microsoft.Win32.RegistryValueKind",
            -1,
            "None Unknown String ExpandString Binary DWord - - MultiString - - - QWord",
        ),
        "TestPathType": ("Microsoft.PowerShell.Commands.TestPathType", 0, "Any Container Leaf"),
        "PrincipalSource": (
            "System.Management.Automation.SecurityAccountsManager.PrincipalSource",
            0,
            "Unknown Local ActiveDirectory AzureAD MicrosoftAccount",
        ),
        "FileSystemCmdletProviderEncoding": (
            "Microsoft.PowerShell.Commands.FileSystemCmdletProviderEncoding",
            0,
            "Unknown String Unicode Byte BigEndianUnicode UTF8 UTF7 UTF32 Ascii Default Oem BigEndianUTF32",
        ),
        "CommandTypes": (
            "System.Management.Automation.CommandTypes",
            0,
            "Alias=1 Function=2 Filter=4 Cmdlet=8 ExternalScript=16 Application=32 Script=64 Workflow=128"
            " Configuration=256 All=511",
        ),
    }
)


def _members(first: int, names: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for number, word in enumerate(names.split(), first):
        name, _, own = word.partition("=")
        found[name] = int(own) if own else number
    found.pop("-", None)
    return MappingProxyType(found)


_MEMBERS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {short: _members(first, names) for short, (_, first, names) in _TABLE.items()}
)


def is_enum(short_name: str) -> bool:
    """Whether parameters may have this enum as their type."""
    return short_name in _TABLE


def full_name(short_name: str) -> str:
    """The enum's full .NET name."""
    return _TABLE[short_name][0]


def members(short_name: str) -> Mapping[str, int]:
    """Member name to number, in the order of declaration."""
    return _MEMBERS[short_name]


def by_number(short_name: str, number: int) -> PsEnum:
    """The member of this number; a number without a name is shown as itself, as .NET does."""
    name = next((name for name, value in members(short_name).items() if value == number), str(number))
    return PsEnum(full_name(short_name), name, int(number))


def by_name(short_name: str, name: str) -> PsEnum:
    """The member of this name.

    Raises:
        KeyError: there is no such member.
    """
    folded = name.casefold()
    for member, number in members(short_name).items():
        if member.casefold() == folded:
            return PsEnum(full_name(short_name), member, number)
    raise KeyError(name)
