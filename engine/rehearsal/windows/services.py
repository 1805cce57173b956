"""Services as the service control manager keeps them.

Their configuration stands in the registry too, where real tools look for it and where the delayed start
of a service is switched, as on Windows: the manager reads that flag there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import cast

from pydantic import JsonValue

from engine.rehearsal.windows.image import Service as ServiceImage
from engine.rehearsal.windows.journal import Journal, Part
from engine.rehearsal.windows.registry import Registry, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

_ROOT = r"HKLM\SYSTEM\CurrentControlSet\Services"


class StartType(IntEnum):
    """System.ServiceProcess.ServiceStartMode, which are also the registry's numbers."""

    Boot = 0
    System = 1
    Automatic = 2
    Manual = 3
    Disabled = 4


class Status(IntEnum):
    """System.ServiceProcess.ServiceControllerStatus."""

    Stopped = 1
    StartPending = 2
    StopPending = 3
    Running = 4
    ContinuePending = 5
    PausePending = 6
    Paused = 7


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `delayed` counts only where it starts automatically."""

    name: str
    display_name: str
    description: str
    start_type: StartType
    delayed: bool
    status: Status
    can_stop: bool
    dependencies: tuple[str, ...]
    executable: str
    account: str
    process_id: int  # 0 while it is not running


class NoSuchService(Exception):
    """There is no service of this name."""


class ServiceDisabled(Exception):
    """It, or one that it needs, is disabled."""


class ServiceCannotStop(Exception):
    """It does not accept the stop control."""


class Services:
    """A computer's services by name, without case."""

    def __init__(self, journal: Journal, registry: Registry, images: Iterable[ServiceImage]) -> None:
        self._journal = journal
        self._registry = registry
        self._services = {image.name.casefold(): _from_image(image) for image in images}
        self._next_process = 4000 + 4 * len(self._services)

    def get(self, name: str) -> Service | None:
        """The service of this name; None where there is none."""
        found = self._services.get(name.casefold())
        return None if found is None else self._with_registry(found)

    def all(self) -> tuple[Service, ...]:
        """Every service, sorted by name."""
        return tuple(self._with_registry(self._services[name]) for name in sorted(self._services))

    def _with_registry(self, service: Service) -> Service:
        key = f"{_ROOT}\\{service.name}"
        if not self._registry.exists(key):
            return service
        flag = self._registry.value(key, "DelayedAutostart")
        return replace(service, delayed=flag is not None and flag.data == 1)

    def _require(self, name: str) -> Service:
        service = self.get(name)
        if service is None:
            raise NoSuchService(name)
        return service

    def dependents(self, name: str) -> tuple[Service, ...]:
        """The services that need this one, directly."""
        found = (s for _, s in sorted(self._services.items()))
        return tuple(
            self._with_registry(s) for s in found if name.casefold() in map(str.casefold, s.dependencies)
        )

    def running_dependents(self, name: str) -> tuple[Service, ...]:
        """All running services that need this one, those first that nothing running needs."""
        found: dict[str, Service] = {}
        for service in self.dependents(name):
            if service.status is not Status.Stopped:
                for nested in self.running_dependents(service.name):
                    found.setdefault(nested.name, nested)
                found.setdefault(service.name, service)
        return tuple(found.values())

    def start(self, name: str) -> bool:
        """Start a service and those that it needs; False where it was running.

        Raises:
            NoSuchService: there is none of this name.
            ServiceDisabled: it or one that it needs is disabled.
        """
        service = self._require(name)
        if service.status is Status.Running:
            return False
        if service.start_type is StartType.Disabled:
            raise ServiceDisabled(service.name)
        for needed in service.dependencies:
            if needed.casefold() in self._services:
                self.start(needed)
        self._next_process += 4
        self._put(replace(service, status=Status.Running, process_id=self._next_process))
        return True

    def stop(self, name: str) -> bool:
        """Stop one service; False where it was stopped. The caller has stopped what needs it.

        Raises:
            NoSuchService: there is none of this name.
            ServiceCannotStop: it does not accept the stop control.
        """
        service = self._require(name)
        if service.status is Status.Stopped:
            return False
        if not service.can_stop:
            raise ServiceCannotStop(service.name)
        self._put(replace(service, status=Status.Stopped, process_id=0))
        return True

    def pause(self, name: str, paused: bool) -> None:
        """Pause or continue a running service.

        Raises:
            NoSuchService: there is none of this name.
        """
        self._put(replace(self._require(name), status=Status.Paused if paused else Status.Running))

    def configure(
        self,
        name: str,
        *,
        start_type: StartType | None = None,
        delayed: bool | None = None,
        display_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Change a service's configuration; what is None stays.

        Raises:
            NoSuchService: there is none of this name.
        """
        before = self._require(name)
        after = replace(
            before,
            start_type=before.start_type if start_type is None else start_type,
            delayed=before.delayed if delayed is None else delayed,
            display_name=before.display_name if display_name is None else display_name,
            description=before.description if description is None else description,
        )
        if after == before:
            return
        self._put(after)
        self._mirror(after)
        if before.delayed and not after.delayed:
            self._registry.remove_value(f"{_ROOT}\\{before.name}", "DelayedAutostart")

    def create(self, service: Service) -> None:
        """Add a service, as an installer does; one of the same name is replaced."""
        self._put(service)
        self._mirror(service)

    def delete(self, name: str) -> None:
        """Remove a service.

        Raises:
            NoSuchService: there is none of this name.
        """
        service = self._require(name)
        del self._services[name.casefold()]
        self._registry.remove(f"{_ROOT}\\{service.name}", recurse=True)
        self._journal.wrote(Part.SERVICES)

    def restart_computer(self) -> None:
        """What a start of Windows does: automatic services run, all others do not."""
        for service in self.all():
            start = service.start_type in (StartType.Boot, StartType.System, StartType.Automatic)
            status = Status.Running if start else Status.Stopped
            if status is not service.status:
                process = self._next_process if start else 0
                self._put(replace(service, status=status, process_id=process))

    def _mirror(self, service: Service) -> None:
        """Write the configuration into the registry; part of the change that was counted already."""
        self._registry.fill(registry_entries(service))
        self._journal.also_changed(Part.REGISTRY)

    def _put(self, service: Service) -> None:
        self._services[service.name.casefold()] = service
        self._journal.wrote(Part.SERVICES)

    def to_json(self) -> JsonValue:
        """Everything, as plain data."""
        return [_to_json(service) for service in self.all()]

    def from_json(self, state: JsonValue) -> None:
        """Put back what `to_json` gave."""
        stored = (ServiceImage.model_validate(entry) for entry in cast("list[JsonValue]", state))
        self._services = {image.name.casefold(): _from_image(image) for image in stored}


def _from_image(image: ServiceImage) -> Service:
    return Service(
        image.name,
        image.display_name or image.name,
        image.description,
        StartType[image.start_type],
        image.delayed,
        Status.Running if image.running else Status.Stopped,
        image.can_stop,
        image.dependencies,
        image.executable,
        image.account,
        1000 + 4 * (sum(image.name.encode("utf-8")) % 900) if image.running else 0,
    )


def _to_json(service: Service) -> JsonValue:
    image = ServiceImage.model_validate(
        {
            "name": service.name,
            "display_name": service.display_name,
            "description": service.description,
            "start_type": service.start_type.name,
            "delayed": service.delayed,
            "running": service.status is not Status.Stopped,
            "can_stop": service.can_stop,
            "dependencies": service.dependencies,
            "executable": service.executable,
            "account": service.account,
        }
    )
    return cast("JsonValue", image.model_dump(mode="json"))


def registry_entries(service: Service) -> list[tuple[str, str, Value, View]]:
    """What stands in the registry of a service's configuration, ready for `Registry.fill`."""
    key = f"{_ROOT}\\{service.name}"
    text, number = RegistryType.String, RegistryType.DWord
    values = [
        ("DisplayName", Value(text, service.display_name)),
        ("ImagePath", Value(RegistryType.ExpandString, service.executable)),
        ("ObjectName", Value(text, service.account)),
        ("Start", Value(number, int(service.start_type))),
        ("Type", Value(number, 0x20 if "svchost" in service.executable else 0x10)),
        ("ErrorControl", Value(number, 1)),
    ]
    if service.description:
        values.append(("Description", Value(text, service.description)))
    if service.dependencies:
        values.append(("DependOnService", Value(RegistryType.MultiString, service.dependencies)))
    if service.delayed:
        values.append(("DelayedAutostart", Value(number, 1)))
    return [(key, name, value, View.BITS_64) for name, value in values]
