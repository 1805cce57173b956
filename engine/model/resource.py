"""Desired resources, as the compiler hands them to the planner."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict

from engine.model.address import Address
from engine.model.base import Frozen
from engine.model.origin import Origin


class Spec(Frozen):
    """Base of every kind's spec: all that is wanted of one resource, with references resolved.

    The docstring under each field is its description in the reference.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing a host should have, or, with `absent`, should not have."""

    address: Address
    spec: Spec
    origin: Origin  # where it was declared
    absent: bool = False
    protected: bool = False  # refuse to delete or replace it
    forget: bool = False  # stop managing it, leave it as it is
    needs: tuple[Address, ...] = ()  # skipped if one of these failed; any host of the school
    after: tuple[Address, ...] = ()  # order only


@dataclass(frozen=True, slots=True)
class Host:
    """One computer of a school."""

    name: str
    school: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolIntent:
    """Everything a school should have, in a stable order in which each resource follows what it needs."""

    school: str
    hosts: tuple[Host, ...]
    resources: tuple[Resource, ...]
