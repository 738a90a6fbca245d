"""Kept answers in memory: not beyond their time, and not beyond a number."""

from rag_ask.answering.cache import CacheKey, Kept, memory
from rag_ask.answering.cache.memory import Memory


def key(number, site_id="site"):
    return CacheKey(site_id, 1, bytes([number]))


def test_what_is_kept_is_found_until_it_expires(monkeypatch):
    now = 100.0
    monkeypatch.setattr(memory.time, "monotonic", lambda: now)
    kept = Memory()
    kept.keep(key(1), Kept({"answer": "yes"}, 5.0))
    now = 104.9
    assert kept.find(key(1)).content == {"answer": "yes"}
    assert kept.find(CacheKey("site", 2, bytes([1]))) is None
    now = 105.0
    assert kept.find(key(1)) is None


def test_those_that_nobody_asked_for_lately_make_room(monkeypatch):
    monkeypatch.setattr(memory, "MAX_ANSWERS", 2)
    kept = Memory()
    for number in (1, 2):
        kept.keep(key(number), Kept({}, 60.0))
    kept.find(key(1))
    kept.keep(key(3), Kept({}, 60.0))
    assert [bool(kept.find(key(number))) for number in (1, 2, 3)] == [True, False, True]


def test_a_dropped_site_is_forgotten_and_no_other():
    kept = Memory()
    for site_id in ("one", "other"):
        kept.keep(key(1, site_id), Kept({}, 60.0))
    kept.drop("one")
    assert (kept.find(key(1, "one")), bool(kept.find(key(1, "other")))) == (None, True)
