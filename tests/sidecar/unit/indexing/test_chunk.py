from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ask.indexing.chunk import LIMIT_TOKENS, MIN_TEXT_TOKENS, Chunk, chunk
from rag_ask.indexing.clean import Block
from rag_ask.indexing.packs import TARGET_TOKENS
from rag_ask.passage import embedding_text
from rag_ask.text.tokens import count_tokens

SENTENCE = "We open at seven every day and bake until noon. "


def sizes(title: str, chunks: Sequence[Chunk]) -> list[int]:
    return count_tokens([embedding_text(title, part.heading_path, part.text) for part in chunks])


def test_nothing_gives_nothing() -> None:
    assert chunk("Title", [], count_tokens) == []


def test_a_short_post_is_one_chunk_with_its_lines() -> None:
    (only,) = chunk("Opening hours", [Block(("Shop",), "Monday | 7:00\nWe open. We close.")], count_tokens)
    assert only.text == "Monday | 7:00\nWe open. We close."
    assert (only.position, only.heading_path) == (0, ("Shop",))
    assert only.hash == hashlib.sha256(embedding_text("Opening hours", ("Shop",), only.text).encode()).digest()


def test_chunks_never_cross_a_heading() -> None:
    chunks = chunk("T", [Block(("A",), "One."), Block(("B",), "Two."), Block(("A",), "Three.")], count_tokens)
    assert [(part.position, part.heading_path, part.text) for part in chunks] == [
        (0, ("A",), "One."),
        (1, ("B",), "Two."),
        (2, ("A",), "Three."),
    ]


def test_sentences_stay_whole_and_packs_near_the_target() -> None:
    chunks = chunk("Title", [Block((), SENTENCE * 100)], count_tokens)
    assert all(part.text.endswith("noon.") and part.text.startswith("We open") for part in chunks)
    assert all(TARGET_TOKENS * 0.8 <= size <= TARGET_TOKENS * 1.3 for size in sizes("Title", chunks)[:-1])


def test_a_short_rest_joins_the_pack_before_it() -> None:
    chunks = chunk("", [Block((), SENTENCE * 10 + "Bye.")], count_tokens)
    assert len(chunks) == 1 and chunks[0].text.endswith("noon. Bye.")


@pytest.mark.parametrize(
    "text",
    ["word " * 2_000, "今日は開店" * 500, "x" * 30_000, "🙂" * 9_000, "a" * 50 + " " + "b-" * 4_000],
    ids=["words", "japanese", "letters", "emoji", "dashes"],
)
def test_what_has_no_end_is_cut_within_the_limit(text: str) -> None:
    chunks = chunk("Title", [Block(("Heading",), text.strip())], count_tokens)
    assert max(sizes("Title", chunks)) <= LIMIT_TOKENS
    assert max(len(part.text) for part in chunks) <= 2_000
    assert "".join("".join(part.text for part in chunks).split()) == "".join(text.split())


def test_a_text_without_full_stops_is_cut_at_its_spaces_into_packs_of_one_size() -> None:
    chunks = chunk("", [Block((), "ร้านเปิดทุกวัน " * 60)], count_tokens)
    assert all(TARGET_TOKENS * 0.8 <= size <= TARGET_TOKENS * 1.4 for size in sizes("", chunks))
    assert {word for part in chunks for word in part.text.split()} == {"ร้านเปิดทุกวัน"}


def test_words_are_cut_between_and_not_inside() -> None:
    chunks = chunk("", [Block((), "wonderful " * 900)], count_tokens)
    assert {word for part in chunks for word in part.text.split()} == {"wonderful"}


def test_a_title_longer_than_the_limit_leaves_room_for_text() -> None:
    title, path = "題" * 500, ("見出し" * 100,)
    chunks = chunk(title, [Block(path, "今日は開店です。" * 100)], count_tokens)
    # The local model reads 256 tokens, two of them its own.
    assert max(sizes(title, chunks)) <= 254
    assert min(count_tokens([part.text for part in chunks[:-1]])) >= MIN_TEXT_TOKENS / 2


def test_the_embedding_text_carries_title_and_headings() -> None:
    assert embedding_text("Hours", ("Shop", "Summer"), "At six.") == "Hours > Shop > Summer\nAt six."
    assert embedding_text("", (), "At six.") == "At six."


paragraphs = st.lists(
    st.sampled_from([SENTENCE, "Yes. ", "café ", "今日は。", "x" * 700, "1. ", "\n", "£3.50, "]), max_size=60
)
posts = st.lists(st.tuples(st.sampled_from([(), ("A",), ("A", "B")]), paragraphs.map("".join)), max_size=4)


@settings(max_examples=60)
@given(posts)
def test_no_text_is_lost_and_the_limit_holds(post: list[tuple[tuple[str, ...], str]]) -> None:
    blocks = [Block(path, text) for path, text in post]
    chunks = chunk("Title", blocks, count_tokens)
    assert "".join("".join(part.text for part in chunks).split()) == "".join("".join(b.text for b in blocks).split())
    assert [part.position for part in chunks] == list(range(len(chunks)))
    assert max(sizes("Title", chunks), default=0) <= LIMIT_TOKENS
    assert chunk("Title", blocks, count_tokens) == chunks


def essay(count: int) -> list[str]:
    return [
        f"Paragraph {n} is about loaf {n * 7}. It rises for {n} hours, and then it is baked. " * 2 for n in range(count)
    ]


def edited(text: list[str], before: list[str]) -> list[str]:
    """The texts of an edited post's chunks that were none before."""
    known = [part.text for part in chunk("T", [Block((), "\n".join(before))], count_tokens)]
    made = chunk("T", [Block((), "\n".join(text))], count_tokens, known)
    assert "".join("".join(part.text for part in made).split()) == "".join("".join(text).split())
    return [part.text for part in made if part.text not in known]


def test_an_edit_changes_the_chunks_around_it_only() -> None:
    before = essay(320)
    assert len(chunk("T", [Block((), "\n".join(before))], count_tokens)) >= 50
    for n in (0, 10, 151, 319):
        for paragraph in ([], ["A new one. "], ["One sentence more, of quite another subject. " * 10], before[:2]):
            assert len(edited([*before[:n], *paragraph, *before[n + 1 :]], before)) <= 3


def test_chunks_of_before_change_nothing_where_nothing_changed() -> None:
    blocks = [Block(path, "\n".join(essay(n))) for path, n in (((), 9), (("A",), 1), (("A", "B"), 30))]
    made = chunk("T", blocks, count_tokens)
    assert chunk("T", blocks, count_tokens, [part.text for part in made]) == made


def test_a_post_that_grows_line_by_line_is_not_left_in_crumbs() -> None:
    lines, before = essay(40), []
    for n in range(1, 41):
        before = [part.text for part in chunk("T", [Block((), "\n".join(lines[:n]))], count_tokens, before)]
    assert len(before) <= 1.5 * len(chunk("T", [Block((), "\n".join(lines))], count_tokens))


@settings(max_examples=60)
@given(paragraphs, paragraphs)
def test_chunks_of_another_text_lose_nothing_and_keep_the_limit(text: list[str], other: list[str]) -> None:
    known = [part.text for part in chunk("Title", [Block((), "".join(other))], count_tokens)]
    chunks = chunk("Title", [Block((), "".join(text))], count_tokens, known)
    assert "".join("".join(part.text for part in chunks).split()) == "".join("".join(text).split())
    assert max(sizes("Title", chunks), default=0) <= LIMIT_TOKENS
