"""What may cost more than a document is refused before it costs anything; every honest encoding is read."""

import pytest

from daliz.engine.reading import ReadingError
from daliz.engine.reading.xml.parsing import MOST_BYTES, parse

TEXT = '<?xml version="1.0" encoding="{}"?>\n<!-- a note --><a>Обувь</a>'

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    + "]><l>&a19;</l>"
)
QUADRATIC = f'<!DOCTYPE l [<!ENTITY a "{"x" * 50_000}">]><l>{"&a;" * 50_000}</l>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'
ELSEWHERE = '<!DOCTYPE l SYSTEM "http://localhost:9/never.dtd"><l/>'
PARAMETERS = '<!DOCTYPE l [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><l/>'
BEHIND = "<?pi?><!-- <a> --> \n" + OUTSIDE


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(ReadingError) as told:
        parse(data)
    return told.value.code, str(told.value)


@pytest.mark.parametrize(
    ("says", "written"),
    [
        ("utf-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"), ("utf-8", "utf-16"), ("windows-1251", "cp1251"), ("WINDOWS-1251", "cp1251"),
        ("koi8-r", "koi8-r"), ("iso-8859-5", "iso-8859-5"), ("cp866", "cp866"),
    ],
)  # fmt: skip
def test_declared_and_shown_encodings_are_read(says: str, written: str) -> None:
    assert parse(TEXT.format(says).encode(written)).text == "Обувь"


def test_utf_16_without_a_mark_or_declaration_is_read() -> None:
    assert parse("<a>Обувь</a>".encode("utf-16-le")).text == "Обувь"
    assert parse("<a>Обувь</a>".encode("utf-16-be")).text == "Обувь"


@pytest.mark.parametrize(
    ("says", "written", "code"),
    [
        ("windows-1251", "utf-8", "xml-encoding"),
        ("utf-16", "utf-8", "xml-encoding"),
        ("klingon", "utf-8", "xml-encoding"),
        ("utf-7", "utf-7", "xml-encoding"),
        ("utf-32", "utf-8", "xml-encoding"),
        ("utf-8", "cp1251", "xml-broken"),
        ("utf-8", "utf-32-le", "xml-broken"),
    ],
)
def test_an_encoding_that_is_not_the_one_declared_is_told(says: str, written: str, code: str) -> None:
    assert refused(TEXT.format(says).encode(written))[0] == code


@pytest.mark.parametrize("text", [LAUGHS, QUADRATIC, OUTSIDE, ELSEWHERE, PARAMETERS, BEHIND])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_document_type_is_refused_in_every_encoding(text: str, encoding: str) -> None:
    assert refused(text.encode(encoding))[0] == "xml-doctype"


def test_a_document_type_that_appears_when_comments_are_taken_out_is_refused() -> None:
    assert refused(b"<!DOC<!-- - -- - -->TYPE a []><a><!-- b -- c --></a>")[0].startswith("xml-")
    assert refused(b"<!-- a -- b --><!DOCTYPE a []><a/>")[0] == "xml-doctype"


def test_the_word_may_stand_in_the_text() -> None:
    assert parse(b"<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>").text == "<!DOCTYPE a>"


def test_two_hyphens_in_a_comment_are_no_reason_to_lose_a_declaration() -> None:
    assert parse(b"<a><!--- box 31 -- the goods --->5</a>").text == "5"


def test_what_breaks_off_or_is_not_well_formed_is_told_with_its_line() -> None:
    code, text = refused(b"<a>\n<b>1</b>\n<b>")
    assert code == "xml-broken"
    assert text.startswith("the XML cannot be read at line 3:")
    for broken in (b"<a>&x;</a>", b"<a b=1/>", b"<a/><b/>", b"<a>\x01</a>", b"<a>&#0;</a>", b"<a></b>", b"<"):
        assert refused(broken)[0] == "xml-broken"


def test_depth_length_and_number_are_bounded() -> None:
    assert refused(b"<a>" * 300 + b"</a>" * 300)[0] == "xml-broken"
    assert refused(b"<a>" + b"x" * 10_100_000 + b"</a>")[0] == "xml-broken"
    assert refused(b"<a>" + b"<b/>" * 1_000_000 + b"</a>")[0] == "xml-too-large"
    assert refused(b"<a " + b"b='' " * 1_000_000 + b"/>")[0] == "xml-too-large"
    assert refused(b"<a>" + b" " * MOST_BYTES + b"</a>")[0] == "xml-too-large"


def test_nothing_is_nothing() -> None:
    assert [refused(data)[0] for data in (b"", b" \r\n", b"\0\0")] == ["file-empty"] * 3


def test_comments_without_end_take_no_time() -> None:
    assert refused(b"<!--" * 100_000)[0] == "xml-broken"
    assert refused(b"<!---->" * 100_000)[0] == "xml-broken"
    assert refused(b"<?a?>" * 100_000 + b"<!DOCTYPE a>")[0] == "xml-doctype"
