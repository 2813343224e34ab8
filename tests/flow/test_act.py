"""The act of a control: what it says in each language, and that it prints the same every time."""

import re

import pytest

from daliz.customs import flow
from daliz.customs.control.act import act_pdf
from daliz.customs.control.models import Control
from daliz.customs.control.states import ControlError, Outcome
from daliz.engine.pack import Pack
from daliz.ground.staff.actor import Role
from tests.customs.cast import TRADER
from tests.flow.cast import LATER, an_officer, began, finds, the_control, yellow
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_an_act_is_a_pdf_of_the_same_bytes_every_time_in_every_language(pack: Pack) -> None:
    officer = an_officer("aigul")
    broker = acting("broker", Role.DECLARANT, organisation=TRADER)
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    with pytest.raises(ControlError, match="not over"):
        act_pdf(control, pack=pack, lang="ru", photographs=True)
    began(control, officer)
    finds(control, officer, violation="undervaluation", extent="", customs_value="25000000")
    flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    over = Control.objects.get()
    made = {lang: act_pdf(over, pack=pack, lang=lang, photographs=True) for lang in ("en", "ru", "kk")}
    assert len(set(made.values())) == 3
    for lang, pdf in made.items():
        assert pdf.startswith(b"%PDF-1.")
        assert pdf == act_pdf(over, pack=pack, lang=lang, photographs=True)
        assert letters(pdf) >= {"en": set("Act"), "ru": set("Акты"), "kk": set("қәіү")}[lang]


def letters(pdf: bytes) -> set[str]:
    """The characters that the fonts of a document map to: its text can be found and copied."""
    maps = b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", pdf, re.DOTALL))
    codes = re.findall(rb"> <([0-9A-F]{4})>", maps)
    return {bytes.fromhex(code.decode()).decode("utf-16-be") for code in codes}
