from __future__ import annotations

import pytest

from rag_ask.text.figures import figures
from rag_ask.text.fractions import without_fractions


@pytest.mark.parametrize(
    ("text", "code", "same"),
    [
        ("half an hour", "en", "30 minutes"),
        ("an hour and a half", "en", "90 minutes"),
        ("one and a half years", "en", "18 months"),
        ("anderthalb Stunden", "de", "90 Minuten"),
        ("eine halbe Stunde", "de", "30 Min."),
        ("une heure et demie", "fr", "90 minutes"),
        ("media hora", "es", "30 minutos"),
        ("un anno e mezzo", "it", "18 mesi"),
        ("drie kwartier", "nl", "45 minuten"),
        ("meio-dia", "pt", "12h"),
        ("pół godziny", "pl", "30 minut"),
        ("полчаса", "ru", "30 минут"),
    ],
)
def test_a_fraction_is_the_figure_that_it_means(text: str, code: str, same: str) -> None:
    assert figures(text, code)[0].is_same(figures(same, code)[0])


def test_what_only_looks_like_one() -> None:
    assert without_fractions("in the afternoon, l'après-midi", "fr") == "in the afternoon, l'après-midi"
    assert without_fractions("half an hour", "xx") == "half an hour"
