"""Every rule that a finding can name: what it means, and how it is usually put right.

The one list for the reference, for SARIF and for whoever looks a rule up. A rule's name is stable: pipelines
and people's notes refer to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType


class About(Enum):
    """What a finding of a rule points at, and so whether the line at its place may be shown with it."""

    PLACE = auto()
    FILE = auto()  # the file as a whole: its first line has nothing to do with it
    SECRET = auto()  # the line holds a secret, and is never shown


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, in words for the people who write manifests."""

    meaning: str  # one line without a full stop
    help: str  # what to do, in sentences
    about: About = About.PLACE


_YAML = {
    "yaml-alias": Rule(
        "A YAML anchor or alias cannot be used like this",
        "Write the values out, or put what repeats into a profile or into a wider layer.",
    ),
    "yaml-backslash": Rule(
        "A backslash in double quotes starts an escape of YAML's own",
        r"Write Windows paths in single quotes: 'D:\Shares\Staff'.",
    ),
    "yaml-bracket": Rule(
        "A bracket or brace is not closed, or a text with brackets needs quotes",
        "Close it, add the missing comma, or write the text in single quotes.",
    ),
    "yaml-character": Rule(
        "A character is not allowed at this place",
        "Delete it, or write the value in single quotes.",
    ),
    "yaml-colon": Rule(
        "A colon is missing, or there is one too many",
        "Write `field: value` with a space after the colon; a text that holds a colon needs quotes.",
    ),
    "yaml-comment": Rule(
        "What follows a number sign is a comment, which may not have been meant",
        "Write a value that holds ` #` in single quotes.",
    ),
    "yaml-dash": Rule(
        "An entry of a list starts with a hyphen and a space",
        "Write `- ` before the entry, with an ordinary hyphen.",
    ),
    "yaml-documents": Rule(
        "A file holds one document",
        "Remove the line `---` between the documents, or put each into a file of its own.",
    ),
    "yaml-duplicate-key": Rule(
        "The same field is given twice",
        "Keep one of the two.",
    ),
    "yaml-indent": Rule(
        "The indentation of a line fits none of its neighbours",
        "Let fields of one group start in the same column, indented with spaces.",
    ),
    "yaml-key": Rule(
        "The name of a field must be a plain text",
        "Write the field's name as it is in the reference, without brackets.",
    ),
    "yaml-limit": Rule(
        "A document is longer, deeper or larger than a manifest may be",
        "Split the file, or use ranges and profiles instead of repeating entries.",
    ),
    "yaml-merge": Rule(
        "A merge left its markers: both sides changed the same lines",
        "Keep one side of the lines and delete the three marker lines.",
    ),
    "yaml-quote": Rule(
        "A quote is not closed where it should be",
        "Close it where the text ends; a quote within the text needs the other kind around it.",
    ),
    "yaml-syntax": Rule(
        "The file cannot be read as YAML from here on",
        "Compare the indentation and the punctuation with the lines around it.",
    ),
    "yaml-tab": Rule(
        "A tab indents a line",
        "Indent with spaces.",
    ),
    "yaml-tag": Rule(
        "YAML tags have no meaning in manifests",
        "Remove the word that starts with `!`.",
    ),
}

