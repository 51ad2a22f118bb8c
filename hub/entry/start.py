"""Where ``hub`` begins: a command that must answer at once loads nothing but itself.

All commands together take two seconds to load; an author asks ``hub check`` after
every line.
"""

from __future__ import annotations

import gc
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    told = sys.argv[1:] if arguments is None else arguments
    if told[:1] == ["check"] and "--help" not in told:
        _at_once(told)
    from hub.entry import cli  # noqa: PLC0415 - all commands, and all they load

    cli.main(told)


def _at_once(told: list[str]) -> None:
    gc.disable()  # the process is over before there is anything to collect
    from hub.entry.commands import checking  # noqa: PLC0415 - as above
    from hub.entry.front import front, leave  # noqa: PLC0415 - as above

    app = front()
    checking.register(app)
    code = leave(app, told)
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
