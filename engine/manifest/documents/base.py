"""What all documents share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, LiteralString, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from engine.manifest.secrets import Secret
from engine.manifest.selectors import RESERVED
from engine.model.form import WRITTEN_OUT, Form

_IDENTIFIER = Form(
    "[a-z0-9]+(?:-[a-z0-9]+)*", "use small letters, digits and single hyphens, such as `dundalk-hs`"
)
_SHA256 = Form("[0-9a-fA-F]{64}", "a SHA-256 has 64 hexadecimal digits; `sha256sum FILE` prints it")
_SECRET = Form(
    r"(?:env:[^\s={}]+|file:[^\s][^\n]*|keyring:[^\s/]+/[^\n]+)",
    "a secret is never written here; name its place: `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`",
    numbers=False,
)
_NO_TEMPLATE: LiteralString = "a secret's place is written as it is; templates are not rendered here"
_DAY = Form(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day is written year-month-day, such as `2026-09-01`", numbers=False
)
_Youngest = Literal["PK", "K"]


class Document(BaseModel):
    """Base of everything that is read from YAML: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _day(value: object) -> date:
    try:
        if isinstance(value, date):
            return value
        if isinstance(value, str) and _DAY.fits(value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day `{value}` in the calendar") from None
    raise ValueError(_DAY.words)


def _grade(value: object) -> object:
    if value in get_args(_Youngest) or (isinstance(value, int) and 1 <= value <= 12):
        return value
    raise ValueError("a grade is a number from 1 to 12, `K` or `PK`")


def _no_template(value: str) -> str:
    if "{{" in value or "{%" in value:
        raise PydanticCustomError(WRITTEN_OUT, _NO_TEMPLATE)
    return value


def _fixed(value: str) -> str:
    if "{{" in value or "{%" in value:
        raise ValueError(
            "templates are not rendered in `vars:`; write the template where the variable is used"
        )
    return value


def _reference(value: str) -> str:
    """An error of its own type: whoever shows where it is must not show the line."""
    _no_template(value)
    if not _SECRET.fits(value):
        raise PydanticCustomError(WRITTEN_OUT, _SECRET.words)
    return value


_NOT_RESERVED = Form(
    f"(?!(?:{'|'.join(sorted(RESERVED))})$)[\\s\\S]*",
    f"{', '.join(sorted(RESERVED))} are words of `hosts:`, so nothing else can be called that",
)


def _selectable(value: str) -> str:
    if value in RESERVED:
        raise ValueError(f"`{value}` is a word of `hosts:`, so nothing else can be called that")
    return value


Identifier = Annotated[str, AfterValidator(_IDENTIFIER.check), _IDENTIFIER]
Selectable = Annotated[Identifier, AfterValidator(_selectable), _NOT_RESERVED]  # what `hosts:` can name
Day = Annotated[
    date,
    BeforeValidator(_day, json_schema_input_type=Annotated[str, _DAY]),
    Field(examples=["2026-09-01"]),
]
Grade = Annotated[
    int | str,
    BeforeValidator(_grade, json_schema_input_type=Annotated[int, Field(ge=1, le=12)] | _Youngest),
]
Sha256 = Annotated[str, AfterValidator(_SHA256.check), AfterValidator(str.lower), _SHA256]
SecretReference = Annotated[str, AfterValidator(_reference), _SECRET, Secret()]
Text = Annotated[str, Field(min_length=1)]
TextOrSecret = Annotated[Text, AfterValidator(_no_template), Secret()]  # itself, or a reference to it
VariableValue = bool | int | str | tuple[bool | int | str, ...]
FixedText = Annotated[str, AfterValidator(_fixed)]
FixedValue = bool | int | FixedText | tuple[bool | int | FixedText, ...]  # one that no template makes
ProfileName = Identifier
OneOrMore = Text | Annotated[tuple[Text, ...], Field(min_length=1)]


Hosts = Annotated[
    OneOrMore,
    Field(
        examples=[
            "lab-114",
            "DHS-L114-[01-12,14-30]",
            "workstation and not lab",
            "lab and not (room=114 or DHS-L115-07)",
            ["library", "DHS-OFFICE-01"],
        ]
    ),
]


class ProfileUse(Document):
    """Applies a profile to some hosts."""

    use: Annotated[ProfileName, Field(examples=["computer-lab"])]
    """The profile's name: the file `profiles/<name>.yaml`."""
    hosts: Hosts | None = None
    """Which hosts, as in every resource. Left out inside a profile: all hosts that one is applied to."""
    with_: dict[str, VariableValue] = Field(
        alias="with", default_factory=dict, examples=[{"default_printer": "L114-Laser"}]
    )
    """Values for the profile's parameters."""


class Common(Document):
    """The fields that every resource has, whatever its kind."""

    hosts: Hosts | None = None
    """Which hosts should have it: a group of hosts, a role, a host's name, a range, a group of schools,
    `all`, a room or model (`room=114`, `model='OptiPlex 7090'`), or several of these joined by `and`, `or`
    and `not`. A list means all that any of its items means."""
    state: Literal["present", "absent", "forget"] | None = None
    """`absent` removes it from the hosts; `forget` leaves it there and stops managing it."""
    protect: Annotated[bool | None, Field(examples=[True])] = None
    """Refuse every plan that would delete or replace it."""
    final: Annotated[bool | tuple[Text, ...] | None, Field(examples=[True, ["data"]])] = None
    """Nearer layers may not refine it (`true`), or not the named fields."""
    needs: Annotated[
        OneOrMore | None, Field(examples=["software/firefox-esr", "server/printer/L114-Laser"])
    ] = None
    """What must be in place first, as `kind/name` or `host/kind/name`; if it fails, this is skipped."""
    after: Annotated[OneOrMore | None, Field(examples=["service/Spooler"])] = None
    """Resources that come before this one, whether they succeed or not."""