_FILES = {
    "empty-file": Rule("A file says nothing", "Fill it, or delete it.", About.FILE),
    "file-encoding": Rule("A file is not in UTF-8", "Save it as UTF-8."),
    "file-limit": Rule(
        "There are more files than a district needs", "Look for copies or generated files.", About.FILE
    ),
    "file-name": Rule(
        "A file's name, its folder and what it says do not agree",
        "Name the file as what it describes, in the folder for its type, with the ending .yaml.",
    ),
    "file-outside": Rule(
        "A path leads out of the project's folder", "Keep the file itself in the folder.", About.FILE
    ),
    "file-size": Rule("A file is too big for a manifest", "Split it.", About.FILE),
    "file-unwritable": Rule(
        "A file cannot be written", "Look at its permissions and at the space on the disk.", About.FILE
    ),
    "file-unreadable": Rule(
        "A file cannot be read", "Look at its permissions, and whether it is there.", About.FILE
    ),
    "missing-file": Rule(
        "A file that a manifest names cannot be used",
        "Put the file where the manifest says, or correct the path.",
    ),
    "no-district": Rule(
        "There is no district.yaml",
        "Start in the folder that holds it, or make a district with `rollcall init`.",
        About.FILE,
    ),
    "no-school": Rule(
        "A school's folder has no school.yaml", "Add schools/<school>/school.yaml.", About.FILE
    ),
    "not-formatted": Rule(
        "A part of a file cannot be put into the canonical form without changing what it means",
        "Write this part in a plainer way.",
    ),
    "stray-file": Rule(
        "A file stands where nobody would read it",
        "Move it to schools/, profiles/ or catalog/, or out of the manifests.",
        About.FILE,
    ),
    "wrong-file": Rule(
        "A file is not the one that the catalog means",
        "Fetch the right file, or look at why its SHA-256 is another before you correct the catalog.",
    ),
}

_FIELDS = {
    "invalid-value": Rule(
        "A value does not have the form that its field needs", "Write it as the reference shows."
    ),
    "missing-field": Rule("A field that must be there is missing", "Add it."),
    "secret-in-manifest": Rule(
        "A secret is written out where a reference to it belongs",
        "Name the secret's place: `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`; an address holds no "
        "user and no password at all. If the secret was committed, change it: git keeps it.",
        About.SECRET,
    ),
    "secret-reference": Rule(
        "A reference to a secret stands in a field that is not for secrets",
        "Secrets are looked up for `connection: credentials:` only; anything else is written as it is.",
    ),
    "unknown-choice": Rule("A value is none of those that its field takes", "Choose one of them."),
    "unknown-field": Rule("There is no field of this name here", "Correct its name, or remove it."),
    "wrong-type": Rule(
        "A value is of another type than its field",
        "Write a text, number, switch, list or group of fields as the reference shows.",
    ),
}

_HOSTS = {
    "ambiguous-selector": Rule(
        "A word means both a group of hosts and something else", "Give the group another name."
    ),
    "duplicate-host": Rule(
        "A host exists twice in the district", "Remove it from one of the groups, or correct a range."
    ),
    "school-limit": Rule(
        "A school comes to more work than any school needs", "Declare less in one place, or for fewer hosts."
    ),
    "host-limit": Rule(
        "There are more hosts or exceptions than a school needs", "Look for a range that is too long."
    ),
    "host-names": Rule(
        "A group of hosts needs exactly one of `name`, `range` and `names`",
        "Keep one of them, or add one.",
    ),
    "no-host-selected": Rule(
        "A selector means no host",
        "Correct the name; a group of hosts, a role, a host, a range or `all` can stand there.",
    ),
    "no-hosts": Rule(
        "A resource or a profile does not say for which hosts it is",
        "Add `hosts:` with a group of hosts, a role, a name or `all`.",
    ),
    "selector": Rule(
        "A selector is not written as selectors are",
        "Join words with `and`, `or`, `not` and parentheses; name a room or a model as in `room=114`.",
    ),
    "unknown-group": Rule(
        "The district has no such group of schools", "Correct the name, or add the group to district.yaml."
    ),
    "unknown-host": Rule("There is no host of this name", "Correct the name or the range."),
    "unused-group": Rule("No school is in a group of schools", "Remove the group, or add it to a school."),
}

_RESOURCES = {
    "cycle": Rule(
        "Resources wait for each other in a circle", "Remove one of the `needs` or `after` of the circle."
    ),
    "declared-twice": Rule(
        "A resource is declared twice at the same layer",
        "Keep one of the two, or declare one of them for nearer hosts.",
    ),
    "derived-twice": Rule(
        "Two resources bring the same thing along, with different settings", "Make both settings the same."
    ),
    "final": Rule(
        "A farther layer has made this final", "Remove the refinement, or ask whoever made it final."
    ),
    "invalid-reference": Rule(
        "A reference has not the form `kind/name` or `host/kind/name`",
        "Start it with a kind, or with a host.",
    ),
    "needs-absent": Rule(
        "A resource needs another one that is declared absent or forgotten", "Remove both, or neither."
    ),
    "template": Rule(
        "A template cannot be filled in",
        "Correct the name between the braces; `vars`, `host`, `school` and `parameters` can be used.",
    ),
    "unknown-reference": Rule(
        "A resource that is needed is not declared for that host",
        "Correct `kind/name`, declare it, or name the host that has it: `host/kind/name`.",
    ),
}

