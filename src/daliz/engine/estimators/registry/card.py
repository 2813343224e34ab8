"""The model card as a page, in the three languages."""

from collections.abc import Iterator

from daliz.engine.estimators.registry.bundle import Bundle
from daliz.language import N_, translate


def card_page(bundle: Bundle, lang: str) -> str:
    """Return the card of a bundle in Markdown."""
    return "\n".join(_lines(bundle, lang)) + "\n"


def _lines(bundle: Bundle, lang: str) -> Iterator[str]:
    card, training = bundle.card, bundle.training
    yield translate(N_("# Model {name}, version {version}"), lang, name=bundle.name, version=bundle.version)
    yield from (
        "",
        card.what.in_(lang),
        "",
        translate(N_("## On what"), lang),
        "",
        card.on_what.in_(lang),
        "",
    )
    yield translate(
        N_("Trained on {rows} controls, {violations} with a violation; declarations of {first} to {last}."),
        lang, rows=training.rows, violations=training.violations,
        first=training.first_day, last=training.last_day,
    )  # fmt: skip
    yield translate(
        N_("Outcomes known before {day} were used. Seed {seed}, fingerprint {fingerprint}."),
        lang, day=training.known_before, seed=training.seed, fingerprint=training.fingerprint,
    )  # fmt: skip
    yield from ("", translate(N_("## Limits"), lang), "")
    yield from (f"- {limit.in_(lang)}" for limit in card.limits)
    yield from ("", translate(N_("## Models"), lang), "")
    for name, trees in bundle.models.items():
        yield "- " + translate(N_("`{name}`: {n} trees"), lang, name=name, n=trees.n_trees)
    yield from ("", translate(N_("## Figures"), lang), "")
    for name, figure in bundle.metrics.items():
        yield "- " + translate(
            N_("`{name}`: {value}, between {low} and {high}"), lang, name=name,
            value=f"{figure.value:.4g}", low=f"{figure.low:.4g}", high=f"{figure.high:.4g}",
        )  # fmt: skip
    yield from ("", translate(N_("## Checks"), lang), "")
    for check in bundle.checks:
        verdict = translate(N_("passed"), lang) if check.passed else translate(N_("failed"), lang)
        yield f"- `{check.name}` {check.value:.4g} ({check.bound:.4g}): {verdict}. {check.about.text(lang)}"
    yield from ("", translate(N_("## Features"), lang), "")
    for feature in bundle.features:
        yield "- " + translate(
            N_("`{name}`; unknown means: {unknown}"),
            lang,
            name=feature.name,
            unknown=feature.unknown.in_(lang),
        )
