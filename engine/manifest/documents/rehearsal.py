"""rehearsal.yaml: the simulated world around the hosts. Nothing of it reaches a real computer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue

from engine.manifest.documents.base import Document, Identifier, Text


def _lists(value: object) -> object:
    """JSON has no tuples."""
    if isinstance(value, tuple):
        return [_lists(item) for item in value]
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return value


Image = dict[str, Annotated[JsonValue, BeforeValidator(_lists)]]


class RehearsedUser(Document):
    """A person of the simulated domain."""

    name: Annotated[Text, Field(examples=["a.rivera"])]
    """The account's name, without the domain."""
    password: Annotated[Text, Field(repr=False, examples=["Chalk-Board-11"])]
    """The password; it exists in the rehearsal only."""


class RehearsedGroup(Document):
    """A group of accounts of the simulated domain."""

    name: Annotated[Text, Field(examples=["DHS-Staff"])]
    """The group's name, without the domain."""
    members: Annotated[tuple[Text, ...], Field(examples=[["a.rivera", "t.nguyen"]])] = ()
    """Names of users and groups."""


class RehearsedDomain(Document):
    """The simulated Active Directory domain."""

    name: Annotated[Text, Field(examples=["BCPS"])]
    """Its short name, such as `BCPS`."""
    dns: Annotated[Text, Field(examples=["bcps.example"])]
    """Its DNS name, such as `bcps.example`."""
    users: tuple[RehearsedUser, ...] = ()
    """The people who can log on."""
    groups: tuple[RehearsedGroup, ...] = ()
    """The groups that manifests give access to."""


class RehearsalDocument(Document):
    """Everything that the rehearsal needs beside the hosts of the manifests."""

    domain: RehearsedDomain
    """Users and groups."""
    administrator: Annotated[Text, Field(examples=[r"BCPS\svc-rollcall"])]
    """The account that administers all hosts; its password is made anew for each rehearsal."""
    roles: Annotated[
        dict[Identifier, Identifier],
        Field(examples=[{"server": "server", "workstation": "workstation"}], min_length=1),
    ]
    """Which image a host is made from, by role; of a host's roles, the first that stands here decides."""
    images: Annotated[
        dict[Identifier, Image], Field(examples=[{"server": {}, "workstation": {}}], min_length=1)
    ]
    """What hosts are made from. The rehearsal itself checks what an image may hold. The `files` of an image,
    each with its `path` on the host and its `source` below the manifests folder, are there from the start."""

    def image_of(self, roles: tuple[str, ...]) -> str | None:
        """The image of a host with these roles; None where no role has one."""
        return next((self.roles[role] for role in roles if role in self.roles), None)
