"""fleet.json: what a fleet consists of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.rehearsal.windows.image import HostImage
from engine.rehearsal.windows.principals import Domain, Group, User

FLEET_FILE = "fleet.json"

HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,14}$")]


class FleetInvalid(Exception):
    """fleet.json cannot be used; `problems` are one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UserSpec(_Part):
    """A user of the domain."""

    name: str
    password: str = Field(repr=False)


class GroupSpec(_Part):
    """A group of the domain. Members are users or groups of it, by bare or full name."""

    name: str
    members: tuple[str, ...] = ()


class DomainSpec(_Part):
    """The Active Directory domain. `name` is its NetBIOS name, `dns` its DNS name."""

    name: HostName
    dns: str
    users: tuple[UserSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()


class AdministratorSpec(_Part):
    r"""The account that manages the fleet: a member of BUILTIN\Administrators on every host.

    The password stands in a file of its own, on its first line.
    """

    user: str
    password_file: Path


class HostSpec(_Part):
    """A host: its NetBIOS name and the image that it is made from."""

    name: HostName
    image: str


class FleetSpec(_Part):
    """The whole file."""

    domain: DomainSpec
    administrator: AdministratorSpec
    images: dict[str, HostImage]
    hosts: Annotated[tuple[HostSpec, ...], Field(min_length=1)]

    def problems(self) -> list[str]:
        """What the types cannot say: names that are used twice or lead nowhere."""
        found = [
            f"hosts: {name} is there {count} times"
            for name, count in Counter(host.name.upper() for host in self.hosts).items()
            if count > 1
        ]
        found += [
            f"hosts: {host.name} is made from image {host.image!r}, which does not exist"
            for host in self.hosts
            if host.image not in self.images
        ]
        domain = self.administrator.user.rpartition("\\")[0]
        if domain.casefold() not in ("", self.domain.name.casefold()):
            found.append(f"administrator: {self.administrator.user} is not of the domain {self.domain.name}")
        found += [
            f"users: the password of {user.name} contains a colon or a line end, which the list of"
            " credentials for NTLM cannot hold"
            for user in self.domain.users
            if not storable(user.password)
        ]
        return found


def storable(password: str) -> bool:
    """Whether a password fits the one-line form DOMAIN:user:password in which pyspnego looks users up."""
    return not any(mark in password for mark in ":\r\n")


def load(folder: Path) -> FleetSpec:
    """Read DIR/fleet.json.

    Raises:
        FleetInvalid: the file is missing, is not JSON of this form, or contradicts itself.
    """
    path = folder / FLEET_FILE
    try:
        spec = FleetSpec.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FleetInvalid([f"{path}: {error.strerror}"]) from error
    except ValidationError as error:
        # The input itself is left out: it may be a password.
        raise FleetInvalid(
            f"{path}: {'.'.join(map(str, problem['loc'])) or 'the document'}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        ) from error
    if problems := spec.problems():
        raise FleetInvalid(f"{path}: {problem}" for problem in problems)
    return spec


def domain_of(spec: FleetSpec, folder: Path) -> Domain:
    """The domain with all its accounts, the administrator included.

    Raises:
        FleetInvalid: the password file cannot be read, or a group has a member that does not exist.
    """
    name = spec.administrator.user.rpartition("\\")[2]
    password = _administrator_password(spec, folder)
    users = [User(user.name, user.password) for user in spec.domain.users]
    users = [user for user in users if user.name.casefold() != name.casefold()] + [User(name, password)]
    groups = [Group(group.name, group.members) for group in spec.domain.groups]
    try:
        return Domain(spec.domain.name, spec.domain.dns, users, groups, host_administrators=[name])
    except ValueError as error:
        raise FleetInvalid([f"{folder / FLEET_FILE}: domain: {error}"]) from error


def _administrator_password(spec: FleetSpec, folder: Path) -> str:
    path = folder / spec.administrator.password_file  # an absolute path stays as it is
    try:
        password = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise FleetInvalid([f"administrator: {path}: {error.strerror}"]) from error
    if not password or not storable(password):
        raise FleetInvalid([f"administrator: {path}: the password is empty or contains a colon"])
    return password
