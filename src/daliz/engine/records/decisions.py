"""What an assessment leaves behind: decisions, their measures, and the load on officers."""

from typing import Final

import pyarrow as pa

from daliz.engine.records.schema import AMOUNT, FLAG, INSTANT, MONEY, TEXT, WHOLE, Column, TableSchema

CONTRIBUTION: Final = pa.struct([("profile_id", TEXT), ("log_odds", AMOUNT)])
"""What one fired profile added to the log odds of a violation."""

EXCEPTION: Final = pa.struct(
    [("list", TEXT), ("kind", TEXT), ("log_odds", AMOUNT), ("level", TEXT), ("spares", FLAG)]
)
"""An exception list on which a declaration stands: what it adds, the level it bounds, whether it spares."""

BEYOND: Final = pa.struct([("fact", TEXT), ("code", TEXT)])
"""A code that the pack does not know, and the fact that it stands in."""

DECISIONS: Final = TableSchema(
    "decisions",
    "One row per version of a declaration that was assessed.",
    ("declaration_id", "version"),
    (
        Column("declaration_id", TEXT, "number of the declaration", required=True),
        Column("version", WHOLE, "its version", required=True),
        Column("registered_at", INSTANT, "when this version was registered", required=True),
        Column("day", pa.date32(), "local day of registration", required=True),
        Column("direction", TEXT, "import, export, transit or passenger", required=True),
        Column("office", TEXT, "customs office of the declaration"),
        Column("corridor", TEXT, "corridor of the pack", required=True),
        Column("probability", AMOUNT, "probability of a violation, 0 to 1", required=True),
        Column("probability_profiles", AMOUNT, "the same by the profiles alone; null if not told"),
        Column("model_documents", AMOUNT, "models' chance of a find in the documents; null if none"),
        Column("model_physical", AMOUNT, "models' chance of a find by opening the goods; null if none"),
        Column("model_post_release", AMOUNT, "models' chance of a find after release; null if none"),
        Column("model_belief", AMOUNT, "how far models count against profiles, 0 to 1; null if not told"),
        Column("model", TEXT, "published version that scored it; learned if grown on the way; null if none"),
        Column("expected_damage", MONEY, "probability × damage if there is one; null if no value is known"),
        Column("level", TEXT, "risk level of the pack's matrix, after exception lists", required=True),
        Column("exceptions", pa.list_(EXCEPTION), "exception lists it stands on; null if not told"),
        Column("probability_unlisted", AMOUNT, "probability before exception lists; null if on none"),
        Column("level_unlisted", TEXT, "risk level before exception lists; null if on none"),
        Column(
            "propensity_documents", AMOUNT, "probability that documents were to be checked", required=True
        ),
        Column("propensity_physical", AMOUNT, "probability that goods were to be opened", required=True),
        Column("propensity_post_release", AMOUNT, "probability of control after release", required=True),
        Column("in_random", FLAG, "drawn for the random share and controlled", required=True),
        Column("stratum", TEXT, "stratum of the random share"),
        Column("random_share", AMOUNT, "share of the stratum that was to be drawn; null if not told"),
        Column("contributions", pa.list_(CONTRIBUTION), "what each fired profile added", required=True),
        Column("unknown_profiles", pa.list_(TEXT), "profiles that could not be decided", required=True),
        Column("codes_beyond", pa.list_(BEYOND), "codes that the pack does not know", required=True),
        Column("policy_id", TEXT, "manifest of profiles, pack, model and engine", required=True),
        Column("snapshot_id", TEXT, "state of history as of the night before", required=True),
        Column("price_id", TEXT, "capacity plan and prices of the day", required=True),
        Column("key_id", TEXT, "key of the draw", required=True),
    ),
)

