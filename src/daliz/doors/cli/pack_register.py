"""The risk register as a page of Markdown, with the profiles that guard each area; no indicators."""

from collections.abc import Iterable, Mapping
from typing import Final

from daliz.doors.cli.pack_listing import table, text
from daliz.engine.pack import GoodsOfArea, Grade, GroupKind, Pack, RiskArea
from daliz.engine.pack.policy import Band
from daliz.language import N_, Text, translate

_GROUPS: Final[Mapping[GroupKind, str]] = {
    GroupKind.GOODS: N_("goods"),
    GroupKind.OPERATIONS: N_("operations"),
    GroupKind.TRADERS: N_("traders"),
}
_AREA: Final = (
    N_("area"),
    N_("threat"),
    N_("likelihood"),
    N_("consequence"),
    N_("profiles"),
)


def register_listing(pack: Pack, lang: str = "en") -> str:
    """Return threats, higher-risk classes, groups and areas with their coverage, in ``lang``."""
    register = pack.register
    register_of = translate(N_("Risk register"), lang)
    title = f"# {register_of} {pack.code}: {pack.name.in_(lang)}"
    if not register.areas:
        none = translate(N_("This pack keeps no risk register."), lang)
        return f"{title}\n\n{none}\n"
    coverage = register.coverage(pack.profiles)
    guarded = {code: ", ".join(profile.id for profile in found) for code, found in coverage.items()}
    parts = [
        title,
        pack.notice.in_(lang),
        _head(N_("Areas and the profiles that guard them"), lang),
        table(
            _AREA,
            [
                [
                    text(area.name, lang),
                    text(register.threats[area.threat].name, lang),
                    _band(pack.policy.levels.likelihood, area.likelihood.band, lang),
                    _band(pack.policy.levels.consequence, area.consequence.band, lang),
                    guarded[area.code] or translate(N_("none"), lang),
                ]
                for area in register.areas.values()
            ],
            lang,
        ),
        _head(N_("Threats"), lang),
        table(
            (N_("code"), N_("threat"), N_("source")),
            [[t.code, text(t.name, lang), text(t.source, lang)] for t in register.threats.values()],
            lang,
        ),
        _head(N_("Higher-risk areas"), lang),
        table(
            (N_("class"), N_("consequence, at least"), N_("areas")),
            [
                [
                    text(found.name, lang),
                    _band(pack.policy.levels.consequence, found.consequence, lang),
                    _names((a.name for a in register.areas.values() if a.higher == found.code), lang),
                ]
                for found in register.higher_risk.values()
            ],
            lang,
        ),
        _head(N_("Risk groups"), lang),
        table(
            (N_("group"), N_("consists of"), N_("why")),
            [
                [text(g.name, lang), translate(_GROUPS[g.kind], lang), text(g.why, lang)]
                for g in register.groups.values()
            ],
            lang,
        ),
        *(_area(pack, area, guarded[area.code], lang) for area in register.areas.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _area(pack: Pack, area: RiskArea, guarded: str, lang: str) -> str:
    """Return one area in full."""
    register, levels = pack.register, pack.policy.levels
    higher = register.higher_risk[area.higher].name if area.higher else None
    lines: list[tuple[str, str]] = [
        (N_("threat"), text(register.threats[area.threat].name, lang)),
        (N_("higher risk"), text(higher, lang) if higher else ""),
        (N_("risk goods"), _goods(area.risk_goods, lang)),
        (N_("cover goods"), _goods(area.cover_goods, lang) if area.cover_goods else ""),
        (N_("countries"), ", ".join(area.countries)),
        (N_("routes"), text(area.routes, lang) if area.routes else ""),
        (N_("monitored subjects"), _names((register.subjects[code] for code in area.subjects), lang)),
        (N_("monitored objects"), _names((register.objects[code] for code in area.objects), lang)),
        (N_("risk groups"), _names((register.groups[code].name for code in area.groups), lang)),
        (N_("likelihood"), _grade(levels.likelihood, area.likelihood, lang)),
        (N_("consequence"), _grade(levels.consequence, area.consequence, lang)),
        (N_("profiles"), guarded or translate(N_("none"), lang)),
        (N_("owner"), area.owner),
        (N_("review by"), area.review_by.isoformat()),
        (N_("source"), text(area.source, lang)),
    ]
    said = [f"- {translate(label, lang)}: {value}" for label, value in lines if value]
    return "\n".join([f"### {area.code}: {text(area.name, lang)}\n", *said])


def _head(message: str, lang: str) -> str:
    return f"## {translate(message, lang)}"


def _goods(goods: GoodsOfArea, lang: str) -> str:
    codes = f" ({', '.join(goods.codes)})" if goods.codes else ""
    return f"{text(goods.name, lang)}{codes}"


def _grade(bands: Iterable[Band], grade: Grade, lang: str) -> str:
    return f"{_band(bands, grade.band, lang)} – {text(grade.note, lang)}"


def _band(bands: Iterable[Band], code: str, lang: str) -> str:
    return text(next(band.name for band in bands if band.code == code), lang)


def _names(names: Iterable[Text], lang: str) -> str:
    return "; ".join(text(name, lang) for name in names)
