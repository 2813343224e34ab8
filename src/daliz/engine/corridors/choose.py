"""The corridor is derived: the strictest to which an ordered measure leads."""

from collections.abc import Iterable

from daliz.engine.pack import Pack


def choose_corridor(pack: Pack, measures: Iterable[str]) -> str:
    """Return the corridor of a declaration on which ``measures`` were ordered.

    The strictest wins and erases no other: measures after release stand beside those before it. With no
    measure it is the pack's freest corridor.

    Args:
        pack: for measures and corridors.
        measures: codes of the measures ordered.

    Sources:
        Presentation of the Kazakh risk management system, CAREC 2018: four corridors of ASTANA-1.
    """
    strictness = {corridor.code: corridor.strictness for corridor in pack.corridors}
    return max(
        (pack.measures[code].corridor for code in measures),
        key=lambda code: strictness[code],
        default=min(strictness, key=lambda code: strictness[code]),
    )
