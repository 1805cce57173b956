"""district.yaml and school.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.manifest import limits
from engine.manifest.documents.base import (
    Document,
    FixedValue,
    Grade,
    Hosts,
    Identifier,
    OneOrMore,
    ProfileUse,
    SecretReference,
    Selectable,
    Text,
    TextOrSecret,
)
from engine.manifest.ranges import check_host_name, check_range
from engine.model.form import Form
from engine.model.source import ProjectSourceText
from engine.model.sourceplaces import SourcePlaceText

HostName = Annotated[
    str,
    AfterValidator(check_host_name),
    Form("[A-Za-z0-9-]{1,15}", "a host's name has at most 15 letters, digits and hyphens"),
]
HostRange = Annotated[
    str,
    AfterValidator(check_range),
    Form(r"[A-Za-z0-9-]*\[[0-9, -]+\][A-Za-z0-9-]*", "a range looks like `DHS-L114-[01-30]`", numbers=False),
]

_DNS = Form(
    r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*",
    "a DNS suffix has letters, digits, hyphens and single dots, such as `dundalk.bcps.example`",
    numbers=False,
)
DnsSuffix = Annotated[str, AfterValidator(_DNS.check), _DNS]


class Credentials(Document):
    """Who logs on to the hosts. The password is never written in a manifest."""

    user: Annotated[TextOrSecret, Field(examples=[r"BCPS\svc-rollcall"])]
    """The account, such as `BCPS\\svc-rollcall`, or a reference like that of the password."""
    password: Annotated[SecretReference, Field(examples=["env:ROLLCALL_PASSWORD"])]
    """Where the password is: `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`."""


class Plaintext(Document):
    """Hosts that may be talked to without encryption, and why."""

    hosts: Hosts
    """Which hosts, as in every resource."""
    reason: Annotated[str, Field(min_length=10, examples=["Firmware of 2014, replaced in July 2027."])]
    """Why these hosts cannot do better, and until when; shown in every plan's review."""


class Connection(Document):
    """How hosts are reached. A school's connection refines the district's field by field, in what is safe.

    The district's credentials are sent only to hosts below the district's suffixes, and in no weaker way than
    the district's.
    """

    scheme: Annotated[Literal["https", "http"] | None, Field(examples=["https"])] = None
    """`https` (the default), or `http` with encrypted messages."""
    port: Annotated[int | None, Field(ge=1, le=65535, examples=[5986])] = None
    """WinRM's TCP port; by default 5986 for https and 5985 for http."""
    smb_port: Annotated[int | None, Field(ge=1, le=65535, examples=[445])] = None
    """SMB's TCP port; by default 445."""
    auth: Annotated[
        Literal["negotiate", "kerberos", "ntlm", "basic"] | None, Field(examples=["kerberos"])
    ] = None
    """How to log on; by default `negotiate`. `basic` is allowed over https only. A school may weaken `auth`
    and `scheme` only with credentials of its own."""
    ca_file: Annotated[ProjectSourceText | None, Field(examples=["files/district-ca.pem"])] = None
    """Certificates (PEM) of the authorities to trust instead of the system's: a file below the manifests
    folder. In district.yaml only."""
    dns_suffix: Annotated[DnsSuffix | None, Field(examples=["dundalk.bcps.example"])] = None
    """Appended to a host's name to reach it, such as `dundalk.bcps.example`. A school's is the district's, a
    name below it, or one of `school_suffixes` or below it."""
    school_suffixes: Annotated[tuple[DnsSuffix, ...], Field(examples=[["bcps.example", "kids.example"]])] = ()
    """Further suffixes that schools may take, with all that is below them. In district.yaml only: passwords
    are sent to hosts there."""
    credentials: Credentials | None = None
    """Who logs on."""
    plaintext: tuple[Plaintext, ...] = ()
    """Exceptions from encryption, each with its reason."""


class SchoolGroup(Document):
    """A group of schools, for example all high schools. It may hold profiles and resources too."""

    name: Annotated[Text | None, Field(examples=["High schools"])] = None
    """The group's name for people."""
    vars: dict[str, FixedValue] = Field(
        default_factory=dict, examples=[{"homepage": "https://www.bcps.example/students"}]
    )
    """Values for templates: `{{ vars.NAME }}`."""
    profiles: tuple[ProfileUse, ...] = ()
    """Profiles for hosts of these schools."""


