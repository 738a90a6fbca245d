"""Product codes: the one that was asked for, or none."""

import pytest

from rag_ask.retrieval import product_codes


@pytest.fixture
def pumps(wordpress):
    for number, (code, price) in enumerate({"XK-1200": 400, "XK-1300": 500, "XK-1400": 600}.items(), 1):
        wordpress.publish(number, 1, f"<p>The pump model {code} costs {price} pounds.</p>", title=f"Pump {code}")
    wordpress.publish(9, 1, "<p>Spare parts for all pumps, RFC 7231 among them, cost 1500 pounds.</p>", title="Parts")
    return wordpress


@pytest.mark.parametrize("question", ["How much is the XK-1300?", "XK-1300", "xk1300 price", "price of the XK_1300"])
def test_a_code_is_found_however_it_is_joined(pumps, question):
    assert "XK-1300 costs 500" in pumps.ask(question)["answer"]


@pytest.mark.parametrize("question", ["How much is the XK-1500?", "XK-9999", "price of the pump XK1350"])
def test_for_a_code_that_the_site_lacks_no_other_one_stands_in(pumps, question):
    answer = pumps.ask(question)
    assert answer["outcome"] == "abstained"
    assert answer["suggestions"]


def test_a_code_that_is_written_apart_is_one(pumps):
    assert "RFC 7231" in pumps.ask("What do spare parts for RFC7231 cost?")["answer"]


@pytest.mark.parametrize(
    "question",
    [
        "How much is a pump at 500ml?",
        "Does a pump cost 1500 pounds?",
        "price of pump XK-1300 for order AB12345678",
        "pump model XK-1300 for VAT number GB123456789",
        "Does the pump XK-1300 cost GBP500?",
        "pump price in Dec2027",
    ],
)
def test_what_is_no_code_of_the_site_stands_in_nobodys_way(pumps, question):
    assert pumps.ask(question)["outcome"] in ("quoted", "unsure")


def test_a_withdrawn_code_is_gone(pumps):
    assert pumps.ask("XK-1400")["outcome"] == "quoted"
    pumps.push({"op": "delete", "id": 3, "version": 2})
    assert pumps.ask("XK-1400")["outcome"] == "abstained"


def test_so_many_codes_of_a_question_are_looked_up(pumps, monkeypatch):
    looked_up = []

    def occurs(connection, site_id, pattern):
        looked_up.append(pattern)
        return True

    monkeypatch.setattr(product_codes, "_occurs", occurs)
    codes = " ".join(f"ZZ-{number}" for number in range(1000, 1030))
    pumps.ask(f"How much are the pumps {codes}?")
    # A look for the kind and one for the code.
    assert 0 < len(set(looked_up)) <= 2 * product_codes.MAX_CODES
