"""WS-Management faults as Windows words them: SOAP code and subcode, reason, and the WSManFault detail.

Codes and shapes are those of recorded Windows answers, of MS-WSMV 2.2.4.43 and of wsmerror.h.
"""

from __future__ import annotations

from dataclasses import dataclass

OPERATION_TIMED_OUT = 2150858793
UNEXPECTED_SELECTORS = 2150858843
INVALID_HEADER = 2150858767
ACTION_NOT_SUPPORTED = 2150858771
INVALID_RESOURCE_URI = 2150858811
SCHEMA_INVALID = 2150858817
MAX_SHELLS_OF_USER = 2150859173
MAX_COMMANDS_OF_SHELL = 2150859241
ACCESS_DENIED = 5
INVALID_PARAMETER = 87
OPERATION_ABORTED = 995
FILE_NOT_FOUND = 2147942402

_SHELL_PROVIDER = r'provider="Shell provider" path="%systemroot%\system32\WsmSvc.dll"'
# The plug-ins of the two kinds of shell, as ProviderFault names them.
CMD_PLUGIN = r'provider="Shell cmd plugin" path="%systemroot%\system32\winrscmd.dll"'
POWERSHELL_PLUGIN = r'provider="microsoft.powershell" path="%systemroot%\system32\pwrshplugin.dll"'
_DETAIL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"


@dataclass(eq=False)  # not frozen: an exception's traceback is set on it
class WsmanFault(Exception):
    """A request that Windows answers with a SOAP fault.

    `reason` is the SOAP reason, `message` the text in the WSManFault detail. `provider` is the plug-in that
    reported it, as attributes of ProviderFault. `detail` is the last part of the FaultDetail URI.
    """

    code: int
    subcode: str  # with its prefix: w:, a: or s:
    reason: str
    message: str = ""
    receiver: bool = False  # the server is at fault, not the sender
    detail: str = ""
    provider: str = ""
    nested: bool = False  # the provider's message is a WSManFault of its own

    @property
    def detail_uri(self) -> str:
        return _DETAIL + self.detail if self.detail else ""

    @property
    def text(self) -> str:
        """The message of the detail, which repeats the reason where it has none of its own."""
        return self.message or self.reason


def timed_out() -> WsmanFault:
    """Nothing came within OperationTimeout: the client should ask again."""
    return WsmanFault(
        OPERATION_TIMED_OUT,
        "w:TimedOut",
        "The WS-Management service cannot complete the operation within the time specified in"
        " OperationTimeout.  ",
        receiver=True,
    )


_INVALID_SELECTORS = (
    "The WS-Management service cannot process the request because the request contained invalid selectors"
    " for the resource. "
)


def unknown_command() -> WsmanFault:
    """The command identifier belongs to no command of the shell, or to one that was ended."""
    return WsmanFault(
        UNEXPECTED_SELECTORS,
        "w:InvalidSelectors",
        _INVALID_SELECTORS,
        "The Windows Remote Shell received a request to perform an operation on a command identifier that"
        " does not exist. Either the command has completed execution or the client specified an invalid"
        " command identifier. ",
        detail="UnexpectedSelectors",
    )


def invalid_selectors() -> WsmanFault:
    """What Get says of a shell that does not exist."""
    return WsmanFault(
        UNEXPECTED_SELECTORS,
        "w:InvalidSelectors",
        _INVALID_SELECTORS,
        detail="UnexpectedSelectors",
        provider=_SHELL_PROVIDER,
        nested=True,
    )


def unknown_shell(shell_id: str) -> WsmanFault:
    """The ShellId selector names no shell of this user on this host."""
    return WsmanFault(
        UNEXPECTED_SELECTORS,
        "w:InvalidSelectors",
        _INVALID_SELECTORS,
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not"
        " found on the server. Possible causes are: the specified ShellId is incorrect or the shell no longer"
        " exists on the server. Provide the correct ShellId or create a new shell and retry the operation. ",
        detail="UnexpectedSelectors",
    )


def invalid_timeout(text: str) -> WsmanFault:
    """OperationTimeout is no duration, or a negative one."""
    return WsmanFault(
        INVALID_HEADER,
        "a:InvalidMessageInformationHeader",
        "The WS-Management service cannot process the request. The request contains one or more invalid SOAP"
        " headers. ",
        "The WS-Management service cannot process the request. The XML contains an invalid timeout field in"
        f" the SOAP header: {text}. ",
    )


def malformed(message: str) -> WsmanFault:
    """The envelope is no SOAP message of the form that WS-Management asks for."""
    return WsmanFault(
        SCHEMA_INVALID,
        "w:SchemaValidationError",
        "The SOAP packet was invalid. ",
        message,
    )


def action_not_supported(action: str) -> WsmanFault:
    """No shell knows this action."""
    return WsmanFault(
        ACTION_NOT_SUPPORTED,
        "a:ActionNotSupported",
        "The action is not supported by the service. ",
        f"The WS-Management service cannot process the request because the action {action} is not supported"
        " for this resource. ",
        detail="ActionMismatch",
    )


def invalid_resource(uri: str) -> WsmanFault:
    """The resource URI belongs to no plug-in of this host."""
    return WsmanFault(
        INVALID_RESOURCE_URI,
        "a:DestinationUnreachable",
        "The WS-Management service cannot process the request. The service cannot find the resource"
        f" identified by the resource URI and selectors. ({uri}) ",
        receiver=False,
        detail="InvalidResourceURI",
    )


def access_denied() -> WsmanFault:
    """The account is no member of the host's Administrators or Remote Management Users."""
    return WsmanFault(ACCESS_DENIED, "w:AccessDenied", "Access is denied. ")


def too_many_shells(limit: int) -> WsmanFault:
    """MaxShellsPerUser is reached."""
    return WsmanFault(
        MAX_SHELLS_OF_USER,
        "w:QuotaLimit",
        "The WS-Management service cannot process the request. This user is allowed a maximum number of"
        f" {limit} concurrent shells, which has been exceeded. Close existing shells or raise the quota for"
        " this user. ",
    )


def too_many_commands() -> WsmanFault:
    """MaxConcurrentCommandsPerShell is reached; commands count until their client signals Terminate."""
    return WsmanFault(
        MAX_COMMANDS_OF_SHELL,
        "w:InternalError",
        "The WS-Management service cannot process the request. The maximum number of concurrent commands per"
        " shell has been exceeded. Retry the request later or raise the Maximum Commands per Shell quota. ",
        receiver=True,
    )


def invalid_parameter(provider: str = CMD_PLUGIN) -> WsmanFault:
    """A stream, signal or creation XML that the shell's plug-in cannot read (ERROR_INVALID_PARAMETER)."""
    return WsmanFault(
        INVALID_PARAMETER,
        "w:InvalidParameter",
        "The parameter is incorrect. ",
        detail="InvalidValue",
        provider=provider,
    )


def aborted() -> WsmanFault:
    """The shell or command was ended while somebody waited for its output (ERROR_OPERATION_ABORTED)."""
    return WsmanFault(
        OPERATION_ABORTED,
        "w:InternalError",
        "The I/O operation has been aborted because of either a thread exit or an application request. ",
        receiver=True,
    )


def file_not_found() -> WsmanFault:
    """The program to run does not exist; only without cmd.exe in between."""
    return WsmanFault(
        FILE_NOT_FOUND,
        "w:InternalError",
        "The system cannot find the file specified. ",
        receiver=True,
        provider=CMD_PLUGIN,
    )
