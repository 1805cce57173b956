"""Builds a folder of installers from its `media.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from engine.rehearsal.authenticode.publishers import authority, publisher
from engine.rehearsal.authenticode.signing import sign_program
from engine.rehearsal.media.package import build_package
from engine.rehearsal.media.portable import build_program
from engine.rehearsal.media.spec import Installer, Media


def read_media(file: Path) -> Media:
    """The installers that `media.toml` describes.

    Raises:
        OSError, tomllib.TOMLDecodeError, pydantic.ValidationError: it cannot be read or is not valid.
    """
    return Media.model_validate(tomllib.loads(file.read_text(encoding="utf-8")), strict=False)


def build_installer(product: Installer) -> bytes:
    """The installer's bytes, by the extension of its file name."""
    if product.file.endswith(".msi"):
        return build_package(product)
    program = build_program(product)
    return sign_program(program, publisher(product.signer, authority())) if product.signer else program


def build_folder(folder: Path) -> tuple[Path, ...]:
    """Write every installer of `folder/media.toml` beside it; returns the files."""
    written = []
    for product in read_media(folder / "media.toml").installer:
        target = folder / product.file
        target.write_bytes(build_installer(product))
        written.append(target)
    return tuple(written)
