"""A plugin of pytest under which Django is not installed: the engine must do without (`make test`)."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class WithoutDjango(MetaPathFinder):
    """Finds no Django, and says so."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in ("django", "ninja", "psycopg"):
            raise ModuleNotFoundError(f"{name} is not installed here: the engine must do without", name=name)
        return None


def pytest_configure() -> None:
    """Hide Django before anything is collected; that this module is merely imported hides nothing."""
    sys.meta_path.insert(0, WithoutDjango())
