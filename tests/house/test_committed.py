"""What may never be committed: addresses of registries, places of one machine, words without translation."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.lock", *ROOT.glob("**/package-lock.json")]
MADE_HERE = {"node_modules", "_build", "build", "dist", "demo", "scratch", "__pycache__"}
READ = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".sh",
    ".yaml",
    ".yml",
    ".cfg",
    ".po",
    ".html",
    ".json",
    ".bib",
    ".csv",
    "",
}


def committed() -> Iterator[Path]:
    """The project's own text files: what git knows, or in a tarball what is there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not made_here(path.relative_to(ROOT).parts[:-1])]
    return (path for path in paths if path.is_file() and path.suffix in READ)


def made_here(folders: tuple[str, ...]) -> bool:
    """Tell whether a file in these folders was made by a tool on this machine."""
    return any(name in MADE_HERE or (name[0] == "." and name != ".ci") for name in folders)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_address(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(r"://|index-url|find-links|file:", line)] == []


def test_every_locked_version_is_exact_and_checked_by_hash() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", "\n" + text)[1:]
    loose = [
        entry.split()[0]
        for entry in entries
        if not re.match(r"[\w.-]+==\S+ ", entry) or "--hash" not in entry
    ]
    assert len(entries) > 50
    assert loose == []


def test_every_dependency_is_locked_but_for_the_extras() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = pyproject["dependency-groups"].values()
    stated = [*pyproject["project"]["dependencies"], *(one for group in groups for one in group)]
    declared = {re.split(r"\[|>=", one)[0].lower() for one in stated if isinstance(one, str)}
    locked = set(
        re.findall(r"^([a-z][\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    )
    assert "duckdb" in declared
    assert declared - locked == set(), "run `make lock`"


def test_no_file_names_a_place_of_one_machine() -> None:
    places = [re.escape(str(path)) for path in (ROOT, Path.home()) if len(path.parts) > 2]
    pattern = re.compile("|".join([r"(?<![\w.])/(?:home|Users|root|opt|work|mnt)/\w", *places]))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in committed()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_error_is_raised_with_a_message_that_can_be_translated() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src").rglob("*.py")}
    errors = {"DalizError"}
    for _generation in range(4):
        errors |= {
            node.name
            for tree in trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any(name_of(base) in errors for base in node.bases)
        }
    spoken = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in trees.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and name_of(call.func) in errors | {"Message"} and call.args
        if isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert spoken == [], 'wrap the template: N_("… {named} …")'


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
