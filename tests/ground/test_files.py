"""Files that people hand in: told by their bytes, kept once, harmless to whoever saves them."""

import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import Http404
from pytest_django import Settings

from daliz.ground.files.actions import ScanError, attach, name_of, path_of, sweep, take_in
from daliz.ground.files.download import as_download
from daliz.ground.files.kinds import FileRefusedError, Kind
from daliz.ground.files.models import StoredFile, Upload
from tests.ground.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    settings.FILE_MOST_BYTES = 2**20
    settings.VIRUS_SCAN = ""
    return tmp_path


def an_office_file(*names: str, size: int = 10) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in names:
            parts.writestr(name, b"0" * size)
    return held.getvalue()


def taken(content: bytes, name: str = "contract.pdf", organisation: str = "ours") -> Upload:
    return take_in(parts=[content], name=name, organisation=organisation, user_id=1, now=NOON)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "png"),
        (b"II*\x00\x08\x00", "tif"),
        (b"MM\x00*\x00\x00", "tif"),
        (b'<?xml version="1.0"?>\n<!-- a note --><Invoice/>', "xml"),
        ('<?xml version="1.0"?><invoice/>'.encode("utf-16"), "xml"),
        (an_office_file("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (an_office_file("[Content_Types].xml", "word/document.xml"), "docx"),
    ],
)
def test_a_kind_is_told_by_the_bytes_and_gives_the_name_its_ending(content: bytes, kind: str) -> None:
    upload = taken(content, name="whatever.exe")
    assert (upload.file.kind, upload.name) == (kind, f"whatever.{kind}")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<!DOCTYPE html><html></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml"/>',
        b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>',
        b"<script>\n%PDF-1.7",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\n",
        b"GIF89a",
        an_office_file("index.html"),
        an_office_file("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"),
        b"PK\x03\x04broken",
    ],
)
def test_what_is_none_of_the_kinds_is_refused_whatever_its_name_says(content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        taken(content, name="contract.pdf")
    assert refused.value.code == "file-kind"
    assert Upload.objects.count() == 0


def test_an_office_file_with_macros_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="macros"):
        taken(an_office_file("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"))


def test_a_bomb_is_told_by_its_table_of_contents_and_not_unpacked(settings: Settings) -> None:
    settings.FILE_MOST_BYTES = 16 * 2**20
    bomb = an_office_file("[Content_Types].xml", "xl/workbook.xml", *"abcdef", size=100 * 2**20)
    assert len(bomb) < 2**20
    with pytest.raises(FileRefusedError, match="unpack to more"):
        taken(bomb)


def test_one_byte_too_many_is_refused_and_leaves_nothing(home: Path) -> None:
    assert taken(PDF + b"0" * (2**20 - len(PDF))).file.size == 2**20
    with pytest.raises(FileRefusedError, match="larger than 1 MB"):
        taken(PDF + b"1" * (2**20 - len(PDF) + 1))
    with pytest.raises(FileRefusedError, match="empty"):
        taken(b"")
    assert len([path for path in (home / "files").rglob("*") if path.is_file()]) == 1


def test_the_same_bytes_are_kept_once_for_whoever_alone_may_read_them(home: Path) -> None:
    first, second = taken(PDF), taken(PDF, organisation="theirs")
    assert (first.file_id, StoredFile.objects.count(), Upload.objects.count()) == (second.file_id, 1, 2)
    place = path_of(first.file_id)
    assert place.read_bytes() == PDF
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert place.is_relative_to(home / "files")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../etc/cron.d/x.pdf", "x.pdf"),
        ("C:\\temp\\Договор № 5.pdf", "Договор № 5.pdf"),
        ("inv\u202efdp.exe", "invfdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        (".htaccess", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 500 + ".pdf", "x" * 120 + ".pdf"),
        ("report.tar.gz", "report.tar.pdf"),
    ],
)
def test_a_name_becomes_harmless(given: str, name: str) -> None:
    assert name_of(given, Kind.PDF) == name


def test_the_scan_refuses_and_one_that_does_not_answer_takes_nothing(settings: Settings, home: Path) -> None:
    settings.VIRUS_SCAN = "grep -q -v EICAR"
    assert taken(PDF).file.kind == "pdf"
    settings.VIRUS_SCAN = "grep -q EICAR-NOT-THERE"
    with pytest.raises(FileRefusedError) as refused:
        taken(PDF)
    assert refused.value.code == "file-virus"
    settings.VIRUS_SCAN = str(home / "no-such-scanner")
    with pytest.raises(ScanError, match="try again later"):
        taken(PDF)
    assert Upload.objects.count() == 1


def test_a_download_is_saved_and_never_shown() -> None:
    reply = as_download(taken(b'<?xml version="1.0"?><a/>', name="счёт; x.xml"))
    assert b"".join(reply) == b'<?xml version="1.0"?><a/>'
    assert reply["Content-Type"] == "application/octet-stream"
    assert reply["Content-Disposition"].startswith("attachment; filename*=utf-8''%D1%81%D1%87")
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["Content-Security-Policy"] == "sandbox; default-src 'none'"
    reply.close()


def test_bytes_that_are_gone_are_not_found() -> None:
    upload = taken(PDF)
    path_of(upload.file_id).unlink()
    with pytest.raises(Http404):
        as_download(upload)


def test_what_nothing_refers_to_goes_after_a_day_and_what_is_attached_stays() -> None:
    loose, kept = taken(PDF), taken(PDF + b"kept")
    again = taken(PDF + b"kept")
    attach(uploads=[kept], now=NOON)
    assert sweep(now=NOON + timedelta(hours=23)) == 0
    assert sweep(now=NOON + timedelta(hours=25)) == 2
    assert list(Upload.objects.all()) == [kept]
    assert not path_of(loose.file_id).exists()
    assert path_of(again.file_id).exists()


def test_files_that_nobody_attaches_do_not_fill_the_disk() -> None:
    stored = taken(PDF).file
    Upload.objects.bulk_create(
        [Upload(file=stored, name="x", organisation="ours", user_id=1, at=NOON) for _ in range(199)]
    )
    with pytest.raises(FileRefusedError, match="too many files"):
        taken(PDF)
    assert taken(PDF, organisation="theirs").organisation == "theirs"
