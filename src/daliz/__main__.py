"""Run the command line by ``python -m daliz``."""

from daliz.doors.cli.main import run

if __name__ == "__main__":
    run()
