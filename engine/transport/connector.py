"""Opens sessions: knows every host's connection settings and the reviewed functions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.errors import StepFailed
from engine.model.resource import Host
from engine.model.session import HostSession, Sources
from engine.transport.session import WindowsSession
from engine.transport.sources import NO_SOURCES
from engine.transport.target import Target


class HostConnector:
    """Implements `engine.model.session.Connector`. Holds nothing but settings, so threads may share it."""

    def __init__(
        self, targets: Mapping[str, Target], functions: Mapping[str, str], sources: Sources = NO_SOURCES
    ) -> None:
        """
        Args:
            targets: host name, in any case, to its connection settings.
            functions: name of a reviewed PowerShell function to the script that defines it.
            sources: the files that plans send by name.
        """
        self._targets = MappingProxyType({name.casefold(): target for name, target in targets.items()})
        self._functions = MappingProxyType(dict(functions))
        self._sources = sources

    def connect(self, host: Host) -> HostSession:
        """A session for a host. Opens nothing yet.

        Raises:
            StepFailed: there are no settings for the host.
        """
        target = self._targets.get(host.name.casefold())
        if target is None:
            raise StepFailed(host.name, "connect", "there are no connection settings for this host")
        return WindowsSession(target, self._functions, self._sources)
