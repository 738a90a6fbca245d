from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ask.text.sentences import sentences


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("", 0),
        ("We open at seven. Call us!", 2),
        ("Dr. Smith opens at 7 a.m. on Mondays, e.g. with J. K. Rowling.", 1),
        ("Closed on Sun. and Mon. Ask Mrs. Lee.", 2),
        ("1. Preheat the oven. 2. Mix.", 2),
        ("Opening: Mon.–Fri. only", 1),
        ("It costs £3.50. See www.example.com.", 2),
        ("今日は開店です。明日は休みです！何時ですか？", 3),
        ("مرحبا بكم. هل تفتحون؟ نعم.", 3),
        ("Wann: Samstag, 5. Dezember 2026, 19:00 – 21:00 (CET)", 1),
        ("Otevřeno od 5. 12. 2026. Vstup volný.", 2),
        ("When: Sat. 5 Dec. 2026, 7:00 pm", 1),
        ("Wo: Hauptstr. 5, 3000 Bern", 1),
        ("Er war 5. Danach kam ich.", 2),
        ("Die Prüfung ist frühestens im 5. Semester. Der 3. und 4. Platz gewinnen, auch in der 1.–3. Klasse.", 2),
        ("Wir kommen am 15. Das ist ein Sonntag.", 2),
        ("Applications close in May. Interviews are in June.", 2),
        ("The shop opens [1]. It closes [2].", 2),
        ("It weighs 1,250 g. The small one weighs 980g. Both float.", 3),
        ("La sauna è compresa, l'asciugamano no. Per iscriversi serve un certificato.", 2),
        ("Platform no. 5 is closed, as is no. XII of the old line.", 1),
    ],
)
def test_sentences_of_a_line(line: str, count: int) -> None:
    assert len(list(sentences(line))) == count


@settings(max_examples=200)
@given(st.text(st.sampled_from('ab A.!?。！ \n"“”()[]1é🙂ア؟।'), max_size=80))
def test_joined_they_are_the_line(line: str) -> None:
    assert "".join(sentences(line)) == line


def test_long_lines_are_cut_where_their_sentences_are() -> None:
    line = "今日は開店です。" * 20_000
    assert set(sentences(line)) == {"今日は開店です。"}
