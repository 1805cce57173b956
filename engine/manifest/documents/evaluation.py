"""The evaluation block of a catalog entry: how far the district's review of a product has come."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from engine.manifest.documents.base import Day, Document, Grade, Identifier, Text

Status = Literal["requested", "evaluating", "approved", "expiring", "withdrawn"]


class Evaluation(Document):
    """Whether the district may use a product, where, how long, and on how many computers.

    The scope (`schools`, `groups` and `grades`) adds up: a school is in it if any of the three names it.
    """

    status: Annotated[Status, Field(examples=["approved"])]
    """`requested`: somebody asked for it; no host may have it yet. `evaluating`: tried out, only in its
    scope, which must be given. `approved`: in use, in its scope or, without one, everywhere. `expiring`: in
    use until the day in `until`. `withdrawn`: no host may have it any more; declare it `absent` where it
    was."""
    requested_by: Annotated[Text | None, Field(examples=["j.doe@bcps.example"])] = None
    """Who asked for it."""
    ticket: Annotated[Text | None, Field(examples=["DOIT-1042"])] = None
    """Where the request is discussed."""
    reviewer: Annotated[Text | None, Field(examples=["DoIT, application review"])] = None
    """Who decides."""
    notes: Annotated[Text | None, Field(examples=["Works without an account."])] = None
    """Anything reviewers should know."""
    schools: Annotated[tuple[Identifier, ...] | None, Field(min_length=1, examples=[["dundalk-hs"]])] = None
    """The schools that may have it, by their short names."""
    groups: Annotated[tuple[Identifier, ...] | None, Field(min_length=1, examples=[["high"]])] = None
    """The groups of schools that may have it, from district.yaml."""
    grades: Annotated[tuple[Grade, ...] | None, Field(min_length=1, examples=[[9, 10, 11, 12]])] = None
    """Schools that teach one of these grades may have it: numbers, `K` or `PK`, as in school.yaml."""
    from_: Annotated[Day | None, Field(alias="from", examples=["2026-09-01"])] = None
    """The first day on which hosts may have it."""
    until: Annotated[Day | None, Field(examples=["2027-06-30"])] = None
    """The last day on which hosts may have it."""
    seats: Annotated[int | None, Field(ge=1, examples=[120])] = None
    """On how many hosts of the whole district the licence allows it."""

    @property
    def has_scope(self) -> bool:
        """Whether it is for some schools only."""
        return not (self.schools is None and self.groups is None and self.grades is None)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.status == "evaluating" and not self.has_scope:
            raise ValueError("a product that is evaluated says where: `schools`, `groups` or `grades`")
        if self.status == "expiring" and self.until is None:
            raise ValueError("a product that is expiring says until when: `until`")
        return self

    @field_validator("until")
    @classmethod
    def _is_not_over_before(cls, until: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("from_")
        if until is not None and start is not None and until < start:
            raise ValueError(f"{until} is before `from`, which is {start}")
        return until
