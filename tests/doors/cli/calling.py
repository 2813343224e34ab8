"""Call the command line within the test's own process."""

from typer.testing import CliRunner, Result

from daliz.doors.cli.main import app
from daliz.language import DalizError


def daliz(*arguments: object) -> Result:
    """Return what a command came to."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(result: Result) -> str:
    """Return why a command was refused; it must have been."""
    assert isinstance(result.exception, DalizError), result.output
    return str(result.exception)
