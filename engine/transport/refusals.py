"""What this room itself refuses or finds wrong, in words that are fit for people and hold no secret."""

from __future__ import annotations


class Refusal(Exception):
    """The message is told as it is."""


class CredentialUnavailable(Refusal):
    """A reference to a secret leads nowhere. The message holds the reference only."""


class MissingLibrary(Refusal):
    """An optional part of the installation is needed for this and is not there."""


class UnsafePath(Refusal, ValueError):
    """Not a full path of a file or folder on a host's own drive."""


class UnsafeArgument(Refusal, ValueError):
    """An argument of a program that cannot be passed on with certainty."""


class UnreadableDescriptor(Refusal, ValueError):
    """A security descriptor that is malformed, or that cannot be shown without changing its meaning."""


class NotAllSet(Refusal):
    """Something in a folder did not take the permissions that it inherits."""


class UntrustedFolder(Refusal):
    """A folder for Rollcall's own use that others could write to, or that is not an administrator's."""


class NotAsSent(Refusal):
    """What the host stored differs from what was sent."""


class OversizedAnswer(Refusal):
    """The host announced an answer that would only fill memory."""


class InsecureAnswer(Refusal):
    """The host answered in the clear where the conversation is encrypted."""


class UnsafeRedirect(Refusal):
    """A web server wants to send us to where the file may not be fetched from."""


class UnexpectedFile(Refusal):
    """What a server has is not the file that was declared."""
