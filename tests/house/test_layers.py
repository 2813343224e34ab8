"""The engine stands alone: it thinks where Django is not installed; who decides live loads no analysis."""

import os
import subprocess
import sys
from pathlib import Path

BLOCKED = """
import importlib, importlib.abc, pkgutil, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg", "sqlite3"}:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
        return None

sys.meta_path.insert(0, Absent())
import daliz.engine, daliz.language

count = 0
for package in (daliz.language, daliz.engine):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def test_the_engine_imports_where_django_and_databases_are_absent() -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert int(done.stdout) > 10


def test_asking_for_the_version_loads_no_heavy_library() -> None:
    probe = (
        "import sys, daliz; "
        "print(daliz.__version__, [name for name in ('duckdb', 'numpy', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_what_serves_loads_no_library_of_analysis(tmp_path: Path) -> None:
    probe = (
        "import sys, daliz.config.wsgi, daliz.doors.cli.main; "
        "print([name for name in ('duckdb', 'lightgbm', 'matplotlib', 'scipy.optimize', 'scipy.stats') "
        "if name in sys.modules])"
    )
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"DALIZ_HOME": str(tmp_path), "DALIZ_SECRET_KEY": "none"}
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[]\n"
