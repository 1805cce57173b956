"""Who is asked for a file that is named by its UNC path, and who logs on there."""

from __future__ import annotations

from engine.app.connecting import targets_for
from engine.app.fetching import Servers
from engine.app.project import Project
from engine.app.target import Target as Where
from engine.compiler.connection import server_settings
from engine.compiler.district import District
from engine.model.errors import LogonFailed
from engine.model.resource import Host
from engine.transport.smb.shared import STEP
from engine.transport.target import Authentication, Login, Target


def file_servers(project: Project, district: District, where: Where) -> Servers:
    """How the servers of UNC paths are talked to.

    A host of the district is talked to as any other time, and as a simulated one in a rehearsal. Any other
    server is taken by the name that is written, with the account of district.yaml.
    """
    hosts = {host.name.casefold(): host for host in district.hosts()}

    def server(name: str) -> Target:
        host = hosts.get(name.casefold()) or hosts.get(name.partition(".")[0].casefold())
        if host is not None:
            return _of_host(project, district, host, where)
        return _of_district(district, name)

    return server


def _of_host(project: Project, district: District, host: Host, where: Where) -> Target:
    return targets_for(project, district, [host], where)[host.name]


def _of_district(district: District, name: str) -> Target:
    settings = server_settings(district)
    if settings.credentials is None:
        where = settings.origin.file
        cause = f"nobody says who logs on to file servers: add `connection: credentials:` to {where}"
        raise LogonFailed(name, STEP, cause)
    return Target(
        host=name,
        address=name,
        login=Login(settings.credentials.user, settings.credentials.password),
        authentication=Authentication(settings.auth),
        smb_port=settings.smb_port,
    )
