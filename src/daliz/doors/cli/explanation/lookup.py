"""Finds one decision with its declaration and its measures in the output folder of an assessment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, cast

from daliz.doors.cli.declared import visible
from daliz.doors.cli.report import Tables
from daliz.language import N_, DalizError

_VERSIONS: Final = "SELECT version FROM decisions WHERE declaration_id = $id ORDER BY version"
_NEAREST: Final = """
SELECT DISTINCT declaration_id, damerau_levenshtein(declaration_id, $id) AS distance FROM decisions
WHERE distance <= greatest(2, length($id) // 3) ORDER BY distance, declaration_id LIMIT 3
"""
_DECISION: Final = "SELECT * FROM decisions WHERE declaration_id = $id AND version = $version"
_ITEMS: Final = (
    "SELECT * FROM declarations WHERE declaration_id = $id AND version = $version ORDER BY item_no"
)
_ORDERS: Final = """
SELECT * FROM measures WHERE declaration_id = $id AND version = $version
ORDER BY status, profile_id, item_no NULLS FIRST, measure
"""
_LANES: Final = "SELECT pool, price, available FROM load WHERE price_id = $price_id AND control_form = $form"


class DeclarationNotFoundError(DalizError):
    """The folder holds no decision on this declaration, or not on this version."""

    code: ClassVar[str] = "declaration-not-found"


@dataclass(frozen=True, slots=True)
class Item:
    """A goods item as declared."""

    item_no: int
    hs_code: str | None
    description: str | None
    origin_country: str | None
    net_mass_kg: float | None
    quantity: float | None
    quantity_unit: str | None
    customs_value: Decimal | None


@dataclass(frozen=True, slots=True)
class OnList:
    """An exception list on which the declaration stands: a part of ``exceptions``."""

    list: str
    kind: str
    log_odds: float
    level: str | None
    spares: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A measure that a profile ordered, or would have: a row of ``measures``.

    ``price`` is the expected gain that a control had to beat, money; None if ordered.
    """

    item_no: int | None
    profile_id: str
    profile_version: int
    capacity: str
    measure: str
    form: str | None
    extent: str | None
    ordered: bool
    waiver: str | None
    reasons: str
    price: float | None
    deferred: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: a row of ``decisions`` with its items and orders."""

    declaration_id: str
    version: int
    versions: tuple[int, ...]
    day: date
    direction: str
    procedure: str | None
    office: str | None
    corridor: str
    probability: float
    by_profiles: float
    by_models: dict[str, float]
    belief: float
    expected_damage: Decimal | None
    level: str
    lists: tuple[OnList, ...]
    probability_unlisted: float | None
    level_unlisted: str | None
    propensity: dict[str, float]
    in_random: bool
    stratum: str | None
    contributions: dict[str, float]
    unknown_profiles: tuple[str, ...]
    codes_beyond: tuple[tuple[str, str], ...]
    currency: str | None
    policy_id: str
    snapshot_id: str
    price_id: str
    key_id: str
    items: tuple[Item, ...]
    orders: tuple[Order, ...]


def look_up(tables: Tables, number: str, version: int | None = None) -> Decision:
    """Return the decision on a declaration, its last version unless told.

    Raises:
        DeclarationNotFoundError: it was not assessed; names the nearest numbers, or the versions there are.
    """
    versions = tuple(cast("int", row[0]) for row in tables.rows(_VERSIONS, {"id": number}))
    if not versions:
        near = [visible(cast("str", row[0])) for row in tables.rows(_NEAREST, {"id": number})]
        if near:
            raise DeclarationNotFoundError(
                N_("declaration {number} was not assessed here; the nearest are {near}"),
                number=visible(number), near=", ".join(near),
            )  # fmt: skip
        raise DeclarationNotFoundError(
            N_("declaration {number} was not assessed here and nothing is like it"), number=visible(number)
        )
    if version is not None and version not in versions:
        raise DeclarationNotFoundError(
            N_("declaration {number} has no version {version} here; there are {versions}"),
            code="version-not-found", number=visible(number), version=version,
            versions=", ".join(map(str, versions)),
        )  # fmt: skip
    chosen = versions[-1] if version is None else version
    return _decision(tables, number, chosen, versions)


def _decision(tables: Tables, number: str, version: int, versions: tuple[int, ...]) -> Decision:
    key = {"id": number, "version": version}
    row = tables.records(_DECISION, key)[0]
    items = tables.records(_ITEMS, key)
    office = cast("str | None", row["office"])
    head = items[0] if items else {}
    goods_office = cast("str | None", head.get("goods_location")) or office
    added = cast("list[dict[str, object]]", row["contributions"])
    return Decision(
        declaration_id=number,
        version=version,
        versions=versions,
        day=cast("date", row["day"]),
        direction=cast("str", row["direction"]),
        procedure=cast("str | None", head.get("procedure")),
        office=office,
        corridor=cast("str", row["corridor"]),
        probability=cast("float", row["probability"]),
        by_profiles=cast("float", row["probability_profiles"] or row["probability"]),
        by_models={
            form: cast("float", row[f"model_{form}"])
            for form in ("documents", "physical", "post_release")
            if row[f"model_{form}"] is not None
        },
        belief=cast("float", row["model_belief"] or 0.0),
        expected_damage=cast("Decimal | None", row["expected_damage"]),
        level=cast("str", row["level"]),
        lists=tuple(
            OnList(**one)  # type: ignore[arg-type]  # the columns are the fields, as the schema says
            for one in cast("list[dict[str, object]]", row["exceptions"] or [])
        ),
        probability_unlisted=cast("float | None", row["probability_unlisted"]),
        level_unlisted=cast("str | None", row["level_unlisted"]),
        propensity={
            form: cast("float", row[f"propensity_{form}"])
            for form in ("documents", "physical", "post_release")
        },
        in_random=cast("bool", row["in_random"]),
        stratum=cast("str | None", row["stratum"]),
        contributions={cast("str", one["profile_id"]): cast("float", one["log_odds"]) for one in added},
        unknown_profiles=tuple(cast("list[str]", row["unknown_profiles"])),
        codes_beyond=tuple(
            (one["fact"], one["code"]) for one in cast("list[dict[str, str]]", row["codes_beyond"])
        ),
        currency=cast("str | None", head.get("currency")),
        policy_id=cast("str", row["policy_id"]),
        snapshot_id=cast("str", row["snapshot_id"]),
        price_id=cast("str", row["price_id"]),
        key_id=cast("str", row["key_id"]),
        items=tuple(_item(item) for item in items),
        orders=tuple(
            _order(tables, order, goods_office if order["control_form"] == "physical" else office)
            for order in tables.records(_ORDERS, key)
        ),
    )


def _item(row: dict[str, object]) -> Item:
    return Item(
        item_no=cast("int", row["item_no"]),
        hs_code=cast("str | None", row["hs_code"]),
        description=cast("str | None", row["description"]),
        origin_country=cast("str | None", row["origin_country"]),
        net_mass_kg=cast("float | None", row["net_mass_kg"]),
        quantity=cast("float | None", row["quantity"]),
        quantity_unit=cast("str | None", row["quantity_unit"]),
        customs_value=cast("Decimal | None", row["customs_value"]),
    )


def _order(tables: Tables, row: dict[str, object], office: str | None) -> Order:
    waiver, form = cast("str | None", row["waiver"]), cast("str | None", row["control_form"])
    return Order(
        item_no=cast("int | None", row["item_no"]),
        profile_id=cast("str", row["profile_id"]),
        profile_version=cast("int", row["profile_version"]),
        capacity=cast("str", row["capacity"]),
        measure=cast("str", row["measure"]),
        form=form,
        extent=cast("str | None", row["extent"]),
        ordered=row["status"] == "ordered",
        waiver=waiver,
        reasons=cast("str", row["reasons"]),
        deferred=bool(row["deferred"]),
        price=_price(tables, waiver, form, office) if waiver and form else None,
    )


def _price(tables: Tables, price_id: str, form: str, office: str | None) -> float | None:
    """Return the price in the pool whose officers would have done it: the nearest one stated."""
    known = tables.pack.offices.get(office) if office else None
    lanes = {row[0]: row[1] for row in tables.rows(_LANES, {"price_id": price_id, "form": form})}
    nearest = next((p for p in (office, known.pool if known else None, "*") if p in lanes), None)
    return None if nearest is None else cast("float", lanes[nearest])
