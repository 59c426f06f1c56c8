from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import Output


def register(app: typer.Typer) -> None:
    app.command("demo", epilog="Example: magnumctl demo --keep")(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the sandbox and its bays standing.")] = False,
    output: Output = Format.text,
) -> int:
    """Run the whole story on the embedded cloud: plan, apply, status, plan again, destroy."""
    import os

    from magnumctl.actions.demo import Demo
    from magnumctl.view.formats import show
    from magnumctl.view.progress import follow_story

    with follow_story() as audience:
        story = Demo(dict(os.environ), audience.show)
        report = story.keep(audience.tell) if keep else story.run(audience.tell)
    show(report, output)
    return 1 if report.left_behind else 0
