"""The list of credentials that pyspnego's NTLM acceptor looks users up in (NTLM_USER_FILE)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.rehearsal.fleet.private import write_private
from engine.rehearsal.fleet.spec import FleetInvalid, FleetSpec, storable
from engine.rehearsal.windows.principals import Domain

CREDENTIALS_FILE = "credentials"
ENVIRONMENT_VARIABLE = "NTLM_USER_FILE"  # read by pyspnego whenever a context is made: one list a process


def write(folder: Path, spec: FleetSpec, domain: Domain) -> Path:
    """Write the list for all users of the fleet, readable by its owner only.

    Raises:
        FleetInvalid: a local user's password does not fit the form.
    """
    path = folder / CREDENTIALS_FILE
    lines = [*_domain_lines(domain), *_local_lines(spec)]
    write_private(path, ("\n".join(lines) + "\n").encode())
    return path


def _domain_lines(domain: Domain) -> Iterator[str]:
    for user in domain:
        yield f"{domain.name}:{user.name}:{user.password}"
        yield f"{domain.dns}:{user.name}:{user.password}"
        yield f":{user.name}@{domain.dns}:{user.password}"
        yield f":{user.name}:{user.password}"


def _local_lines(spec: FleetSpec) -> Iterator[str]:
    """Users of the hosts themselves, as HOST\\user: a bare name would be ambiguous between hosts."""
    for host in spec.hosts:
        for user in spec.images[host.image].local_users:
            if not storable(user.password):
                raise FleetInvalid([f"images: the password of {user.name} contains a colon or a line end"])
            yield f"{host.name}:{user.name}:{user.password}"
