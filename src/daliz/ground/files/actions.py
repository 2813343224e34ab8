"""Take a file in, and let go of those that nothing refers to.

Whoever attaches an upload to something notes it in the journal; a file alone is nobody's act.
"""

import hashlib
import os
import shlex
import subprocess
import tempfile
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from daliz.ground.files.kinds import FileRefusedError, Kind, kind_of
from daliz.ground.files.models import StoredFile, Upload
from daliz.language import N_, DalizError

_MOST_LOOSE: Final = 200
_LOOSE_FOR: Final = timedelta(days=1)
_PATIENCE: Final = 120.0
_LONGEST_NAME: Final = 120


class ScanError(DalizError):
    """A file could not be looked through for viruses."""

    code: ClassVar[str] = "file-scan"


def take_in(*, parts: Iterable[bytes], name: str, organisation: str, user_id: int, now: datetime) -> Upload:
    """Keep a file that somebody hands in: checked, looked through, stored under the digest of its bytes.

    Not to be called within a transaction: looking through takes its time.

    Args:
        parts: its bytes, in order.
        name: as its owner calls it; its ending becomes that of its kind.
        organisation: whose it is; empty for those who work at customs.
        user_id: who hands it in.
        now: the instant.

    Raises:
        FileRefusedError: too large, empty, of no kind that is taken, or refused by the scan.
        ScanError: the scan did not answer.
    """
    loose = Upload.objects.filter(organisation=organisation, attached_at=None)
    if not organisation:
        loose = loose.filter(user_id=user_id)
    if loose.count() >= _MOST_LOOSE:
        raise FileRefusedError(
            N_("too many files wait to be attached; attach them, or wait a day"), code="file-many"
        )
    folder = Path(settings.FILES)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as file:
        path = Path(file.name)
    try:
        digest, size = _write(parts, path)
        kind = kind_of(path)
        look_through(path)
        with transaction.atomic():
            stored, _ = StoredFile.objects.select_for_update(no_key=True).get_or_create(
                digest=digest, defaults={"size": size, "kind": kind.value, "stored_at": now}
            )
            upload = Upload.objects.create(
                file=stored, name=name_of(name, kind), organisation=organisation, user_id=user_id, at=now
            )
            _settle(path, path_of(digest))  # while the row is held, so that no sweep takes the bytes away
    finally:
        path.unlink(missing_ok=True)
    return upload


def path_of(digest: str) -> Path:
    """Return where the bytes of a digest lie."""
    return Path(settings.FILES) / digest[:2] / digest[2:]


def name_of(given: str, kind: Kind) -> str:
    r"""Return a harmless name: no folders, no invisible signs, and the ending of its kind.

    Example:
        >>> name_of("../../etc/pass\u202ewd.html", Kind.PDF)
        'passwd.pdf'
        >>> name_of(".pdf", Kind.PNG)
        'file.png'
    """
    last = unicodedata.normalize("NFC", given.replace("\\", "/")).rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    stem = kept.rpartition(".")[0] if "." in kept else kept
    stem = " ".join(stem.split()).strip(". ")[:_LONGEST_NAME].strip()
    return f"{stem or 'file'}.{kind.value}"


def look_through(path: Path) -> None:
    """Have the configured command look a file through; its path is added to the command's words.

    Raises:
        FileRefusedError: it ends with another code than 0.
        ScanError: it cannot be run, or takes too long.
    """
    if not settings.VIRUS_SCAN:
        return
    command = [*shlex.split(settings.VIRUS_SCAN), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 -- set by whoever runs the server
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScanError(N_("the file could not be looked through for viruses; try again later")) from error
    if done.returncode != 0:
        raise FileRefusedError(N_("the virus scan refuses the file"), code="file-virus")


def attach(*, uploads: Iterable[Upload], now: datetime) -> None:
    """Note that something refers to uploads from now on."""
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).update(attached_at=now)


def sweep(*, now: datetime, limit: int = 200) -> int:
    """Let go of uploads that nothing refers to after a day, and of their bytes; return how many."""
    loose = Upload.objects.filter(attached_at=None, at__lt=now - _LOOSE_FOR).order_by("at")
    found = list(loose.values_list("pk", flat=True)[:limit])
    for upload in found:
        let_go(uploads=[upload])
    return len(found)


def unreferred() -> QuerySet[Upload]:
    """Return uploads to which nothing refers, whatever may."""
    rows = Upload.objects.all()
    for relation in Upload._meta.related_objects:
        rows = rows.filter(**{relation.name: None})
    return rows


@transaction.atomic
def let_go(*, uploads: Collection[int]) -> int:
    """Let go of those of ``uploads`` to which nothing refers any more; return how many.

    Bytes go when no upload has them any more. Last in a transaction: bytes that are gone do not come back
    where it fails.
    """
    rows = unreferred().filter(pk__in=uploads)
    told = list(rows.values_list("pk", "file_id"))
    Upload.objects.filter(pk__in=[pk for pk, _ in told]).delete()
    for digest in sorted({digest for _, digest in told}):
        stored = StoredFile.objects.select_for_update().filter(digest=digest).first()
        if stored is not None and not stored.uploads.exists():
            stored.delete()
            path_of(digest).unlink(missing_ok=True)
    return len(told)


def _write(parts: Iterable[bytes], path: Path) -> tuple[str, int]:
    """Write to ``path`` and return digest and size; stop at the first byte too many."""
    most, size, digest = settings.FILE_MOST_BYTES, 0, hashlib.sha256()
    with path.open("wb") as file:
        for part in parts:
            size += len(part)
            if size > most:
                raise FileRefusedError(
                    N_("the file is larger than {most} MB"), code="file-large", most=most // 2**20
                )
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _settle(path: Path, place: Path) -> None:
    """Give a file its place; the same bytes are the same file."""
    place.parent.mkdir(exist_ok=True, mode=0o700)
    path.chmod(0o600)
    path.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
