"""The common base of everything that is written to JSON."""

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypeAliasType

# A field of a resource in canonical form. Tuples, not lists: values are shared and must not change.
FieldValue = TypeAliasType(
    "FieldValue",
    "bool | int | str | tuple[FieldValue, ...] | dict[str, FieldValue] | None",
)

# Field name to value; compared field by field, so two equal states mean "the same to Windows".
State = dict[str, FieldValue]


class Frozen(BaseModel):
    """Immutable, strict about unknown keys, and equal by value."""

    model_config = ConfigDict(frozen=True, extra="forbid")
