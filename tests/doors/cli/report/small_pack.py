"""A country pack small enough to know by heart: four corridors, two offices, four profiles."""

from dataclasses import replace
from datetime import date

from daliz.engine.features import VOCABULARY
from daliz.engine.indicators import Expression, parse_indicator
from daliz.engine.pack import (
    Area,
    Band,
    CapacityRule,
    Corridor,
    Direction,
    ExceptionList,
    Level,
    Levels,
    ListKind,
    Measure,
    Office,
    Pack,
    Point,
    Policy,
    PriorRate,
    Procedure,
    Profile,
    ProfileKind,
    ProfileStatus,
    RandomPolicy,
    Scope,
    Stratum,
    Stream,
    UnknownRule,
)
from daliz.language import Text


def said(en: str, ru: str | None = None, kk: str | None = None) -> Text:
    """A label; its Russian and Kazakh are the English unless they matter."""
    return Text(en, ru or en, kk or en)


def rule(text: str) -> Expression:
    """An indicator over the built-in vocabulary."""
    return parse_indicator(text, VOCABULARY, currency="KZT")


def a_profile(id_: str, indicator: str, *, measures: tuple[str, ...], area: Text, hint: str) -> Profile:
    """A waivable expert profile of the whole country."""
    return Profile(
        id=id_,
        version=1,
        kind=ProfileKind.EXPERT,
        status=ProfileStatus.ACTIVE,
        direction="undervaluation",
        stream=Stream.IMPORT,
        points=(Point.REGISTRATION,),
        scope=Scope.REPUBLICAN,
        offices=(),
        area=Area(area, said("secret risk"), said("secret goods"), None, (), None),
        applies=rule("declaration.direction = 'import'"),
        indicator=rule(indicator),
        exclusions=None,
        threshold=None,
        stratum=None,
        capacity=CapacityRule.WAIVABLE,
        share=1.0,
        measures=measures,
        hint=said(hint),
        look_at=said(f"Look: {hint.lower()}"),
        valid_from=date(2025, 1, 1),
        valid_until=date(2027, 1, 1),
        review_by=date(2026, 12, 1),
        owner="analysts",
        source=said("Code"),
        cases=(),
    )


def a_pack() -> Pack:
    """Four corridors, two offices, four profiles."""
    goods = said("goods at a fraction of their price", "товары за часть цены", "құнының бөлігіндегі тауарлар")
    cheap = a_profile(
        "CHEAP",
        "item.unit_value < 0.3 * reference.unit_value_p10",
        measures=("documents", "sample"),
        area=goods,
        hint="Value of the goods",
    )
    ban = replace(
        a_profile(
            "BAN",
            "hs(item.hs_code, '1209')",
            measures=("open",),
            area=said("Banned plants"),
            hint="Plants and seeds",
        ),
        capacity=CapacityRule.MANDATORY,
        direction="bans",
    )
    later = a_profile(
        "LATER",
        "declaration.item_count > 3",
        measures=("audit",),
        area=said("Books"),
        hint="Books of the firm",
    )
    drawn = replace(
        a_profile(
            "RANDOM-IMPORT",
            "declaration.direction = 'import'",
            measures=("open",),
            area=said("All imports"),
            hint="The consignment as declared",
        ),
        kind=ProfileKind.RANDOM,
        stratum="import",
    )
    prior = PriorRate(hit_rate=0.1, weight=20, loss_share=0.2, harm=0)
    levels = {code: Level(code, said(code), rank) for rank, code in enumerate(("low", "medium", "high"))}
    return Pack(
        code="kz",
        name=said("Kazakhstan", "Казахстан", "Қазақстан"),
        version="2026.1",
        notice=said("Synthetic pack.", "Синтетический пакет.", "Жасанды пакет."),
        zone="Asia/Almaty",
        currency="KZT",
        languages=("en", "ru", "kk"),
        regions={"east": said("East", "Восток", "Шығыс")},
        offices={
            "50601": Office("50601", said("Khorgos", "Хоргос", "Қорғас"), "east", "east", "road", "CN"),
            "50602": Office("50602", said("Almaty", "Алматы", "Алматы"), "east", "east", "inland", None),
        },
        holidays=frozenset(),
        holiday_names=(),
        procedures={"IM40": Procedure("IM40", said("Release"), "import")},
        directions={
            "undervaluation": Direction(
                "undervaluation", said("undervaluation"), ("undervaluation",), False, True
            ),
            "bans": Direction("bans", said("bans"), ("prohibited",), True, False),
        },
        corridors=(
            Corridor(
                "green",
                said("green corridor", "зелёный коридор", "жасыл дәліз"),
                0,
                True,
                0.77,
                "#2e7d32",
                "✓",
            ),
            Corridor(
                "blue", said("blue corridor", "синий коридор", "көк дәліз"), 1, True, 0.03, "#1565c0", "↺"
            ),
            Corridor(
                "yellow",
                said("yellow corridor", "жёлтый коридор", "сары дәліз"),
                2,
                False,
                0.16,
                "#f9a825",
                "▤",
            ),
            Corridor(
                "red", said("red corridor", "красный коридор", "қызыл дәліз"), 3, False, 0.04, "#c62828", "■"
            ),
        ),
        measures={
            "documents": Measure(
                "documents",
                said("Check documents"),
                "documents",
                False,
                None,
                30,
                2,
                "yellow",
                True,
                said("Compare the invoice."),
            ),
            "open": Measure(
                "open",
                said("Open the goods"),
                "physical",
                False,
                "full",
                120,
                8,
                "red",
                False,
                said("Open every package."),
            ),
            "audit": Measure(
                "audit",
                said("Audit later"),
                "post_release",
                False,
                None,
                240,
                1,
                "blue",
                True,
                said("Ask for the books."),
            ),
            "sample": Measure(
                "sample",
                said("Take a sample"),
                None,
                True,
                None,
                20,
                1,
                "yellow",
                False,
                said("Seal two samples."),
            ),
        },
        disclosure=(),
        lists={},
        code_lists={},
        vocabulary=VOCABULARY,
        contracts=(),
        policy=Policy(
            default_capacity={"documents": 0.16, "physical": 0.04, "post_release": 0.02},
            random=RandomPolicy(
                "physical",
                "open",
                (
                    Stratum("import", said("Imports"), rule("declaration.direction = 'import'"), 0.25, 0.25),
                    Stratum("other", said("All else"), rule("declaration.direction <> 'import'"), 0.0, 0.0),
                ),
            ),
            levels=Levels(
                (Band("rare", said("rare"), 0.0), Band("likely", said("likely"), 0.2)),
                (Band("small", said("small"), 0.0), Band("large", said("large"), 900_000.0)),
                (("low", "medium"), ("medium", "high")),
                levels,
            ),
            prior={"undervaluation": prior, "bans": prior},
            base_rate=prior,
            reserved_floor=0.1,
            unknown_in_mandatory=UnknownRule.DOES_NOT_FIRE,
            money_per_harm=1000.0,
        ),
        laws={},
        profiles=(ban, cheap, later, drawn),
        exception_lists={
            "SHADOWED": ExceptionList(
                code="SHADOWED",
                kind=ListKind.WATCH,
                name=said("suppliers that we keep an eye on"),
                by="declaration.counterparty_id",
                members=(),
                level="high",
                spares=frozenset(),
                log_odds=0.7,
                source=said("law"),
            ),
        },
        fingerprint="f" * 64,
    )
