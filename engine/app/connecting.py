"""From settings to sessions: where each host answers, and how to log on to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.app.endpoints import Endpoints, current_endpoints
from engine.app.errors import InvalidInput, RehearsalError
from engine.app.project import Project
from engine.app.sources import sources_of
from engine.app.target import Target as Where
from engine.compiler.connection import ConnectionSettings, connection_settings
from engine.compiler.district import District
from engine.compiler.media import MediaProblem
from engine.kinds.scripts import functions
from engine.model.origin import Finding
from engine.model.resource import Host
from engine.model.session import Connector
from engine.transport.connector import HostConnector
from engine.transport.target import (
    Authentication,
    Login,
    PlaintextException,
    Scheme,
    Target,
    UnsafeTarget,
)


def connector_for(project: Project, district: District, hosts: Iterable[Host], where: Where) -> Connector:
    """What opens sessions to these hosts. No secret is looked up before a session needs it.

    Raises:
        InvalidInput: the district's connection settings are missing something, or are unsafe.
        RehearsalError: the rehearsal does not run, or has no such host.
    """
    return HostConnector(targets_for(project, district, hosts, where), functions(), sources_of(project))


def targets_for(
    project: Project, district: District, hosts: Iterable[Host], where: Where
) -> Mapping[str, Target]:
    """How these hosts are talked to, by name.

    Raises:
        InvalidInput, RehearsalError: see `connector_for`.
    """
    if where is Where.REHEARSAL:
        return rehearsed_targets(current_endpoints(project), hosts)
    return live_targets(district, hosts)


def live_targets(district: District, hosts: Iterable[Host]) -> Mapping[str, Target]:
    """The district's own computers.

    Raises:
        InvalidInput: see `connector_for`.
    """
    settings: dict[str, ConnectionSettings] = {}
    targets: dict[str, Target] = {}
    problems: dict[str, Finding] = {}
    for host in hosts:
        if host.school not in settings:
            settings[host.school] = _settings(district, host.school)
        of_school = settings[host.school]
        try:
            targets[host.name] = _live_target(of_school, host, district.documents.root.parent)
        except UnsafeTarget as error:
            problems.setdefault(host.school, Finding(of_school.origin, "unsafe-connection", str(error)))
    if problems:
        raise InvalidInput(list(dict.fromkeys(problems.values())), district.documents.root.parent)
    return targets


def _settings(district: District, school: str) -> ConnectionSettings:
    try:
        return connection_settings(district, school)
    except MediaProblem as problem:
        place = district.documents.district.node.place("connection")
        found = Finding(place, "missing-file", str(problem))
        raise InvalidInput([found], district.documents.root.parent) from None


def _live_target(settings: ConnectionSettings, host: Host, folder: Path) -> Target:
    credentials = settings.credentials
    if credentials is None:
        message = f"nobody says who logs on to the hosts of {settings.school}"
        hint = "add `connection: credentials:`"
        raise InvalidInput([Finding(settings.origin, "no-credentials", message, hint)], folder)
    reason = settings.plaintext.get(host.name)
    return Target(
        host=host.name,
        address=settings.address(host.name),
        login=Login(credentials.user, credentials.password),
        scheme=Scheme(settings.scheme),
        port=settings.port,
        authentication=Authentication(settings.auth),
        ca_file=None if settings.ca_file is None else str(settings.ca_file),
        plaintext=None if reason is None else PlaintextException(host.name, reason),
        smb_port=settings.smb_port,
    )


def rehearsed_targets(endpoints: Endpoints, hosts: Iterable[Host]) -> Mapping[str, Target]:
    """The simulated computers, over verified TLS.

    Raises:
        RehearsalError: one of the hosts is not simulated.
    """
    by_name = {name.casefold(): endpoint for name, endpoint in endpoints.hosts.items()}
    targets: dict[str, Target] = {}
    for host in hosts:
        endpoint = by_name.get(host.name.casefold())
        if endpoint is None:
            raise RehearsalError(
                f"the running rehearsal has no host {host.name}: the manifests have changed since it was "
                "started; stop it and start it again"
            )
        targets[host.name] = Target(
            host=host.name,
            address=endpoint.address,
            login=Login(endpoints.user, f"file:{endpoints.password_file}"),
            port=endpoint.winrm_https,
            authentication=Authentication.NTLM,
            ca_file=endpoints.ca_file,
            smb_port=endpoint.smb,
        )
    return targets
