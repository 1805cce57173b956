"""What an editor marks in a manifest: schemas chosen by the file's name, run by a validator of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from pydantic import JsonValue

from engine.app.editing import schemas
from engine.compiler.language.jsonschema import SchemaFile
from tests.support.editor_yaml import Place, Read


@cache
def _schemas() -> tuple[tuple[SchemaFile, Draft7Validator], ...]:
    return tuple((file, Draft7Validator(dict(file.schema))) for file in schemas())


def _matches(file: str, glob: str) -> bool:
    pattern = re.escape(glob).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(pattern, file) is not None


def schemas_for(file: str) -> list[Draft7Validator]:
    """The schemas for a file, whose path is relative to the manifests folder. Never more than one."""
    return [validator for drawn, validator in _schemas() if any(_matches(file, glob) for glob in drawn.globs)]


def is_refused(file: str, data: JsonValue) -> bool:
    return any(not validator.is_valid(data) for validator in schemas_for(file))


def marks(file: str, read: Read) -> set[Place]:
    """Every place that the editor may mark: none in a file that says nothing."""
    if read.data is None:
        return set()
    return {
        place
        for validator in schemas_for(file)
        for error in validator.iter_errors(read.data)
        for leaf in _leaves(error)
        for place in _places(leaf, read)
    }


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for inner in error.context or ():
        yield from _leaves(inner)


def _places(error: ValidationError, read: Read) -> Iterator[Place]:
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema["properties"] if isinstance(error.schema, dict) else {}
        for name in set(error.instance) - set(known):
            yield from read.places[(*path, name)]
    elif error.validator == "propertyNames":
        yield from read.places[(*path, str(error.instance))]
    else:
        yield from read.places[path]
