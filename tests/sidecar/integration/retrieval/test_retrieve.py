"""Finding: words, codes, phrases, typos, languages, filters, duplicates, suggestions. Over HTTP, in a real Postgres."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from fakes.rerank_server import RerankServer, results
from fakes.wordpress import EMBEDDER
from rag_ask.db import sites, thresholds
from rag_ask.db.database import Database
from rag_ask.db.thresholds import Thresholds
from rag_ask.messages import Filter
from rag_ask.providers.embed import question_language
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import site_facts, term_weights, texts
from rag_ask.retrieval.config import RECIPE
from rag_ask.retrieval.fuse import Candidate
from rag_ask.retrieval.query import words
from rag_ask.retrieval.rerank import Reranker
from rag_ask.retrieval.retrieve import retrieve
from rag_ask.retrieval.search import search as search_chunks
from rag_ask.retrieval.texts import Texts
from rag_ask.settings import Settings
from rag_ask.tenant import Site, Visitor
from rag_ask.text.analyze import dimension

PADDING = [
    "The brewery in the next street makes beer from barley and hops.",
    "Our van is blue and drives through the valley on Wednesdays.",
    "Flour is milled by the river, eleven kilometres from the shop.",
    "A walk around the lake takes two hours; dogs stay on the lead.",
    "The chapel was built of red stone and has a small organ.",
]


@pytest.fixture
def site(wordpress):
    for number, text in enumerate(PADDING, 100):
        push(wordpress, number, f"<p>{text}</p>", title=f"Note {number}")
    return wordpress


def push(wordpress, post_id, html, **fields):
    response = wordpress.push(wordpress.upsert(post_id, 1, html, **fields))
    assert response.status_code == 202, response.text


def search(site, question, token=None, **fields):
    site.index()
    response = site.post("/v1/search", {"question": question} | fields, token)
    assert response.status_code == 200, response.text
    return [passage["title"] for passage in response.json["passages"]]


@pytest.mark.parametrize("question", ["AB-1200/x", "ab1200x", "Do you have the AB-1200/x?", "price of ab 1200 x"])
def test_a_product_code_is_found_however_it_is_typed(site, question):
    push(site, 1, "<p>Mixer AB-1200/x, steel bowl, 129 pounds.</p>", title="Mixer")
    push(site, 2, "<p>Mixer AB-1300/y, glass bowl, 149 pounds.</p>", title="Other mixer")
    assert search(site, question)[0] == "Mixer"


def test_a_name_is_found(site):
    push(site, 1, "<p>Siobhán Ó Briain bakes on Mondays.</p>", title="Baker")
    assert search(site, "siobhan o briain")[0] == "Baker"


@pytest.mark.parametrize("question", ["vouchers", "voucher", "Gift voucher?"])
def test_a_short_question_finds_the_page(site, question):
    push(site, 1, "<p>Vouchers can be bought in the shop.</p>", title="Gift vouchers")
    assert search(site, question)[0] == "Gift vouchers"


def test_a_divided_post_is_cited_by_the_page_that_holds_the_words(site):
    html = "<p>Part one goes along the river.</p><!--nextpage--><p>Part two climbs the gorse hill.</p>"
    url = "https://bakery.example/long-walk/"
    push(site, 1, html, title="Long walk", url=url, page_urls=[f"{url}2/"])
    site.index()

    def found(question):
        return site.post("/v1/search", {"question": question}).json["passages"][0]["url"]

    assert found("gorse hill") == f"{url}2/"
    assert found("along the river") == url
    # A new address counts at once. A page too many, as when a filter took one away, is the first.
    response = site.push(site.upsert(1, 2, html, title="Long walk", url=url))
    assert response.status_code == 202
    assert found("gorse hill") == url


def test_a_phrase_in_quotes_is_found_word_for_word(site):
    push(site, 1, "<p>Second flush tea is picked first in June, when the flush is over.</p>", title="Second")
    push(site, 2, "<p>Among others we have 100%_first flush_ from small gardens.</p>", title="First")
    assert search(site, 'tea "first flush"')[0] == "First"
    assert search(site, 'tea "100%_first"')[0] == "First"


@pytest.mark.parametrize(
    "asked",
    [
        '"It\'s our own"',
        '"It’s our own"',
        "“it's our own”",
        '«our own "sour-dough" bread»',
        '"our own “sour–dough” bread"',
        '"open 9-5"',
        '"open 9–5"',
        "\"the children's 12' table\"",
    ],
)
@pytest.mark.parametrize("is_curled", [True, False])
def test_a_phrase_is_found_as_wordpress_curls_it(site, asked, is_curled):
    text = "It’s our own “sour-dough” bread — we’re open 9–5, at the children’s 12′ table."
    straight = text.translate(str.maketrans("’“”—–′", "'\"\"--'"))
    other_order = " ".join(reversed(asked.replace("-", " ").replace("–", " ").split()))
    push(site, 1, f"<p>{other_order}. {other_order}.</p>", title="Decoy")
    push(site, 2, f"<p>{text if is_curled else straight}</p>", title="Bread")
    assert search(site, asked)[0] == "Bread"


def test_a_phrase_that_is_nowhere_finds_what_is_near(site):
    push(site, 1, "<p>Our tea is picked in June.</p>", title="Tea")
    assert search(site, '"tea picked in may"')[0] == "Tea"


def weighed(site, typed, languages=("en",), **options):
    """The dimensions that this question looks for on the site, with their weights, and the total."""
    site.index()
    with site.database.tenant(site.site_id) as connection:
        facts = site_facts.read(connection, site.site_id, EMBEDDER.name)
        found = term_weights.weigh(connection, site.site_id, words(typed, languages), facts.chunk_count, **options)
    return dict(zip(found.vector.indices(), found.vector.values(), strict=True)), found.total


def test_a_misspelled_word_weighs_less_than_the_right_one_and_counts_as_that_one(site):
    push(site, 1, "<p>Darjeeling from the first harvest.</p>", title="Leaves")
    right, total = weighed(site, "Darjeeling")
    wrong, total_of_wrong = weighed(site, "Darjeling")
    assert wrong.keys() == right.keys() == {dimension("darjeel")}
    assert 0 < max(wrong.values()) < max(right.values())
    assert total_of_wrong == total < weighed(site, "xylophone")[1]
    assert weighed(site, "xylophone")[0] == {}


def test_so_many_unknown_words_of_a_question_are_looked_up(site, monkeypatch):
    looked_up = []
    monkeypatch.setattr(term_weights, "_meant", lambda *arguments: looked_up.append(arguments) or {})
    weighed(site, " ".join(f"xylophone{letter}" for letter in "abcdefghijklmnop"))
    assert len(looked_up) == term_weights.MAX_FUZZY


def test_the_languages_of_a_site_are_those_of_its_indexed_posts(site):
    push(site, 1, "<p>Die Öffnungszeit endet um acht.</p>", title="Deutsch", language="de-DE")
    push(site, 2, "<p>Pan de centeno.</p>", title="Español", language="es")
    site.index()
    site.push({"op": "delete", "id": 2, "version": 2})
    with site.database.tenant(site.site_id) as connection:
        assert site_facts.read(connection, site.site_id, EMBEDDER.name).languages == ("de-DE", "en-GB")
    assert weighed(site, "Öffnungszeiten", ["en-GB"], fuzzy=False)[0] == {}
    assert dimension("offnungszeit") in weighed(site, "Öffnungszeiten", ["en-GB", "de-DE"], fuzzy=False)[0]


def test_what_is_known_of_a_site_changes_with_it(site, database):
    def known():
        with database.system() as connection:
            now = sites.find(connection, site.site_id)
        with database.tenant(site.site_id) as connection:
            facts = site_facts.of_site(connection, now, EMBEDDER.name)
            assert facts == site_facts.read(connection, site.site_id, EMBEDDER.name)
        return facts.languages, facts.has_notes, facts.chunk_count

    site.index()
    assert known() == (("en-GB",), False, len(PADDING))
    push(site, 1, "<p>Die Öffnungszeit endet um acht.</p>", title="Deutsch", language="de-DE")
    site.index()
    assert known() == (("de-DE", "en-GB"), False, len(PADDING) + 1)
    push(site, 2, "<p>At eight.</p>", title="When do you close?", type="rag_ask_note")
    site.push({"op": "delete", "id": 1, "version": 2})
    assert known()[:2] == (("en-GB",), True)


def test_what_is_known_of_a_site_is_read_once_for_each_generation(site, database, monkeypatch):
    site.index()
    with database.system() as connection:
        now = sites.find(connection, site.site_id)
    later = dataclasses.replace(now, generation=now.generation + 1)
    read, reads = site_facts.read, []
    monkeypatch.setattr(site_facts, "read", lambda *given: reads.append(given) or read(*given))
    with database.tenant(site.site_id) as connection:
        for asked in (now, now, later, later):
            assert site_facts.of_site(connection, asked, EMBEDDER.name).version == (now.incarnation, now.generation)
    assert len(reads) == 3


def test_a_chunk_has_its_neighbours_under_the_same_heading_beside_it(site):
    teas = (f"<p>{kind} tea is picked by hand in the hills. {PADDING[0] * 10}</p>" for kind in ("Green", "Black"))
    push(site, 1, f"{''.join(teas)}<h2>Jam</h2><p>Our jam is made of cherries.</p>", title="Shop")
    site.index()
    (asked,) = EMBEDDER.embed_questions(["tea"])
    visitor = Visitor(Site(site.site_id, "", ()), "test", ("public",), "en-GB")
    with site.database.tenant(site.site_id) as connection:
        facts = site_facts.read(connection, site.site_id, EMBEDDER.name)
        found = search_chunks(connection, visitor, "tea", EMBEDDER.name, asked, Filter(), RECIPE, facts).chunks
    *teas, jam = sorted(chunk for chunk in found if chunk.post_id == 1)
    assert len(teas) > 1
    for before, after in itertools.pairwise(teas):
        assert (before.dense_after, before.lexical_after) == (after.dense, after.lexical)
        assert (after.dense_before, after.lexical_before) == (before.dense, before.lexical)
    assert (teas[0].dense_before, teas[-1].dense_after, jam.dense_before, jam.dense_after) == (None, None, None, None)


def test_a_passage_says_its_language(site, database):
    push(site, 1, "<p>Die Öffnungszeit endet um acht.</p>", title="Deutsch", language="de-DE")
    site.index()
    visitor = Visitor(Site(site.site_id, "", ()), "test", ("public",), "en")
    found = retrieve(database, Embedders(Settings(database_url="", secret=b"")), visitor, "Öffnungszeit")
    assert found.passages[0].language == "de-DE"


@pytest.mark.parametrize("question", ["darjeling", "Darjeelnig", "darjjeeling"])
def test_a_misspelled_word_finds_what_was_meant(site, question):
    push(site, 1, "<p>Darjeeling from the first harvest.</p>", title="Leaves")
    assert search(site, question)[0] == "Leaves"


def test_a_word_that_nobody_wrote_is_forgotten_with_its_post(site):
    push(site, 1, "<p>Darjeeling from the first harvest.</p>", title="Leaves")
    site.index()
    site.push({"op": "delete", "id": 1, "version": 2})
    with site.database.tenant(site.site_id) as connection:
        row = connection.execute("SELECT chunk_count FROM term_counts WHERE term = 'darjeel'").fetchone()
    assert row["chunk_count"] == 0
    assert weighed(site, "darjeling")[0] == {}


def test_each_language_is_matched_by_its_own_stems(site):
    push(site, 1, "<p>Samstags backen wir Roggenbrote.</p>", title="Deutsch", language="de-DE")
    push(site, 2, "<p>Les boulangeries ferment en août.</p>", title="Français", language="fr-FR")
    assert search(site, "Roggenbrot")[0] == "Deutsch"
    assert search(site, "boulangerie fermée")[0] == "Français"


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("ja", "当店は月曜日が定休日です。", "定休日はいつですか"),
        ("zh-CN", "我们的茶馆每天早上七点开门。", "茶馆几点开门"),
        ("th", "ร้านของเราเปิดทุกวันตั้งแต่เจ็ดโมงเช้า", "ร้านเปิดกี่โมง"),
        ("lo", "ຮ້ານຂອງພວກເຮົາເປີດທຸກໆມື້", "ຮ້ານເປີດ"),
        ("km", "ហាងរបស់យើងបើករាល់ថ្ងៃ", "ហាងបើក"),
        ("my", "ကျွန်ုပ်တို့၏ဆိုင်သည်နေ့တိုင်းဖွင့်သည်", "ဆိုင်ဖွင့်"),
    ],
)
def test_scripts_without_spaces_are_found(site, language, text, question):
    push(site, 1, f"<p>{text}</p>", title="Asia", language=language)
    assert search(site, question)[0] == "Asia"


def test_pages_that_say_the_same_are_shown_once(site):
    footer = "<p>We are closed on Mondays and on all public holidays of the county of Kent.</p>"
    for number in range(1, 5):
        push(site, number, footer, title=f"Copy {number}")
    assert sum(title.startswith("Copy") for title in search(site, "Are you closed on public holidays?")) == 1


def test_more_passages_are_shown_than_are_read_at_once(site, monkeypatch):
    words = ("oolong", "assam", "sencha", "ceylon", "matcha")
    for number in range(texts.AT_ONCE + 4):
        push(site, number + 1, f"<p>{words[number % 5]} tea of crate x{number}y{number}z.</p>", title=f"Tea {number}")
    site.index()
    read, transactions = Database.read, []
    monkeypatch.setattr(Database, "read", lambda *given: transactions.append(given) or read(*given))
    assert len(set(search(site, "tea", limit=20))) == texts.AT_ONCE + 4
    assert len(transactions) == 1


def test_what_may_no_longer_be_read_is_no_passage(site, database):
    push(site, 1, "<p>Tea from the hills.</p>")
    push(site, 2, "<p>Tea for members.</p>", groups=["members"])
    site.index()
    visitor = Visitor(Site(site.site_id, site.site_id, ()), "v", ("public",), "en")
    ranked = [Candidate(post_id, 0, 0.5, 0.0, score=0.5) for post_id in (1, 2, 3)]
    found = Texts(database, visitor, Filter()).passages(ranked)
    assert [(passage.post_id, passage.score) for passage in found] == [(1, 0.5)]


def test_the_newer_of_two_equal_posts_comes_first(site):
    for number, year in ((1, 2020), (2, 2026), (3, 2023)):
        text = f"<p>Christmas orders: until 20 December. Number {['one', 'two', 'three'][number - 1]}.</p>"
        push(site, number, text, title="Orders", modified_at=f"{year}-11-01T00:00:00Z", url=f"https://x.example/{year}")
    site.index()
    response = site.post("/v1/search", {"question": "Christmas orders"})
    assert response.json["passages"][0]["url"] == "https://x.example/2026"


@pytest.fixture
def shop(site):
    food, scones = {"taxonomy": "category", "name": "Food"}, {"taxonomy": "post_tag", "name": "Scones"}
    page = {"title": "Page", "type": "page", "published_at": "2026-03-01T00:00:00Z", "terms": [food, scones]}
    post = {"title": "Post", "language": "en_US", "published_at": "2025-03-01T00:00:00Z", "terms": [food]}
    push(site, 1, "<p>Scones are baked at six.</p>", **page)
    push(site, 2, "<p>Scones are sold at seven.</p>", **post)
    push(site, 3, "<p>Scones werden um acht verkauft.</p>", title="Deutsch", language="de")
    return site


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"types": ["page"]}, {"Page"}),
        ({"types": ["page", "nothing"]}, {"Page"}),
        ({"terms": [{"taxonomy": "category", "name": "Food"}]}, {"Page", "Post"}),
        ({"terms": [{"taxonomy": "category", "name": "Food"}, {"taxonomy": "post_tag", "name": "Scones"}]}, {"Page"}),
        ({"terms": [{"taxonomy": "post_tag", "name": "Food"}]}, set()),
        ({"language": "de"}, {"Deutsch"}),
        ({"language": "EN-us"}, {"Post"}),
        ({"language": "en_US"}, {"Post"}),
        ({"language": "en_GB", "types": ["page"]}, {"Page"}),
        ({"language": "en", "terms": [{"taxonomy": "category", "name": "Food"}]}, {"Page", "Post"}),
        ({"language": "e"}, set()),
        ({"published_from": "2026-01-01T00:00:00Z"}, {"Page"}),
        ({"published_before": "2026-03-01T00:00:00Z"}, {"Post"}),
        ({"published_from": "2026-03-01T00:00:00Z", "types": ["page"]}, {"Page"}),
        ({"published_from": "2026-03-01T00:00:00Z", "types": ["post"]}, set()),
    ],
)
def test_a_filter_narrows(shop, wanted, expected):
    assert set(search(shop, "When are scones sold?", filter=wanted)) == expected


def test_a_filter_cannot_reach_what_the_visitor_may_not_read(shop):
    push(shop, 4, "<p>Scones for members are free.</p>", title="Members", type="page", groups=["members"])
    assert set(search(shop, "scones", filter={"types": ["page"]})) == {"Page"}
    assert "Members" in search(shop, "scones", shop.ask_token(["members"]), filter={"types": ["page"]})


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": ["page"]},
        {"types": []},
        {"types": "page"},
        {"groups": ["members"]},
        {"site_id": "another"},
        {"language": "en%"},
        {"published_from": "2026-01-01T00:00:00"},
        {"terms": [{"name": "Food"}]},
        {"types": ["x" * 101]},
        {"types": ["page"] * 21},
        None,
    ],
)
@pytest.mark.parametrize("path", ["/v1/search", "/v1/ask"])
def test_a_filter_that_is_none_is_refused(shop, path, wanted):
    response = shop.post(path, {"question": "scones", "filter": wanted})
    assert response.status_code == 400
    assert response.json["error"]["code"] in ("invalid_request", "unknown_field")
    assert "filter" in response.json["error"]["message"]


def test_an_answer_keeps_to_the_filter(shop):
    shop.index()
    body = {"question": "When are scones sold?", "filter": {"types": ["page"]}}
    answer = shop.post("/v1/ask", body).json
    assert {source["title"] for source in answer["sources"]} == {"Page"}


def test_what_is_not_on_the_site_names_the_nearest_pages(site):
    push(site, 1, "<p>Scones for members.</p>", title="Members", groups=["members"])
    site.index()
    answer = site.ask("How many moons does Jupiter have?")
    assert (answer["outcome"], answer["sources"]) == ("abstained", [])
    assert len(answer["suggestions"]) == 3
    assert all(page.keys() == {"title", "url"} for page in answer["suggestions"])
    assert "Members" not in {page["title"] for page in answer["suggestions"]}
    assert len({page["url"] for page in answer["suggestions"]}) == 3


def test_an_answer_has_no_suggestions(site):
    push(site, 1, "<p>Vouchers can be bought in the shop.</p>", title="Gift vouchers")
    site.index()
    answer = site.ask("Where can I buy vouchers?")
    assert (answer["outcome"], answer["suggestions"]) == ("quoted", [])


def test_a_calibrated_threshold_decides(site):
    push(site, 1, "<p>Vouchers can be bought in the shop.</p>", title="Gift vouchers")
    site.index()
    embedder = "local/all-MiniLM-L6-v2-int8/384"
    with site.database.system() as connection:
        thresholds.save(connection, embedder, Thresholds(0.99, 1.0), 1.0, 1.0)
    try:
        assert site.ask("Where can I buy vouchers?")["outcome"] == "abstained"
        with site.database.system() as connection:
            thresholds.save(connection, embedder, Thresholds(0.2, 1.0), 1.0, 1.0)
        answer = site.ask("Where can I buy vouchers?")
        assert (answer["outcome"], answer["answer"], answer["suggestions"]) == ("unsure", "", [])
        assert answer["excerpts"][0]["pieces"] == [
            {"kind": "paragraph", "lines": ["Vouchers can be bought in the shop."]}
        ]
        assert answer["citations"][0]["title"] == "Gift vouchers"
        with site.database.system() as connection:
            thresholds.save(connection, embedder, Thresholds(0.2, 0.3), 1.0, 1.0)
        assert site.ask("Where can I buy vouchers?")["outcome"] == "quoted"
    finally:
        with site.database.system() as connection:
            connection.execute("DELETE FROM thresholds")


def test_a_reranker_decides_the_order(site, database):
    push(site, 1, "<p>Tea from the hills.</p>", title="Tea")
    push(site, 2, "<p>Tea from the valley of roses.</p>", title="Roses")
    site.index()
    visitor = Visitor(Site(site.site_id, site.site_id, ()), "v", ("public",), "en")
    embedders = Embedders(Settings(database_url="", secret=b"", embedder="local-en"))
    with RerankServer() as server, Reranker(server.url, "m", "") as reranker:
        found = retrieve(database, embedders, visitor, "valley roses", reranker=reranker)
        assert found.passages[0].title == "Roses"
        server.next.append(lambda body: results(*((n, "Tea\n" in text) for n, text in enumerate(body["documents"]))))
        assert retrieve(database, embedders, visitor, "valley roses", reranker=reranker).passages[0].title == "Tea"


def test_a_question_in_no_language_of_the_site_is_searched_as_in_that_of_its_pages(site, monkeypatch):
    push(site, 1, "<p>Our tea is picked by hand in June.</p>", title="Tea")
    site.index()
    visitor = Visitor(Site(site.site_id, "", ()), "test", ("public",), "en-GB")
    asked, translated = EMBEDDER.embed_questions(["Wann pflücken Sie Tee?", "When do you pick the tea?"])
    given = []
    monkeypatch.setattr(question_language, "moved", lambda *arguments: given.append(arguments) or translated)

    def found(question):
        with site.database.tenant(site.site_id) as connection:
            facts = site_facts.read(connection, site.site_id, EMBEDDER.name)
            return search_chunks(connection, visitor, question, EMBEDDER.name, asked, Filter(), RECIPE, facts)

    across, own = found("Wann pflücken Sie Tee?"), found("When do you pick the tea?")
    assert (across.is_across, own.is_across) == (True, False)
    # The site has the words of the second one, so nothing was asked about it.
    assert [(name, list(languages)) for name, _, languages in given] == [(EMBEDDER.name, ["en"])]
    best = {name: max(chunk.dense for chunk in one.chunks) for name, one in (("across", across), ("own", own))}
    assert best["across"] > best["own"] + 0.1
