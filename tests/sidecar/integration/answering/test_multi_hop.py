"""Further searches from the question to the answer, against a server that plays OpenAI's protocol."""

import pytest

from fakes import openai_server as play

COURSE = "<p>The sourdough course is held in the old mill. Bring an apron.</p>"
MILL = "<p>Ford Lane 7, behind the bridge. Parking is free.</p>"
SECRET_MILL = "<p>The mill's safe opens with 4711.</p>"
QUESTION = "What is the address of the sourdough course?"


@pytest.fixture
def bakery(paid_site):
    def register(**settings):
        site = paid_site(**settings)
        site.publish(1, 1, COURSE, title="Sourdough course")
        for number in range(2, 14):
            site.publish(number, 1, f"<p>The address of course {number} is the shop.</p>", title=f"Course {number}")
        site.publish(14, 1, MILL, title="The old mill")
        site.publish(15, 1, SECRET_MILL, title="The old mill, for members", groups=["members"])
        return site

    return register


def sources(request):
    return request.body["messages"][1]["content"]


def test_the_answer_is_made_of_what_both_searches_found(bakery, model_server):
    site = bakery(further_searches=2)
    model_server.chat.append(play.chat("old mill Ford Lane"))
    model_server.chat.append(play.chat("ENOUGH"))
    model_server.chat.append(play.chat("NOT_ON_THIS_SITE"))
    answer = site.ask(QUESTION)
    look, second_look, written = model_server.requests
    assert look.body["max_tokens"] == 60
    assert "Ford Lane 7" not in sources(look)
    assert "Ford Lane 7" in sources(second_look)
    assert "held in the old mill" in sources(written)
    assert "Ford Lane 7" in sources(written)
    assert "The old mill" in [source["title"] for source in answer["sources"]]


def test_a_further_search_reads_nothing_that_the_visitor_may_not(bakery, model_server):
    site = bakery(further_searches=1)
    model_server.chat.append(play.chat("the old mill for members safe 4711"))
    site.ask(QUESTION)
    assert "4711 " not in sources(model_server.requests[-1])
    assert "safe opens" not in sources(model_server.requests[-1])
    model_server.chat.append(play.chat("the old mill for members safe 4711"))
    site.ask(QUESTION, groups=["public", "members"])
    assert "safe opens with 4711" in sources(model_server.requests[-1])


def test_a_model_that_fails_leaves_the_first_search(bakery, model_server):
    site = bakery(further_searches=2)
    model_server.chat.append(play.status(500))
    model_server.chat.append(play.chat("The sourdough course is held in the old mill [1]."))
    assert site.ask(QUESTION)["answer"] == "The sourdough course is held in the old mill [1]."
    assert len(model_server.requests) == 2


def test_below_the_threshold_no_model_is_asked(bakery, model_server):
    site = bakery(further_searches=2, min_score=0.99)
    assert site.ask("How many moons has Jupiter?")["outcome"] == "abstained"
    assert model_server.requests == []


def test_without_the_setting_there_is_one_search(bakery, model_server):
    bakery().ask(QUESTION)
    assert len(model_server.requests) == 1
