"""Where a host answers and how to log on to it: typed settings, refused early where they are unsafe."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Scheme(StrEnum):
    """How WinRM messages travel."""

    HTTPS = "https"
    HTTP = "http"  # only with message encryption


class Authentication(StrEnum):
    """How a user proves who they are."""

    BASIC = "basic"
    NTLM = "ntlm"
    NEGOTIATE = "negotiate"  # Kerberos where there is a ticket, otherwise NTLM
    KERBEROS = "kerberos"


class UnsafeTarget(ValueError):
    """These settings would send credentials or commands where others can read them."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A user and the secret itself. Lives in memory only; its repr shows no secret."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Login:
    """How to find a credential: texts of the form `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`.

    The user may also be written out, such as `BCPS\\svc-rollcall`; the password may not.
    """

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits in seconds, and the slowest transfer that is still worth waiting for."""

    connect: float = 10.0
    read: float = 30.0  # longest silence while an answer is due
    step: float = 300.0  # all of one step; processes bring their own
    bytes_per_second: int = 64 * 1024  # a file may take this much longer than `step`

    def __post_init__(self) -> None:
        if min(self.connect, self.read, self.step, self.bytes_per_second) <= 0:
            raise ValueError("time limits must be greater than zero")


@dataclass(frozen=True, slots=True)
class PlaintextException:
    """A named host may be spoken to without encryption, for a stated reason."""

    host: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """One host's connection settings.

    Verified TLS is the default. Plain HTTP carries messages that NTLM or Kerberos encrypts; Basic needs TLS.
    Only a `PlaintextException` that names this very host lifts either rule.

    Raises:
        UnsafeTarget: the settings break that rule.
    """

    host: str  # the name that people use, for messages
    address: str  # name or IP address; also what the TLS certificate must be issued to
    login: Login
    scheme: Scheme = Scheme.HTTPS
    port: int = 5986
    authentication: Authentication = Authentication.NEGOTIATE
    ca_file: str | None = None  # PEM; None for the authorities that the system trusts
    plaintext: PlaintextException | None = None
    timeouts: Timeouts = Timeouts()
    smb_port: int = 445
    smb_encryption: bool = True  # SMB 3 encryption; without it every message is still signed

    def __post_init__(self) -> None:
        if self.allows_plaintext:
            return
        if self.scheme is Scheme.HTTP and self.authentication is Authentication.BASIC:
            raise UnsafeTarget(
                f"{self.host}: Basic over HTTP shows the password to everybody on the network; "
                "use https, or ntlm or kerberos over http"
            )

    @property
    def allows_plaintext(self) -> bool:
        """Whether a manifest names this host, with a reason, as one that has no encryption."""
        exception = self.plaintext
        return (
            exception is not None
            and exception.host.casefold() == self.host.casefold()
            and bool(exception.reason.strip())
        )

    @property
    def endpoint(self) -> str:
        """The WS-Management URL, with an IPv6 address in brackets."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}/wsman"
