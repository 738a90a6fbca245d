"""What is kept of a ranking: near-duplicates dropped, adjacent chunks merged."""

from datetime import UTC, datetime

from rag_ask.passage import Passage
from rag_ask.retrieval.passages import CONTEXT_CHARACTERS, JOINED_CHARACTERS, fitting, joined, newer_first, of_pages
from rag_ask.text import analyze


def chunk(post_id=1, position=0, heading=("H",), text=None, score=1.0):
    url = "https://x.example/"
    return Passage(post_id, f"T{post_id}", url, heading, text or f"{post_id}.{position}", score, position=position)


def distinct(characters, number):
    """Text of about this length that shares no word with that of another number."""
    return " ".join(f"w{number}x{n}" for n in range(characters))[:characters]


def test_neighbours_in_rank_and_on_the_page_become_one_passage_in_reading_order():
    passages = joined([chunk(position=1), chunk(position=0), chunk(position=2), chunk(2)])
    assert [passage.text for passage in passages] == ["1.0\n1.1\n1.2", "2.0"]


def test_a_neighbour_of_lower_rank_is_not_pulled_up():
    passages = joined([chunk(position=1), chunk(2), chunk(position=0)])
    assert [passage.text for passage in passages] == ["1.1", "2.0", "1.0"]


def test_neighbours_under_other_headings_or_in_other_posts_stay_apart():
    assert len(joined([chunk(position=0), chunk(position=1, heading=("I",)), chunk(2, position=2)])) == 3


def test_a_joined_passage_stays_short():
    ranked = [chunk(position=n, text="x" * (JOINED_CHARACTERS // 2)) for n in (1, 2, 3)]
    assert [len(passage.text) for passage in joined(ranked)] == [JOINED_CHARACTERS + 1, JOINED_CHARACTERS / 2]


def test_context_is_bounded():
    assert len(fitting([chunk(n, text=distinct(1000, n)) for n in range(20)])) == CONTEXT_CHARACTERS / 1000


def test_what_says_nearly_the_same_is_left_out():
    notice = "We are closed on Mondays and on all public holidays of the county"
    ranked = [chunk(1, text=notice), chunk(2, text=f"{notice}!"), chunk(3, text="We open at seven on Tuesdays")]
    assert [c.post_id for c in fitting(ranked)] == [1, 3]
    assert [c.post_id for c in fitting(ranked, deduplicates=False)] == [1, 2, 3]


def test_where_all_are_of_one_page_another_one_takes_the_last_place():
    one, two, three, other = (chunk(post_id, position) for post_id, position in ((1, 0), (1, 2), (1, 4), (2, 0)))
    assert of_pages([one, two, three, other], 2) == (one, other)
    assert of_pages([one, other, two, three], 2) == (one, other)
    assert of_pages([one, two, three], 2) == (one, two)
    assert of_pages([one, other], 1) == (one,)
    assert of_pages([], 2) == ()


def news(year, text, score, title="New chair"):
    url = f"https://x.example/{year}/"
    return Passage(year, f"{title} {year}", url, (), text, score, datetime(year, 5, 1, tzinfo=UTC), language="en")


def test_of_two_news_on_one_subject_the_newer_comes_first():
    weights = {analyze.dimension(term): 1.0 for term in analyze.terms("chair north 2021", "en")}
    ranked = [news(2022, "Chair: Jo.", 1.0), news(2025, "Chair: Ada.", 0.9), news(2024, "Chair: Bo.", 0.8)]
    found = list(newer_first(ranked, weights))
    assert [(passage.post_id, passage.score) for passage in found] == [(2025, 1.0), (2022, 0.9), (2024, 0.8)]
    for old in (news(2022, "North chair: Jo.", 1.0), news(2021, "Chair: Jo.", 1.0), news(2022, "Jo.", 1.0, "Chair")):
        assert list(newer_first([old, ranked[1]], weights)) == [old, ranked[1]]
