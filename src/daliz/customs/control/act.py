"""The act of a control, to be printed: what was ordered and done, what was declared and what was found."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from fpdf import FPDF

from daliz.customs.control.models import Control, Finding
from daliz.customs.control.photographs import Photograph, photographs_of
from daliz.customs.control.queries import standing_findings
from daliz.customs.control.states import ControlError, ControlState, Outcome
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.engine.records.declaration import Value
from daliz.ground.files.pictures import small
from daliz.language import N_, Text, translate
from daliz.language.numbers import format_datetime, format_money

_FONTS: Final = Path(__file__).parent / "fonts"
_POINTS: Final = 900
_HIGH: Final = 80.0

_COLUMNS: Final[Mapping[str, Text]] = {
    "customs_value": Text("customs value", "таможенная стоимость", "кедендік құн"),
    "hs_code": Text("HS code", "код ТН ВЭД", "СЭҚ ТН коды"),
    "origin_country": Text("country of origin", "страна происхождения", "шығарылған елі"),
    "net_mass_kg": Text("net mass, kg", "масса нетто, кг", "таза салмағы, кг"),
    "gross_mass_kg": Text("gross mass, kg", "масса брутто, кг", "жалпы салмағы, кг"),
    "quantity": Text("quantity", "количество", "саны"),
    "duty_rate": Text("rate of duty", "ставка пошлины", "баж мөлшерлемесі"),
    "description": Text("description", "описание", "сипаттамасы"),
    "preference": Text("preference", "преференция", "преференция"),
}
_EXTENTS: Final[Mapping[str, Text]] = {
    "visual": Text("visual", "осмотр без вскрытия", "ашпай қарап-тексеру"),
    "selective": Text("selective", "выборочный", "іріктеп"),
    "partial": Text("partial", "частичный", "ішінара"),
    "full": Text("full", "полный", "толық"),
}
_FORMS: Final[Mapping[str, Text]] = {
    "documents": Text("document check", "документальный контроль", "құжаттамалық тексеру"),
    "physical": Text("examination", "таможенный досмотр", "кедендік жете тексеру"),
    "post_release": Text("check after release", "проверка после выпуска", "шығарғаннан кейінгі тексеру"),
}


def act_pdf(control: Control, *, pack: Pack, lang: str, photographs: bool) -> bytes:
    """Return the act of a control that is over, as PDF; the same control gives the same bytes.

    It says nothing of how the goods came to be controlled.

    Args:
        control: concluded; with declaration, decision and officers at hand.
        pack: names of offices and violations, currency, time zone.
        lang: ``en``, ``ru`` or ``kk``.
        photographs: with an annex of them, small; for those who may see them.

    Raises:
        ControlError: it is not over.
    """
    if control.state != ControlState.CONCLUDED.value or control.concluded_at is None:
        raise ControlError(N_("there is no act of a control that is not over"), code="act-not-over")
    page = FPDF(format="A4")
    page.set_creation_date(control.concluded_at)
    page.set_producer("Daliz")
    page.set_lang(lang)
    page.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    page.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    page.set_margin(18)
    page.add_page()
    title = translate(N_("Act of customs control No {number}"), lang, number=control.pk)
    page.set_title(title)
    page.set_font("DejaVu", "B", 14)
    page.multi_cell(0, 8, title, new_x="LMARGIN", new_y="NEXT", align="C")
    page.ln(3)
    for label, value in _head(control, pack, lang):
        page.set_font("DejaVu", "B", 9)
        page.cell(62, 6, label)
        page.set_font("DejaVu", "", 9)
        page.multi_cell(0, 6, value, new_x="LMARGIN", new_y="NEXT")
    _findings(page, control, pack, lang)
    page.ln(14)
    for said in (N_("Officer"), N_("Second officer"), N_("Declarant")):
        page.cell(62, 9, translate(said, lang))
        page.cell(0, 9, "_" * 40, new_x="LMARGIN", new_y="NEXT")
    if photographs:
        _annex(page, photographs_of(control), lang)
    return bytes(page.output())


def _head(control: Control, pack: Pack, lang: str) -> list[tuple[str, str]]:
    office = pack.offices.get(control.office)
    end = control.concluded_at
    told = [
        (N_("Declaration"), str(control.declaration.number or "")),
        (N_("Office"), f"{control.office} {office.name.in_(lang)}" if office is not None else control.office),
        (N_("Form of control"), _name(_FORMS, control.form, lang)),
        (N_("Concluded"), format_datetime(end, lang, zone=pack.zone) if end is not None else ""),
        (N_("Carried out by"), control.officer.name if control.officer is not None else ""),
        (N_("Agreed to by"), control.concluded_by.name if control.concluded_by is not None else ""),
        (N_("Outcome"), Outcome(control.outcome).told(before_release=control.before_release).in_(lang)),
    ]
    if control.depth.get("ordered"):
        told.append((N_("Depth ordered"), _name(_EXTENTS, str(control.depth["ordered"]), lang)))
        told.append((N_("Depth done"), _name(_EXTENTS, str(control.depth["done"]), lang)))
    return [(translate(label, lang), value) for label, value in told]


def _findings(page: FPDF, control: Control, pack: Pack, lang: str) -> None:
    """Write what was found of each item, and what is owed for all."""
    items = {item["item_no"]: item for item in declaration_of(control.decision.version).items}
    names = pack.code_lists["violation_types"].members if "violation_types" in pack.code_lists else {}
    total = Decimal("0.00")
    for finding in standing_findings(control):
        page.ln(4)
        page.set_font("DejaVu", "B", 10)
        whole = translate(N_("The consignment"), lang)
        of = whole if finding.item_no is None else translate(N_("Goods item {n}"), lang, n=finding.item_no)
        what = names[finding.violation_type].in_(lang) if finding.violation_type in names else ""
        said = what if finding.violation else translate(N_("no violation found"), lang)
        page.multi_cell(0, 6, f"{of}: {said}", new_x="LMARGIN", new_y="NEXT")
        page.set_font("DejaVu", "", 9)
        for line in _compared(finding, items.get(finding.item_no, {}), lang):
            page.multi_cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
        if finding.assessed is not None:
            total += finding.assessed
    page.ln(4)
    page.set_font("DejaVu", "B", 10)
    owed = format_money(total, pack.currency, lang)
    told = translate(N_("Payments to be made besides: {amount}"), lang, amount=owed)
    page.multi_cell(0, 6, told, new_x="LMARGIN", new_y="NEXT")


def _annex(page: FPDF, photographs: list[Photograph], lang: str) -> None:
    """Show photographs, small, each with its name and the digest by which its file is known."""
    if not photographs:
        return
    page.add_page()
    page.set_font("DejaVu", "B", 12)
    heading = translate(N_("Annex: photographs"), lang)
    page.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
    for number, one in enumerate(photographs, start=1):
        picture = small(one.upload, side=_POINTS)
        if picture is not None and page.will_page_break(_HIGH + 14):
            page.add_page()
        whole = translate(N_("The consignment"), lang)
        of = whole if one.item_no is None else translate(N_("Goods item {n}"), lang, n=one.item_no)
        page.ln(3)
        page.set_font("DejaVu", "B", 9)
        page.multi_cell(0, 5, f"{number}. {of}: {one.upload.name}", new_x="LMARGIN", new_y="NEXT")
        page.set_font("DejaVu", "", 7)
        page.multi_cell(0, 4, f"SHA-256 {one.upload.file_id}", new_x="LMARGIN", new_y="NEXT")
        if picture is not None:
            page.image(picture, w=page.epw, h=_HIGH, keep_aspect_ratio=True)


def _compared(finding: Finding, item: Mapping[str, Value], lang: str) -> list[str]:
    lines = [
        translate(
            N_("{what}: declared {declared}, found {found}"), lang,
            what=_name(_COLUMNS, name, lang), declared=_plain(item.get(name)), found=_plain(found),
        )
        for name, found in sorted(finding.found.items())
    ]  # fmt: skip
    return [*lines, *([finding.remark] if finding.remark else [])]


def _plain(value: object) -> str:
    return "–" if value is None else str(value)


def _name(of: Mapping[str, Text], code: str, lang: str) -> str:
    return of[code].in_(lang) if code in of else code or "–"
