"""Who asks for control and why: profiles that fire, less those whom lists spare, and the random draw.

The batch and live assessment make their candidates here, so that both control the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daliz.engine.allocation.candidates import Candidate
from daliz.engine.allocation.draw import DrawKey
from daliz.engine.allocation.requests import deferred
from daliz.engine.pack import Pack, Profile, Stratum
from daliz.engine.scoring.exceptions import OnLists
from daliz.engine.scoring.judging import chance_of, with_waiting
from daliz.engine.scoring.mixing import Expected

Spared = list[tuple[Profile, str]]
"""Profiles that would have fired, each with the list that spared the declaration."""


@dataclass(frozen=True, slots=True, eq=False)
class Claimants:
    """What is known of declarations before officers' time is given, one row a declaration.

    Attributes:
        number: of each.
        office: where documents are checked.
        goods_office: where the goods lie.
        experts: the expert profiles.
        fired: which of them fired, shape (declarations, experts).
        models: the model profiles.
        reached: those whose indicator holds for a declaration that models scored, whatever its score, shape
            (declarations, models).
        expected: by form of control, watch lists counted.
        gain: of control in each form of the pack, money, by form.
        listed: the exception lists on which each stands.
        stratum: of the random share, None outside all.
        drawing: the random profile in force for each, None where none is.
    """

    number: Sequence[str]
    office: Sequence[str | None]
    goods_office: Sequence[str | None]
    experts: tuple[Profile, ...]
    fired: NDArray[np.bool_]
    models: tuple[Profile, ...]
    reached: NDArray[np.bool_]
    expected: Expected
    gain: Sequence[dict[str, float]]
    listed: OnLists
    stratum: Sequence[Stratum | None]
    drawing: Sequence[Profile | None]


def claim(claimants: Claimants, *, pack: Pack, key: DrawKey) -> tuple[list[Candidate], list[Spared]]:
    """Return the candidates for officers' time, and what lists spared each of them.

    A profile that fires on a share is thinned by the draw; a model profile fires from its threshold on. A
    mandatory profile and the random share spare nobody. Where every profile that asks for documents lets them
    wait, control after release is worth at least what it stands for.
    """
    candidates: list[Candidate] = []
    spared: list[Spared] = []
    for row, number in enumerate(claimants.number):
        could = [claimants.experts[k] for k in np.flatnonzero(claimants.fired[row])]
        could += [
            model
            for model in (claimants.models[k] for k in np.flatnonzero(claimants.reached[row]))
            if chance_of(claimants.expected, row, model, pack) >= (model.threshold or 0.0)
        ]
        by_share = {p.id for p in could if p.share >= 1 or key.draw(f"share/{p.id}", number) < p.share}
        sparing = [(p, claimants.listed.sparing(row, p)) for p in could]
        spared.append([(p, code) for p, code in sparing if code is not None and p.id in by_share])
        could = [p for p, code in sparing if code is None]
        fired = [(p, False) for p in could if p.id in by_share]
        gain = with_waiting(claimants.gain[row], deferred=deferred(pack, fired))
        stratum, profile = claimants.stratum[row], claimants.drawing[row]
        drawn, share = key.draw("random", number), stratum.share if stratum and profile else 0.0
        if profile and drawn < share:
            fired.append((profile, True))
        candidates.append(
            Candidate(
                number=number,
                office=claimants.office[row],
                goods_office=claimants.goods_office[row],
                gain=gain,
                draw=drawn,
                share=share,
                fired=tuple(fired),
                could_fire=tuple(could),
            )
        )
    return candidates, spared
