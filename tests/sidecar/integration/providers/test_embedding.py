"""What is embedded: the texts that changed, and what a post says beside its text."""

import json

import pytest

from fakes.counting_embedder import CountingEmbedder
from rag_ask.indexing import indexer

ARTICLE = "".join(f"<h2>Part {n}</h2><p>Paragraph number {n} speaks of the subject {n * 7}.</p>" for n in range(50))
ESSAY = [
    f"<p>Paragraph {n} is about loaf {n * 7} of our bakery. It rises for {n} hours in the old stone room. "
    f"Then it is baked, {n * 3} minutes long, and carried to the shop. There it is sold to whoever comes first.</p>"
    for n in range(200)
]
BESIDE = {
    "excerpt": "All about loaves.",
    "author": "Ada Baker",
    "terms": [{"taxonomy": "category", "name": "Bread"}],
    "fields": [{"name": "Phone", "value": "01632 960 001"}],
}


def embedded_by(wordpress, database, version, html, **fields):
    """How many texts are embedded for this version."""
    wordpress.push(wordpress.upsert(1, version, html, **fields))
    counting = CountingEmbedder()
    indexer.index_some(indexer.Shift(database, counting))
    return len(counting.texts)


@pytest.mark.parametrize("post", [[ARTICLE], ESSAY], ids=["headings", "no-headings"])
def test_edit_of_one_paragraph_in_fifty_chunks_embeds_at_most_three_texts(wordpress, database, post):
    wordpress.publish(1, 1, "".join(post), **BESIDE)
    assert wordpress.status()["chunks"] > 50
    html = "".join(post)
    for version, paragraph in ((2, 27), (3, 1), (4, html.count("<p>"))):
        before, after = html.split("<p>")[:paragraph], html.split("<p>")[paragraph:]
        html = "<p>".join([*before, "Nobody had thought of this before. " + after[0], *after[1:]])
        assert 1 <= embedded_by(wordpress, database, version, html, **BESIDE) <= 3


def test_what_is_said_beside_the_text_is_found_and_embedded_alone(wordpress, database):
    wordpress.publish(1, 1, "".join(ESSAY[:10]), **BESIDE)
    assert "01632 960 001" in str(wordpress.post("/v1/search", {"question": "What is the phone number?"}).json)
    assert "Ada Baker" in str(wordpress.post("/v1/search", {"question": "Who is the author? Ada Baker?"}).json)
    changed = BESIDE | {"terms": [{"taxonomy": "category", "name": "Loaves"}]}
    assert embedded_by(wordpress, database, 2, "".join(ESSAY[:10]), **changed) == 1


def test_a_post_without_such_fields_gets_no_chunk_for_them(wordpress):
    wordpress.publish(1, 1, "<p>We open at seven.</p>")
    assert wordpress.status()["chunks"] == 1
    wordpress.publish(1, 2, "<p>We open at seven.</p>", author="Ada Baker")
    assert wordpress.status()["chunks"] == 2


def test_same_text_again_changes_its_metadata_without_embedding(wordpress, database):
    wordpress.publish(1, 1, "".join(ESSAY), **BESIDE)
    moved = {
        "url": "https://moved.example/",
        "groups": ["staff"],
        "modified_at": "2026-11-21T09:30:00Z",
        "type": "page",
    }
    assert embedded_by(wordpress, database, 2, "".join(ESSAY), hash="new", **BESIDE, **moved) == 0
    assert wordpress.status()["documents"]["indexed"] == 1
    assert wordpress.ask("What is sold in the bakery?")["outcome"] == "abstained"
    assert wordpress.ask("What is sold in the bakery?", ["staff"])["sources"][0]["url"] == "https://moved.example/"


def test_terms_are_kept_so_that_rows_can_be_picked_by_them(wordpress, database):
    wordpress.publish(1, 1, "<p>Text.</p>", **BESIDE)
    with database.tenant(wordpress.site_id) as connection:
        query = "SELECT post_id FROM documents WHERE terms @> %s::jsonb"
        for name, found in (("Bread", 1), ("Cake", 0)):
            term = json.dumps([{"taxonomy": "category", "name": name}])
            assert connection.execute(query, (term,)).rowcount == found
