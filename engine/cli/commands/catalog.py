"""`rollcall catalog ...`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.authoring.adding import Addition, Wishes, add_package
from engine.app.exits import ExitCode
from engine.cli.context import of
from engine.cli.screen import Screen, emit, say
from engine.report.visible import clean

app = typer.Typer(name="catalog", rich_markup_mode=None, add_completion=False)


@app.callback(invoke_without_command=True)
def catalog(context: typer.Context) -> ExitCode:
    """What the district offers: software and printer models.

    \b
    Example:
      rollcall catalog add Downloads/geogebra-6.0.848.msi
    """
    if context.invoked_subcommand is None:
        emit(of(context).screen, context.get_help() + "\n")
        return ExitCode.INVALID
    return ExitCode.DONE


@app.command()
def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.msi", help="A Windows Installer package.")],
    identifier: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="The product's short name; else as its own name proposes."),
    ] = None,
    folder: Annotated[
        str,
        typer.Option("--to", metavar="DIR", help="The folder below the manifests that gets the file."),
    ] = "media",
    all_users: Annotated[
        bool,
        typer.Option("--all-users", help="Install for everybody what by itself is for one account."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take this file for a version that has another one.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; show what would be written.")
    ] = False,
) -> ExitCode:
    """Add a Windows Installer package to the catalog, or a version to a product that is in it.

    Product code, upgrade code, name, version, publisher, scope, size, signer and SHA-256 are read from the
    file, which is copied below the manifests unless it is there. Comments and order of an existing entry
    stay. A new product has the status `requested`: no host gets it until somebody approves it.

    \b
    Examples:
      rollcall catalog add Downloads/geogebra-6.0.848.msi
      rollcall catalog add 7z2409-x64.msi --id 7zip --dry-run
      rollcall catalog add firefox.msi --to media/browsers

    Exit codes: 0 done or there already, 3 not a package or not possible, 5 another file has its place.
    """
    screen = of(context).screen
    wishes = Wishes(identifier, folder, replace, all_users, dry_run)
    done = add_package(of(context).project(), file, wishes)
    if dry_run:
        emit(screen, "".join(f"{clean(line)}\n" for line in done.diff.splitlines()))
    _tell(screen, done, dry_run=dry_run)
    return ExitCode.DONE


_OUTCOMES = {
    "created": ("Made {file}.", "Would make {file}."),
    "extended": ("Added {version} to {file}.", "Would add {version} to {file}."),
    "replaced": (
        "Took the new file for {version} in {file}.",
        "Would take the new file for {version} in {file}.",
    ),
    "unchanged": ("{file} has {version} with this very file; nothing to do.",) * 2,
}


def _tell(screen: Screen, done: Addition, *, dry_run: bool) -> None:
    package = done.package
    languages = ", ".join(map(str, package.languages)) or "not said"
    rows = (
        ("product", f"{package.name}, version {package.version}"),
        ("publisher", package.manufacturer or "not said"),
        ("product code", package.product_code),
        ("upgrade code", package.upgrade_code or "none"),
        (
            "installs",
            f"for {'everybody' if package.scope == 'machine' else 'one account'}, on {package.platform}",
        ),
        ("languages", languages),
        ("signer", package.signer or "none"),
        ("file", f"{done.source}, {package.size:,} bytes{', copied' if done.copied and not dry_run else ''}"),
        ("SHA-256", package.sha256),
    )
    for name, text in rows:
        say(screen, f"  {name:13} {clean(text)}")
    for note in done.notes:
        say(screen, f"note: {clean(note)}")
    sentence = _OUTCOMES[done.outcome][dry_run].format(file=done.file, version=package.version)
    say(screen, clean(sentence))
    if done.outcome == "created" and not dry_run:
        say(screen, "Next: read it, correct title and publisher, and let somebody review it (`evaluation`).")
