"""What the rehearsal is to simulate: fleet.json, made from the manifests."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import JsonValue

from engine.app.beside import private_folder
from engine.app.endpoints import FLEET_FILE
from engine.app.errors import InvalidInput
from engine.compiler.media import Media, MediaProblem
from engine.manifest.documents.rehearsal import RehearsalDocument
from engine.model.origin import Finding, Origin
from engine.model.resource import Host

PASSWORD_FILE = "administrator.password"  # noqa: S105 - a file's name


def write_fleet(
    folder: Path, document: RehearsalDocument, origin: Origin, hosts: Iterable[Host], media: Media
) -> None:
    """Write fleet.json and, where there is none, the administrator's random password, for the owner only.

    `origin` is where the document is written, `media` the manifests folder: there the `files` of an image
    have their `source`, which are on its hosts from the start.

    Raises:
        InvalidInput: a host has no role that has an image, or an image's file does not exist.
        OSError: the folder cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    private_folder(folder)
    password = folder / PASSWORD_FILE
    if not password.exists():
        _write_private(password, secrets.token_urlsafe(24) + "\n")
    fleet = {
        "domain": document.domain.model_dump(mode="json"),
        "administrator": {"user": document.administrator, "password_file": PASSWORD_FILE},
        "images": {name: _with_files(image, origin, media) for name, image in document.images.items()},
        "hosts": [{"name": host.name, "image": _image(document, origin, host)} for host in hosts],
    }
    _write_private(folder / FLEET_FILE, json.dumps(fleet, indent=1) + "\n")


def _with_files(image: Mapping[str, JsonValue], origin: Origin, media: Media) -> dict[str, JsonValue]:
    """An image whose files are found from anywhere on this computer. Its form is the rehearsal's to check."""
    files = image.get("files")
    if not isinstance(files, list):
        return dict(image)
    return {**image, "files": [_found(each, origin, media) for each in files]}


def _found(file: JsonValue, origin: Origin, media: Media) -> JsonValue:
    source = file.get("source") if isinstance(file, dict) else None
    if not isinstance(file, dict) or not isinstance(source, str):
        return file
    try:
        return {**file, "source": str(media.find(source).path)}
    except MediaProblem as problem:
        raise InvalidInput([Finding(origin, "missing-file", str(problem))]) from None


def _image(document: RehearsalDocument, origin: Origin, host: Host) -> str:
    image = document.image_of(host.roles)
    if image is None:
        message = f"the host {host.name} has no role that says what it is made from"
        suggestion = "give one of its roles an image under `roles:`"
        raise InvalidInput([Finding(origin, "no-image", message, suggestion)])
    return image


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    beside.replace(path)