_PROFILES = {
    "missing-parameter": Rule("A profile is used without one of its parameters", "Add it under `with:`."),
    "profile-cycle": Rule("A profile uses itself, by way of others or directly", "Remove one of the uses."),
    "profile-limit": Rule("Profiles use profiles too many levels deep", "Use them side by side."),
    "unused-parameter": Rule(
        "A profile declares a parameter that nothing in it uses",
        "Remove it, or write it between double braces where it belongs.",
    ),
    "unknown-parameter": Rule("A profile has no such parameter", "Correct its name, or declare it there."),
    "unknown-profile": Rule("There is no such profile", "Correct its name, or add profiles/<name>.yaml."),
}

_CATALOG = {
    "catalog-cycle": Rule(
        "Products of the catalog require or supersede each other in a circle", "Remove one of the lines."
    ),
    "not-approved": Rule(
        "A product is declared that the district has not approved, or has withdrawn",
        "Wait for its approval, or declare it `absent`.",
    ),
    "not-in-time": Rule(
        "A product is declared before or after the days on which it may be used",
        "Declare it in its time, or have `from` or `until` changed.",
    ),
    "out-of-scope": Rule(
        "A product is declared for schools that are not in the scope of its evaluation",
        "Declare it for those that are, or have the scope widened.",
    ),
    "same-version": Rule("Two versions of a product cannot be told apart", "Keep one of them."),
    "seats": Rule(
        "More hosts have a product than its licence allows", "Declare it for fewer hosts, or buy seats."
    ),
    "source-not-allowed": Rule(
        "An installer lies on a server that the district fetches nothing from",
        "Put the file below the manifests folder, or into one of the `installer_sources` of district.yaml. "
        "Only DoIT should extend these: Rollcall's account logs on there.",
    ),
    "superseded": Rule(
        "A host should have a product and another one that takes its place", "Keep one of them."
    ),
    "unknown-school": Rule("The district has no such school", "Correct its short name."),
    "unknown-printer": Rule(
        "The catalog has no such printer model", "Correct it, or add catalog/printers/<model>.yaml."
    ),
    "unknown-software": Rule(
        "The catalog has no such product", "Correct it, or add it with `rollcall catalog add`."
    ),
    "unknown-version": Rule(
        "The catalog has no version that fits", "Ask for another version, or add one to the catalog."
    ),
}

_CONNECTION = {
    "connection-not-allowed": Rule(
        "A school says of its connection what only the district may say",
        "Remove it, or ask DoIT: district.yaml says whom to trust, which suffixes hosts have and how the "
        "district's password is used. With `credentials` of its own a school may choose `auth` and `scheme`.",
    ),
    "no-credentials": Rule(
        "Nobody says who logs on to a school's hosts", "Add `connection: credentials:` to district.yaml."
    ),
    "unsafe-connection": Rule(
        "The connection would not be protected",
        "Use TLS or message encryption, or name the hosts and the reason under `plaintext:`.",
    ),
}

_REHEARSAL = {
    "no-image": Rule(
        "A host has no role that says what it is simulated from",
        "Give one of its roles an image in rehearsal.yaml, under `roles:`.",
        About.FILE,
    ),
    "no-rehearsal": Rule(
        "There is no rehearsal.yaml", "Copy the sample's, which says what is simulated.", About.FILE
    ),
    "unknown-image": Rule("There is no such image", "Correct its name, or describe it under `images:`."),
}

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        **_YAML,
        **_FILES,
        **_FIELDS,
        **_HOSTS,
        **_RESOURCES,
        **_PROFILES,
        **_CATALOG,
        **_CONNECTION,
        **_REHEARSAL,
    }
)
