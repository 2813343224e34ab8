"""Bring the browser's parts into the package: ``make vendor`` (needs npm; nobody else does).

Each part is one release from npm, checked against the digest written here; only what is used is taken, with
its licence. The icons become one sprite of those that the pages name.
"""

import base64
import hashlib
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
STATIC: Final = ROOT / "src" / "daliz" / "doors" / "pages" / "static" / "daliz" / "vendor"
TESTS: Final = ROOT / "tests" / "browser" / "vendor"

ICONS: Final = (
    "adjustments", "alert-triangle", "arrow-back-up", "arrows-exchange", "bell", "book", "building",
    "calendar",
    "certificate", "chart-bar", "check", "chevron-down", "chevron-left", "chevron-right", "circle",
    "circle-check", "circle-dashed", "circle-x", "clipboard-check", "clipboard-list", "clock", "clock-pause",
    "cloud-upload", "credit-card", "device-floppy", "door", "download", "edit", "external-link", "eye",
    "eye-check", "file-check", "file-invoice", "file-plus", "file-search", "file-text", "files", "filter",
    "flag", "gavel", "heartbeat", "help", "history", "home", "hourglass", "id-badge-2", "info-circle", "key",
    "keyboard", "language", "lock", "logout", "mail", "menu-2", "message-question", "moon", "package",
    "paperclip", "plus", "printer", "receipt", "refresh", "report-analytics", "scale", "search", "send",
    "shield-check", "shield-lock", "stopwatch", "sun", "timeline", "trash", "truck", "upload", "user",
    "user-check", "user-off", "user-plus", "users", "users-group", "x", "zoom-scan",
)  # fmt: skip
"""Names of Tabler's outline icons."""


@dataclass(frozen=True, slots=True)
class Part:
    """A release and what is taken from it: path in the release → file in ``folder``."""

    name: str
    version: str
    sha512: str
    files: tuple[tuple[str, str], ...]
    folder: Path


PARTS: Final = (
    Part(
        "@tabler/core",
        "1.6.1",
        "lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
        (
            ("dist/css/tabler.min.css", "tabler.min.css"),
            ("dist/js/tabler.min.js", "tabler.min.js"),
        ),
        STATIC,
    ),
    Part(
        "@tabler/icons",
        "3.52.0",
        "dldKlJNfO/gZnGLcIY0X2EFFKIMGwL/rEvTqglvBgAPFiwj9pZOCN5V3Sf0Gyjq6foX4VQmLdOmsS4w5FdWKAw==",
        (("LICENSE", "tabler.LICENSE.txt"),),  # of one hand; the core's archive has none of its own
        STATIC,
    ),
    Part(
        "htmx.org",
        "2.0.11",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        (("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "htmx.LICENSE.txt")),
        STATIC,
    ),
    Part(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        (("axe.min.js", "axe.min.js"), ("LICENSE", "axe.LICENSE.txt")),
        TESTS,
    ),
)


def fetched(part: Part, into: Path) -> Path:
    """Return the release's archive, whole and the one that was pinned.

    Raises:
        ValueError: its digest is another.
    """
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{part.name}@{part.version}"],  # noqa: S607 -- whichever npm there is
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / packed.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != part.sha512:
        raise ValueError(f"{part.name} {part.version} has the digest {digest}, not the pinned one")
    return archive


def content(archive: Path, member: str) -> bytes:
    """Return a file of a release, without the address of a source map that is not taken along."""
    with tarfile.open(archive) as tar:
        file = tar.extractfile(f"package/{member}")
        if file is None:
            raise ValueError(f"{member} is not in {archive.name}")
        found = file.read()
    return re.sub(rb"\s*(/\*|//)# sourceMappingURL=[^\s*]*( \*/)?\s*$", b"\n", found)


def sprite(archive: Path) -> str:
    """Return the icons as symbols of one drawing, in the order of their names."""
    drawn = []
    for name in sorted(ICONS):
        svg = content(archive, f"icons/outline/{name}.svg").decode()
        inner = re.sub(r"\s+", " ", re.sub(r"^.*?<svg[^>]*>|</svg>", "", svg, flags=re.DOTALL)).strip()
        drawn.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner.replace("> <", "><")}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(drawn) + "\n</svg>\n"


def main() -> None:
    """Write every part."""
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            archive = fetched(part, Path(folder))
            part.folder.mkdir(parents=True, exist_ok=True)
            for member, name in part.files:
                (part.folder / name).write_bytes(content(archive, member))
            if part.name == "@tabler/icons":
                (part.folder / "icons.svg").write_text(sprite(archive), encoding="utf-8")
            print(f"{part.name} {part.version}")


if __name__ == "__main__":
    main()
