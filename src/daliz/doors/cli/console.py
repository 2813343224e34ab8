"""Where the commands print: results to standard output, progress and errors to standard error."""

from typing import Final

from rich.console import Console

out: Final = Console(soft_wrap=True)
err: Final = Console(stderr=True, soft_wrap=True)
