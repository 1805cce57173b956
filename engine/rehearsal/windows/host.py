"""One simulated Windows computer: ties its state together, opens it from a folder and saves what changed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from engine.rehearsal.windows.faults import Faults
from engine.rehearsal.windows.image import HostImage
from engine.rehearsal.windows.journal import Counters, Journal
from engine.rehearsal.windows.principals import Domain, Principals, User


class WindowsHost:
    """A computer. Parts of its state are read when first asked for, so that opening one costs nothing."""

    def __init__(self, folder: Path, image: HostImage, name: str, domain: Domain) -> None:
        self.folder = folder
        self.image = image
        self.name = name
        self.domain = domain
        self.counters = Counters()
        self.journal = Journal(self.counters)
        self.faults = Faults()

    @classmethod
    def open(cls, folder: Path, image: HostImage, name: str, domain: Domain) -> WindowsHost:
        """The computer whose state is kept in `folder`; as fresh as its image where nothing is kept yet."""
        return cls(folder, image, name, domain)

    @cached_property
    def principals(self) -> Principals:
        """Everybody whom this computer knows."""
        users = tuple(User(u.name, u.password, u.full_name) for u in self.image.local_users)
        return Principals(self.name, self.domain, self.image.locale, users, self.image.local_groups)

    def save(self) -> None:
        """Write the parts that changed since the last call; each file is replaced in one step."""
