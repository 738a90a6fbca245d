"""Questions from headings: tried by the worker, suggested to owners and after an answer, gone with their page."""

import threading

import pytest

from rag_ask.answering.factory import quoting_line
from rag_ask.db import sites
from rag_ask.insights import headings
from rag_ask.providers.embedders import Embedders

HOURS = """<h2>Opening hours</h2><p>The shop opens at seven in the morning and closes at six.</p>
<h2>Sunday opening</h2><p>On Sundays the shop opens at eight and closes at eleven.</p>
<h2>Do you sell gift vouchers?</h2><p>Gift vouchers of 20 and 50 euros are sold at the till.</p>
<h2>Introduction</h2><p>This page was written by the bakers.</p>"""
COURSES = """<h2>What does the sourdough course cost?</h2><p>The sourdough course costs 85 euros.</p>
<h2>Opening hours</h2><p>The classroom is open from nine.</p>"""

MEMBERS = "<h2>Do members pay less?</h2><p>Members pay a tenth less than other guests.</p>"


@pytest.fixture
def tried(wordpress, settings):
    """Tries the headings of the site once, and returns how many documents."""

    def round_() -> int:
        line = quoting_line(settings, wordpress.database, Embedders(settings))
        with wordpress.database.system() as connection:
            site = sites.find(connection, wordpress.site_id)
        return headings.try_site(line, site, threading.Event())

    return round_


def suggested(site):
    return {row["question"]: row["title"] for row in site.signed("GET", "/v1/insights").json["suggested"]}


def test_headings_are_tried_once_and_suggested_with_their_page(wordpress, tried):
    wordpress.publish(1, 1, HOURS, title="Visit us")
    wordpress.publish(2, 1, COURSES, title="Courses")
    assert tried() == 2
    found = suggested(wordpress)
    assert found["Do you sell gift vouchers?"] == "Visit us"
    assert found["What does the sourdough course cost?"] == "Courses"
    assert "Introduction" not in found
    # Two pages have it, so it asks for neither.
    assert "Opening hours" not in found
    assert tried() == 0


def test_an_answer_names_what_its_page_answers_too(wordpress, tried):
    wordpress.publish(1, 1, HOURS, title="Visit us")
    tried()
    asked = wordpress.ask("Do you sell gift vouchers?")
    assert asked["outcome"] == "quoted"
    assert "Sunday opening" in asked["further_questions"]
    assert "Do you sell gift vouchers?" not in asked["further_questions"]
    assert wordpress.ask("How many moons does Jupiter have?")["further_questions"] == []


def test_an_edited_or_withdrawn_page_takes_its_questions_along(wordpress, tried):
    wordpress.publish(1, 1, HOURS, title="Visit us")
    wordpress.publish(2, 1, COURSES, title="Courses")
    tried()
    wordpress.publish(1, 2, HOURS.replace("gift vouchers", "old bread"), title="Visit us")
    assert set(suggested(wordpress).values()) == {"Courses"}
    assert tried() == 1
    wordpress.push({"op": "delete", "id": 2, "version": 2})
    assert set(suggested(wordpress).values()) == {"Visit us"}


def test_pages_for_members_and_full_rounds(wordpress, tried, monkeypatch):
    monkeypatch.setattr(headings, "ROUND_DOCUMENTS", 1)
    wordpress.publish(1, 1, MEMBERS, title="Members", groups=["role:member"])
    wordpress.publish(2, 1, COURSES, title="Courses")
    wordpress.publish(3, 1, HOURS, title="Visit us")
    assert [tried(), tried(), tried()] == [1, 1, 0]
    assert set(suggested(wordpress).values()) == {"Courses", "Visit us"}
