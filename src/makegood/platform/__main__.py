"""``python -m makegood.platform``: the words that run the house, also said as ``makegood serve`` and so on.

Django is set up when a word is carried out, and what needs it is imported then.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from makegood.platform.running.house import UnableToRun, data_folder, opened_house

_FAILED, _REFUSED, _INTERRUPTED = 1, 3, 130
_out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
_options = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False}

app = typer.Typer(name="makegood", help="Run the house.", rich_markup_mode=None, **_options)  # type: ignore[arg-type]
admin = typer.Typer(help="Look after the house.", rich_markup_mode=None, **_options)  # type: ignore[arg-type]
app.add_typer(admin, name="admin")

Embedded = Annotated[
    bool, typer.Option("--embedded", help="Run a PostgreSQL server in the data folder instead of using DATABASE_URL.")
]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; the proxy in front knows it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer; one for each core is enough.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="How many requests a process answers at once.")] = 4,
    embedded: Embedded = False,
) -> None:
    """Answer requests of browsers and programs until stopped."""
    with opened_house(embedded=embedded):
        from makegood.platform.running import serving

        serving.serve(host=host, port=port, workers=workers, threads=threads, tell=_err.print)


@app.command()
def worker(
    jobs: Annotated[int, typer.Option(min=1, help="How many jobs are done at once.")] = 2,
    once: Annotated[bool, typer.Option("--once", help="Do what is waiting now, and leave.")] = False,
    embedded: Embedded = False,
) -> None:
    """Judge, close, send mail and all else that is done in the background, until stopped."""
    with opened_house(embedded=embedded):
        from makegood.platform.running import working

        working.work(jobs_at_once=jobs, once=once)


@app.command(hidden=True)  # ./run demo
def demo(
    to: Annotated[
        Path, typer.Option(help="The folder to write to; an earlier demonstration in it is replaced.")
    ] = Path("demo/house"),
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port, or the next one that is free.")] = 8000,
    no_browser: Annotated[
        bool,
        typer.Option("--no-browser", help="Leave when the first page was answered, as with CI in the environment."),
    ] = False,
) -> None:
    """Show a made-up world in the browser: a provider, two customers and an affiliate in the year 2013."""
    import os
    import signal

    from makegood.platform.demo.stage import set_stage

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stage = set_stage(to, port)
    with opened_house(embedded=True):
        from makegood.platform.demo.in_browser import show

        show(stage, until_first_page=no_browser or bool(os.environ.get("CI")))


@admin.command("create-owner")
def create_owner(
    email: Annotated[str, typer.Option(prompt="E-mail", help="The address that signs in.")],
    name: Annotated[str, typer.Option(prompt="Name", help="The full name.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="Password",
            hide_input=True,
            confirmation_prompt=True,
            envvar="MAKEGOOD_OWNER_PASSWORD",
            help="Twelve characters or more; asked for if it is not given.",
        ),
    ],
    organisation: Annotated[str, typer.Option(prompt="Name of your company", help="The provider of this house.")],
    identifier: Annotated[
        str, typer.Option(prompt="Identifier of your company in agreements", help="Such as northwind-it.")
    ],
    embedded: Embedded = False,
) -> None:
    """Make the first owner and the house, or another owner when nobody can sign in any more."""
    with opened_house(embedded=embedded):
        from makegood.platform import clock
        from makegood.platform.running import owner

        made = owner.create_owner(
            email=email, name=name, password=password, slug=identifier, organisation=organisation, now=clock.now()
        )
        _out.print(f"{made.name} can sign in as {made.email}.")


@admin.command()
def upgrade(embedded: Embedded = False) -> None:
    """Bring the database to this version; a new one becomes ready to use."""
    with opened_house(embedded=embedded):
        from django.core.management import call_command

        from makegood.platform.running.database import missing_migrations, reach

        reach()
        number = len(missing_migrations())
        call_command("migrate", verbosity=0, interactive=False)
        _out.print(f"{number} migrations made." if number else "The database is the one of this version.")


@admin.command()
def check(embedded: Embedded = False) -> None:
    """Look at key, address, database, migrations, worker, vaults and mail."""
    with opened_house(embedded=embedded):
        from makegood.platform.running.checking import Result, checks

        failed = False
        table = Table("", "", "", box=None, show_header=False, pad_edge=False)
        for each in checks():
            failed |= each.result is Result.FAILED
            table.add_row(each.result, each.thing, f"{each.text}\n→ {each.remedy}" if each.remedy else each.text)
        _out.print(table)
        if failed:
            raise typer.Exit(_FAILED)


@admin.command()
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")], embedded: Embedded = False
) -> None:
    """Write database, vaults and the secret key into one file. Pages and jobs go on meanwhile. Keep the file secret."""
    with opened_house(embedded=embedded):
        from makegood.platform import clock
        from makegood.platform.running.backup import back_up

        made = back_up(to, now=clock.now())
        _out.print(f"{to}: {len(made['tables'])} tables, {len(made['files'])} files, {to.stat().st_size:,} bytes.")


@admin.command()
def restore(
    backup: Annotated[Path, typer.Argument(metavar="FROM", help="A file that makegood admin backup wrote.")],
    embedded: Embedded = False,
) -> None:
    """Fill an empty installation from a backup, and compare every table and file with what was backed up."""
    with opened_house(embedded=embedded):
        from makegood.platform.running import restoring

        found = restoring.restore(backup)
        _out.print(
            f"Restored what {found['made_by']} backed up at {found['made_at']}: {len(found['tables'])} tables and"
            f" {len(found['files'])} files, each the same as it was."
        )


@admin.command("rotate-keys")
def rotate_keys(
    forget: Annotated[
        bool,
        typer.Option(
            "--forget",
            help="Believe nothing that earlier keys signed: everybody signs in again. Stop serve and worker before.",
        ),
    ] = False,
    embedded: Embedded = False,
) -> None:
    """Let a new secret key sign sessions and links and seal secrets; restart serve and worker afterwards."""
    import os

    from makegood.platform.secret_key import forget_earlier, rotate_key

    if os.environ.get("MAKEGOOD_SECRET_KEY"):
        raise UnableToRun("the key is given in MAKEGOOD_SECRET_KEY", "Change it there, or leave it out.")
    earlier = rotate_key(data_folder())
    if forget:
        with opened_house(embedded=embedded):
            from makegood.platform.running.sealing_anew import seal_all_anew

            number = seal_all_anew()
            forget_earlier(data_folder())
            _out.print(f"{number} secrets of web hooks were sealed with the new key.")
            earlier = 0
    _out.print(f"A new key signs from the next start on; {earlier} earlier ones are still believed.")


def main() -> None:
    """Carry out a word; what cannot be done is a sentence with its remedy."""
    try:
        app(prog_name="makegood")
    except UnableToRun as refusal:
        _stop(str(refusal), refusal.remedy)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _stop(sentence: str, remedy: str) -> NoReturn:
    _err.print(f"makegood: {sentence.rstrip('.')}.", style="bold red")
    if remedy:
        _err.print(remedy)
    sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