class DistrictDocument(Document):
    """What holds for every school. It may hold resources too."""

    district: Annotated[Identifier, Field(examples=["bcps"])]
    """The district's short name."""
    name: Annotated[Text, Field(examples=["Bay County Public Schools"])]
    """The district's name for people."""
    domain: Annotated[Text | None, Field(examples=["BCPS"])] = None
    """The Active Directory domain's short name, such as `BCPS`; `{{ district.domain }}` in templates."""
    connection: Connection = Connection()
    """How hosts are reached."""
    installer_sources: Annotated[
        tuple[SourcePlaceText, ...],
        Field(examples=[[r"\\BCPS-FS01\media", "https://media.bcps.example/"]]),
    ] = ()
    """Folders of shares and of web servers that installers may be fetched from, with all that is below them.
    Servers are written as in the catalog. Without this list, installers can only lie below the manifests
    folder. Rollcall's account logs on to each server of these shares, so only DoIT should change the list."""
    vars: dict[str, FixedValue] = Field(default_factory=dict, examples=[{"helpdesk": "443-555-0134"}])
    """Values for templates: `{{ vars.NAME }}`."""
    groups: dict[Selectable, SchoolGroup] = Field(
        default_factory=dict, examples=[{"high": {"name": "High schools"}}]
    )
    """Groups of schools; a school says in its own file which it belongs to."""
    profiles: tuple[ProfileUse, ...] = ()
    """Profiles for hosts of all schools."""


class HostGroup(Document):
    """One host or several alike: a server, a lab, a cart of laptops."""

    name: Annotated[HostName | None, Field(examples=["DHS-SRV01"])] = None
    """The name of its one host."""
    range: Annotated[HostRange | None, Field(examples=["DHS-L114-[01-30]"])] = None
    """The names of its hosts, numbered: `DHS-L114-[01-30]`."""
    names: Annotated[
        Annotated[tuple[HostName, ...], Field(min_length=1)] | None,
        Field(examples=[["DHS-LIB-CIRC", "DHS-LIB-01"]]),
    ] = None
    """The names of its hosts, one by one."""
    except_: Annotated[
        OneOrMore | None, Field(examples=["DHS-L114-13", ["DHS-L114-13", "DHS-L114-[20-22]"]], alias="except")
    ] = None
    """Hosts of the range that do not exist, by name or range."""
    roles: Annotated[tuple[Selectable, ...], Field(examples=[["workstation", "lab"]])] = ()
    """What its hosts are for: `server`, `workstation`, `lab`, `library`, ..."""
    room: Annotated[Text | None, Field(examples=["114"])] = None
    """The room in which they stand."""
    model: Annotated[Text | None, Field(examples=["OptiPlex 7090"])] = None
    """The computers' model."""
    vars: dict[str, FixedValue] = Field(default_factory=dict, examples=[{"quiet": True}])
    """Values for templates: `{{ vars.NAME }}`."""


class SchoolDocument(Document):
    """One school and its hosts. It may hold resources too, and so may other files in its folder."""

    school: Annotated[Identifier, Field(examples=["dundalk-hs"])]
    """The school's short name: the name of its folder."""
    name: Annotated[Text, Field(examples=["Dundalk High School"])]
    """The school's name for people."""
    groups: Annotated[tuple[Identifier, ...], Field(examples=[["high"]])] = ()
    """The groups of schools it belongs to, from district.yaml."""
    grades: Annotated[tuple[Grade, ...], Field(examples=[[9, 10, 11, 12], ["PK", "K", 1, 2]])] = ()
    """The grades it teaches: numbers, `K` and `PK`. The catalog approves products by grade."""
    connection: Annotated[Connection, Field(examples=[{"dns_suffix": "dundalk.bcps.example"}])] = Connection()
    """What differs from the district's connection."""
    vars: dict[str, FixedValue] = Field(default_factory=dict, examples=[{"prefix": "DHS"}])
    """Values for templates: `{{ vars.NAME }}`."""
    hosts: Annotated[
        dict[Selectable, HostGroup],
        Field(
            examples=[
                {
                    "server": {"name": "DHS-SRV01", "roles": ["server"]},
                    "lab-114": {"range": "DHS-L114-[01-30]", "roles": ["workstation", "lab"]},
                }
            ],
            min_length=1,
            max_length=limits.HOST_GROUPS,
        ),
    ]
    """Its hosts in named groups."""
    profiles: tuple[ProfileUse, ...] = ()
    """Profiles for its hosts."""


class SchoolPart(Document):
    """A further file of a school: profiles and resources."""

    profiles: tuple[ProfileUse, ...] = ()
    """Profiles for the school's hosts."""
