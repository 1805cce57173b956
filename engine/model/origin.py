"""Places in manifests, for errors and explanations."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.rules import RULES, About

# What findings say of a place where a secret may stand: these rules' words hold nothing of what is written
# there but names of fields that have to be in the language.
_SAY_NOTHING = frozenset(
    {"connection-not-allowed", "missing-field", "secret-in-manifest", "secret-reference"}
)
_HARMLESS_HINTS = frozenset(
    f"did you mean `{word}`?" for word in ("connection", "credentials", "password", "user")
)
_NOT_SHOWN = "the text is not shown: it may be a secret"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A place in a manifest; line and column count from 1."""

    file: str  # relative to the project, with forward slashes: `manifests/schools/x/school.yaml`
    line: int
    column: int
    is_confidential: bool = field(default=False, compare=False, repr=False)
    """Whether a secret may stand there, so that neither the line nor anything of it is to be repeated."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An expected error in what a person wrote, with what to do about it.

    At a confidential place it says what its rule means and no more, whatever message it is made with.
    """

    origin: Origin
    rule: str  # a stable code, for example unknown-field
    message: str
    suggestion: str = ""

    def __post_init__(self) -> None:
        rule = RULES.get(self.rule)
        about = About.PLACE if rule is None else rule.about
        if not self.origin.is_confidential or about is About.FILE or self.rule in _SAY_NOTHING:
            return
        meaning = "Something is wrong here" if rule is None else rule.meaning
        object.__setattr__(self, "message", meaning[0].lower() + meaning[1:])
        if self.suggestion not in _HARMLESS_HINTS:
            object.__setattr__(self, "suggestion", _NOT_SHOWN)

    def __str__(self) -> str:
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.origin}: {self.message}{hint} [{self.rule}]"
