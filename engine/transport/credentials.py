"""References to secrets, resolved at the last moment. Errors name the reference, never the value."""

from __future__ import annotations

import os
from pathlib import Path

import keyring
import keyring.errors

from engine.transport.refusals import CredentialUnavailable
from engine.transport.target import Credential, Login

_SCHEMES = ("env:", "file:", "keyring:")


def is_reference(text: str) -> bool:
    """Whether `text` names a place of a secret rather than being one."""
    return text.startswith(_SCHEMES)


def resolve(login: Login) -> Credential:
    """Look up user and password.

    Raises:
        CredentialUnavailable: a reference is malformed, or there is nothing where it points.
    """
    user = resolve_reference(login.user) if is_reference(login.user) else login.user
    if not is_reference(login.password):
        # The text may well be a password that somebody wrote out: it must not be repeated.
        raise CredentialUnavailable(
            f"the password of {user} must be a reference (env:NAME, file:PATH or keyring:SERVICE/USER)"
        )
    return Credential(user, resolve_reference(login.password))


def resolve_reference(reference: str) -> str:
    """The text that `env:NAME`, `file:PATH` or `keyring:SERVICE/USER` points at.

    A file's closing line break is not part of the secret.

    Raises:
        CredentialUnavailable: see `resolve`.
    """
    scheme, _, place = reference.partition(":")
    readers = {"env": _from_environment, "file": _from_file, "keyring": _from_keyring}
    value = readers[scheme](reference, place) if scheme in readers and place else ""
    if not value:
        raise CredentialUnavailable(f"there is nothing at {reference}")
    return value


def _from_environment(reference: str, name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise CredentialUnavailable(f"{reference}: the environment has no variable {name}")
    return value


def _from_file(reference: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        # The decoding error quotes the bytes, so it must not travel on.
        raise CredentialUnavailable(f"{reference}: the file is not UTF-8 text") from None
    except OSError as error:
        raise CredentialUnavailable(f"{reference}: {error.strerror or 'cannot be read'}") from None


def _from_keyring(reference: str, place: str) -> str:
    service, slash, user = place.partition("/")
    if not (service and slash and user):
        raise CredentialUnavailable(f"{reference}: write keyring:SERVICE/USER")
    try:
        value = keyring.get_password(service, user)
    except keyring.errors.KeyringError as error:
        raise CredentialUnavailable(f"{reference}: the keyring failed ({type(error).__name__})") from None
    if value is None:
        raise CredentialUnavailable(f"{reference}: the keyring has no such entry")
    return value
