"""What candidates would be otherwise, before and after."""

from dataclasses import replace

import pytest

from daliz.engine.indicators.printer import print_text
from daliz.engine.pack import Pack, load_pack
from daliz.engine.pack.expressions import Expressions
from daliz.engine.superposition import Sort, SuperpositionError
from daliz.engine.superposition.alternatives import without_exclusions, without_lists
from daliz.engine.superposition.candidates import Candidate, of_profiles


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def a_candidate(pack: Pack, *, of: str, asks: str | None = None, exempts: str | None = None) -> Candidate:
    """A profile of the pack with another indicator, or with other exclusions."""
    read = Expressions(
        pack.vocabulary, {code: named.kind for code, named in pack.lists.items()}, pack.currency
    )
    profile = max((one for one in pack.profiles if one.id == of), key=lambda one: one.version)
    if asks is not None:
        profile = replace(profile, indicator=read.parse(asks))
    if exempts is not None:
        profile = replace(profile, exclusions=read.parse(exempts))
    return of_profiles([profile], pack, present=())[0]


@pytest.mark.parametrize(
    ("asks", "emptied"),
    [
        ("in_list(item.hs_heading, 'waste_headings')", "FALSE"),
        (
            "any(in_list(item.hs_heading, 'waste_headings') OR item.value_share > 0.5)",
            "any(FALSE OR item.value_share > 0.5)",
        ),
        (
            "NOT in_list(item.hs_heading, 'waste_headings') AND trader.first_code",
            "NOT FALSE AND trader.first_code",
        ),
    ],
)
def test_a_list_is_emptied_wherever_the_indicator_asks_it(pack: Pack, asks: str, emptied: str) -> None:
    candidate = a_candidate(pack, of="KZ-UV-01", asks=asks)
    (other,) = without_lists([candidate], ["waste_headings", "fruit_headings"], pack)
    assert print_text(other.profile.indicator.root) == emptied
    assert (other.key, other.group, other.sort) == (
        "KZ-UV-01@2-waste_headings",
        "KZ-UV-01",
        Sort.WITHOUT_LIST,
    )


def test_an_exception_list_stands_in_exclusions(pack: Pack) -> None:
    candidate = a_candidate(
        pack, of="KZ-UV-01", exempts="in_list(item.hs_heading, 'waste_headings') OR trader.first_code"
    )
    (other,) = without_lists([candidate], ["waste_headings"], pack)
    assert other.profile.exclusions is not None
    assert print_text(other.profile.exclusions.root) == "FALSE OR trader.first_code"
    assert other.profile.indicator == candidate.profile.indicator


def test_without_its_exclusions_a_profile_lets_nobody_pass(pack: Pack) -> None:
    (other,) = without_exclusions([a_candidate(pack, of="KZ-UV-01")], pack)
    assert other.profile.exclusions is None
    assert other.key == "KZ-UV-01@2-exclusions"


def test_a_list_that_the_pack_lacks_is_refused(pack: Pack) -> None:
    with pytest.raises(SuperpositionError, match="has no list nowhere"):
        without_lists([], ["nowhere"], pack)