MEASURES: Final = TableSchema(
    "measures",
    "One row per declaration (whole or item), profile and control form or ensuring measure.",
    ("declaration_id", "version", "item_no", "profile_id", "measure"),
    (
        Column("declaration_id", TEXT, "number of the declaration", required=True),
        Column("version", WHOLE, "its version", required=True),
        Column("item_no", WHOLE, "goods item; null for the whole"),
        Column("profile_id", TEXT, "profile that fired", required=True),
        Column("profile_version", WHOLE, "its version", required=True),
        Column("capacity", TEXT, "mandatory, waivable, random or inherited", required=True),
        Column("measure", TEXT, "measure of the pack", required=True),
        Column("control_form", TEXT, "documents, physical, post_release; null for an ensuring measure"),
        Column("extent", TEXT, "full, partial, selective, visual, …"),
        Column("status", TEXT, "ordered, or waived for want of officer time", required=True),
        Column(
            "waiver",
            TEXT,
            "the capacity plan that left no time, or list: and the exception list; null if ordered",
        ),
        Column("deferred", FLAG, "a document check that waits until after release; null if not told"),
        Column("reasons", TEXT, "JSON: the values that made the profile fire", required=True),
    ),
)

LOAD: Final = TableSchema(
    "load",
    "Officers' time given, by pool, form and day.",
    ("day", "pool", "control_form"),
    (
        Column("day", pa.date32(), "local day", required=True),
        Column("pool", TEXT, "office, pool of the pack, or * for all", required=True),
        Column("control_form", TEXT, "form of control", required=True),
        Column("unit", TEXT, "what capacity counts: declarations or minutes", required=True),
        Column("available", AMOUNT, "capacity, in the unit", required=True),
        Column("mandatory", AMOUNT, "given to mandatory profiles", required=True),
        Column("random", AMOUNT, "given to the random share", required=True),
        Column("waivable", AMOUNT, "given by expected gain", required=True),
        Column("controls", WHOLE, "declarations controlled", required=True),
        Column("waived", WHOLE, "declarations that found no time", required=True),
        Column("minutes", AMOUNT, "officer minutes given", required=True),
        Column("price", AMOUNT, "expected gain that one more unit would bring, money", required=True),
        Column(
            "hour_price", AMOUNT, "expected gain that one more officer-hour would bring, money", required=True
        ),
        Column("price_id", TEXT, "name of this day's plan and prices", required=True),
    ),
)

PLAN: Final = TableSchema(
    "plan",
    "Weeks of officers' time planned at once (`daliz plan`), by pool, form and day.",
    ("day", "pool", "control_form"),
    (
        Column("day", pa.date32(), "day that is planned", required=True),
        Column("pool", TEXT, "office, pool of the pack, or * for all", required=True),
        Column("control_form", TEXT, "form of control", required=True),
        Column("unit", TEXT, "what capacity counts: declarations or minutes", required=True),
        Column("available", AMOUNT, "capacity, in the unit", required=True),
        Column("asked", WHOLE, "declarations of the day that ask for it", required=True),
        Column("mandatory", AMOUNT, "given to mandatory profiles", required=True),
        Column("random", AMOUNT, "given to the random share", required=True),
        Column("waivable", AMOUNT, "given by expected gain", required=True),
        Column("idle", AMOUNT, "left over", required=True),
        Column("controls", WHOLE, "declarations controlled on the day", required=True),
        Column("earlier", WHOLE, "of these, registered on an earlier day", required=True),
        Column("waiting", WHOLE, "declarations of the day that are controlled on a later one", required=True),
        Column("waived", WHOLE, "declarations of the day that find no time", required=True),
        Column("costly", WHOLE, "declarations of the day that would not bring what it costs", required=True),
        Column("minutes", AMOUNT, "officer minutes given", required=True),
        Column("price", AMOUNT, "expected gain that one more unit would bring, money", required=True),
        Column(
            "hour_price", AMOUNT, "expected gain that one more officer-hour would bring, money", required=True
        ),
        Column(
            "floor_price",
            AMOUNT,
            "expected gain that one unit less of the reserved floor would bring, money",
            required=True,
        ),
        Column(
            "moved",
            AMOUNT,
            "capacity the day would take if officers could be moved between days",
            required=True,
        ),
    ),
)
