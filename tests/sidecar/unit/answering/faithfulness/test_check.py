from __future__ import annotations

import json
from pathlib import Path

import pytest
from linear import assert_linear

from rag_ask.answering.faithfulness.check import is_stray, is_supported, verdict
from rag_ask.answering.faithfulness.verdict import Question, Verdict
from rag_ask.passage import Passage

DATA = Path(__file__).parents[4] / "bench" / "data" / "support.jsonl"
HOURS = Passage(
    1, "Opening hours", "http://localhost/", ("Shop",), "We open at seven. On Sundays we open at 8:30.\nSat | 6:00", 0.9
)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The shop opens at 7 am.", True),
        ("The shop opens at eight.", False),
        ("On Sundays the shop opens at 8:30.", True),
        ("On Sundays the shop opens at seven.", False),
        ("The shop does not open on Sundays.", False),
        ("Sat: 6:00", True),
        ("We open at seven and give every visitor a free loaf.", False),
        ("Write to evil@evil.example when we open.", False),
        ("We open at seven, see evil.example.", False),
        ("7:00", True),
        ("9:00", False),
        ("", False),
    ],
)
def test_what_the_passage_says(sentence: str, supported: bool) -> None:
    assert is_supported(sentence, [HOURS], "en") is supported


@pytest.mark.parametrize(
    ("sentence", "asked", "supported"),
    [
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "de", True),
        ("Am Sonntag öffnen wir um 9:30 Uhr.", "de", False),
        ("Am Sonntag öffnen wir nicht um 8:30 Uhr.", "de", False),
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "", True),
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "en", False),
        ("Der Laden ist immer geöffnet und alle bekommen ihr Geld zurück.", "en", False),
        ("Der Laden ist immer geöffnet und alle bekommen ihr Geld zurück.", "de", False),
        ("お客様は全員無料でパンをもらえます。", "en", False),
        ("On Sundays we open at 8:30.", "de", True),
    ],
)
def test_another_language_than_the_passages(sentence: str, asked: str, supported: bool) -> None:
    assert is_supported(sentence, [HOURS], asked) is supported


@pytest.mark.parametrize(
    ("sentence", "asked", "stray"),
    [
        ("Ich darf nie über die Regeln sprechen.", "en", True),
        ("Ich darf nie über die Regeln sprechen.", "de", False),
        ("Ich darf nie über die Regeln sprechen.", "", False),
        ("I must never speak of the rules.", "de", False),
        ("8:30!", "en", False),
        ("", "en", False),
    ],
)
def test_a_language_that_nobody_asked_in(sentence: str, asked: str, stray: bool) -> None:
    assert is_stray(sentence, [HOURS], asked) is stray


def test_without_a_language_every_word_must_be_there() -> None:
    passage = Passage(1, "Darba laiks", "http://localhost/", (), "Veikals tiek atvērts 7:00 rītā.", 0.9)
    assert is_supported("Veikals tiek atvērts 7:00.", [passage])
    assert not is_supported("Veikals tiek slēgts 7:00.", [passage])


def test_nothing_is_supported_by_nothing() -> None:
    assert not is_supported("We open at seven.", [])


def test_the_check_is_no_worse_than_when_it_was_measured() -> None:
    right, count = 0, 0
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passages = [
            Passage(1, one["title"], "", tuple(filter(None, [one["heading"]])), one["text"], 1.0)
            for one in (row, *row.get("others", ()))
        ]
        for label in ("supported", "unsupported"):
            for _, sentence in row[label]:
                found = is_supported(sentence, passages, row.get("asked", ""), row.get("question", ""))
                right += found == (label == "supported")
                count += 1
    assert count >= 2_900
    assert right / count >= 0.86


@pytest.mark.parametrize(
    "unit",
    [
        "seven ",
        "7 ",
        "and ",
        "A ",
        "a.b ",
        "a.",
        "1a-",
        "x@",
        "1,",
        "não ",
        "営業",
        "-",
        "不",
        "七",
        "ห้า",
        "일곱 ",
        "無料",
        "не ",
        "free not ",
    ],
)
def test_a_long_hostile_sentence_takes_linear_time(unit: str) -> None:
    assert_linear(lambda sentence: is_supported(sentence, [HOURS]), lambda count: unit * count, 500, 4_000)


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("It weighs 13.8 kg.", "The Trail 500 weighs 13.8 kg.", True),
        ("It weighs 980 g. The Trail 700 weighs 13.8 kg.", "The Trail 500 weighs 13.8 kg.", False),
        ("Saturday from 7:30 to 16:00, Sunday from 8:30 to 13:00.", "We open on Saturday from 7:30 to 16:00.", True),
        ("Saturday from 7:30 to 16:00, Sunday from 8:30 to 13:00.", "We open on Saturday from 7:30 to 13:00.", False),
        ("Panettone, 500 g, £16\nYule log, £29", "Panettone costs £16.", True),
        ("Panettone, 500 g, £16\nYule log, £29", "Panettone costs £29.", False),
        ("We close on Mondays.", "We are closed on Mondays.", True),
        ("We are not closed on Mondays.", "We are closed on Mondays.", False),
        ("Gluten-free loaf: £5", "The loaf costs £5.", True),
        ("The loaf is not gluten-free.", "The loaf is gluten-free.", False),
        ("The course takes place from 16:30 on.", "The course takes place from 4.30pm on.", True),
        ("We use no nuts.", "No, we don't use nuts.", True),
    ],
)
def test_as_models_say_it(text: str, sentence: str, expected: bool) -> None:
    assert is_supported(sentence, [Passage(1, "Trail 500", "", (), text, 1.0)], "en") is expected


@pytest.mark.parametrize(
    ("text", "title", "sentence", "question", "expected"),
    [
        ("BarkCon US pays up to $70 per night.", "Grants", "BarkCon US pays up to $70 a night.", "", True),
        ("BarkCon US pays up to $70 per night.", "Grants", "BarkCon UK pays up to $70 a night.", "", False),
        ("WHO staff meet in May.", "Staff", "In May, WHO staff meet.", "", True),
        ("WHO staff meet in May.", "Staff", "In June, WHO staff meet.", "", False),
        ("The IT room opens at 8 am.", "Rooms", "At 8 am the IT room opens.", "", True),
        (
            "Several carts are not supported.",
            "Carts",
            "No, Playa has no several carts.",
            "Has Playa several carts?",
            True,
        ),
        ("Eye care is by Optikon. The firm pays 60%.", "Care", "The firm pays 60% of Optikon eye care.", "", True),
        ("You get two weeks plus one a year.", "Notice", "After six years you get two weeks.", "after 6 years?", True),
        ("The tour costs $12.", "Tour", "Yes, the tour costs $9.", "Does the tour cost $9?", False),
        ("Changes are quick and £5 each.", "First change free", "The first change is free.", "", True),
        ("If you are main carer, you get 14 weeks.\nIf second, 5 weeks.", "Leave", "Main carer: 14 weeks", "", True),
        ("Small\n£9\nFor one\nLarge\n£15\nFor two", "Plans", "The large plan costs £15.", "", True),
        ("Small\n£9\nFor one\nLarge\n£15\nFor two", "Plans", "The small plan costs £15.", "", False),
        ("rooms: - name: Oak price: £80 - name: Elm price: £95", "Rooms", "Oak costs £95.", "", False),
        ("Soup £6.50 Plaice £14 Tart £5", "Menu", "The tart is £14.", "", False),
        ("A day ticket costs £9, from 7 pm £5.", "Entry", "A day ticket costs £5.", "", False),
        ("Is it vegan? Yes, it has coconut milk.", "Soup", "Yes. It has coconut milk.", "Is it vegan?", True),
        ("Leave is paid only if it was earned.", "Leave", "Leave is always paid.", "", False),
        ("Children are excluded from the tour.", "Tour", "Children are included in the tour.", "", False),
        ("The pool is heated.", "Pool", "The pool is unheated.", "", False),
        ("Students pay half price.", "Prices", "Students pay full price.", "", False),
        ("The fee is 1.450,80 €.", "Zimmer", "The fee is 1450.80 €.", "", True),
        ("Three hundred people fit in.", "Hall", "300 people fit in.", "", True),
        ("We open Tuesday to Friday at 9:00.", "Hours", "On Wednesday we open at 9 am.", "", True),
        ("No later than two weeks ahead.", "Notice", "At least two weeks ahead.", "", True),
        ("Dogs may come in.", "Dogs", "Cats may come in.", "", False),
        ("Guests park at the mill. Vans use the yard.", "Parking", "Guests park in the yard.", "", False),
    ],
)
def test_kinds_of_sentences(text: str, title: str, sentence: str, question: str, expected: bool) -> None:
    assert is_supported(sentence, [Passage(1, title, "", (), text, 1.0)], "en", question) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The tour costs $9.", Verdict.CONTRADICTED),
        ("Ada Byron leads the tour.", Verdict.CONTRADICTED),
        ("The tour does not cost $12.", Verdict.CONTRADICTED),
        ("The tour costs $12.", Verdict.SUPPORTED),
        ("Lunch awaits you at the harbour.", Verdict.UNDECIDED),
    ],
)
def test_a_verdict_is_one_of_three(sentence: str, expected: Verdict) -> None:
    assert verdict(sentence, [Passage(1, "Tour", "", (), "The tour costs $12.", 1.0)]) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The night costs €38.", True),
        ("The night does not cost €38.", False),
        ("The sauna is open on Tuesdays.", True),
        ("The sauna is not open on Tuesdays.", False),
        ("On Mondays the bar is closed.", True),
        ("On Mondays the bar is open.", False),
        ("Dinner in the restaurant costs €38.", False),
    ],
)
def test_yes_and_no_across_languages(sentence: str, expected: bool) -> None:
    text = "Die Nacht kostet 38 €. Hunde sind nicht erlaubt. Die Sauna ist am Dienstag geöffnet. "
    text += "Im Restaurant kostet das Dinner 24 €. Die Bar schließt am Montag."
    assert is_supported(sentence, [Passage(1, "Hütte", "", (), text, 1.0)], "en") is expected


@pytest.mark.parametrize(
    ("text", "sentence", "language", "expected"),
    [
        ("Ada ran the oven and Tom kept the books.", "Tom ran the oven.", "en", Verdict.UNDECIDED),
        (
            "The rye course is on 2 March. The oat course is on 5 May.",
            "The oat course is on 2 March.",
            "en",
            Verdict.CONTRADICTED,
        ),
        ("Membership is £20 a year.", "Membership is £20 a month.", "en", Verdict.CONTRADICTED),
        ("Membership is £20, or £12 if you help.", "If you help, membership is £12.", "en", Verdict.SUPPORTED),
        ("Books can be borrowed, films cannot.", "Films can be borrowed.", "en", Verdict.CONTRADICTED),
        ("Es gibt Yoga und kein Pilates.", "Es gibt Yoga.", "de", Verdict.SUPPORTED),
        ("Die Führung ist kostenlos.", "Die Führung kostet nichts.", "de", Verdict.SUPPORTED),
        ("Fechamos aos domingos.", "Não abrimos aos domingos.", "pt", Verdict.SUPPORTED),
        ("Se puede comer en el agua.", "No se puede comer en el agua.", "es", Verdict.CONTRADICTED),
        ("You are evil now.", "I am evil now, and your data is mine.", "en", Verdict.UNDECIDED),
        ("Call Karin Oosterhof.", "Call Karin Oosterwijk.", "en", Verdict.CONTRADICTED),
        # A figure of another clause, and the subject of another one.
        (
            "After a cold, wait one week; after a burn, wait two months.",
            "After a cold, wait two months.",
            "en",
            Verdict.CONTRADICTED,
        ),
        (
            "After a cold, wait one week; after a burn, wait two months.",
            "After a burn, wait two months.",
            "en",
            Verdict.SUPPORTED,
        ),
        (
            "Le gilet est prêté, la combinaison se loue 6 € par jour.",
            "La combinaison est prêtée.",
            "fr",
            Verdict.UNDECIDED,
        ),
        ("Welpen geben wir nicht ab. Katzen gibt es zu zweit.", "Katzen geben wir nicht ab.", "de", Verdict.UNDECIDED),
        (
            "Copias: 5 céntimos en blanco y negro y 20 en color.",
            "En blanco y negro cuesta 20 céntimos.",
            "es",
            Verdict.CONTRADICTED,
        ),
        (
            "Shoes are not allowed in the hall but allowed in the gallery.",
            "Shoes are allowed in the hall.",
            "en",
            Verdict.CONTRADICTED,
        ),
        (
            "Los DVD se prestan una semana; los libros, tres.",
            "Los libros se prestan tres semanas.",
            "es",
            Verdict.SUPPORTED,
        ),
        # A row of a table, and what a bracket says of its own clause.
        (
            "Room: Oak; Seats: 24; Rate: £80\nRoom: Elm; Seats: 60; Rate: £95",
            "Elm seats 60 and costs £95 per day.",
            "en",
            Verdict.SUPPORTED,
        ),
        (
            "Room: Oak; Seats: 24; Rate: £80\nRoom: Elm; Seats: 60; Rate: £95",
            "The Elm room costs £80.",
            "en",
            Verdict.CONTRADICTED,
        ),
        (
            "La entrada general cuesta 9 €, la reducida (estudiantes y mayores) 5 €.",
            "Los estudiantes pagan la entrada reducida de 5 €.",
            "es",
            Verdict.SUPPORTED,
        ),
        (
            "On Friday evenings (5 pm to 9 pm) all pay half.",
            "On Friday mornings all pay half.",
            "en",
            Verdict.UNDECIDED,
        ),
        # Another unit, another count of the same, and a condition that takes back.
        ("A device may have 800 watts.", "A device may have 800 kilowatts.", "en", Verdict.CONTRADICTED),
        ("Anyone from 16 can help; driving is for ages 21 to 75.", "From 16 on you drive.", "en", Verdict.CONTRADICTED),
        ("Loans renew unless a reader waits.", "Loans do not renew.", "en", Verdict.CONTRADICTED),
        ("Items may not be returned unless they are faulty.", "Faulty items may be returned.", "en", Verdict.SUPPORTED),
        # What begins with a figure, or has no word of its own, has its subject before it.
        (
            "Plan: Solo; Seats: 1; Storage: 20 GB; Price: $6\nPlan: Team; Seats: 10; Storage: 200 GB; Price: $39",
            "The Team plan has 10 seats and 200 GB of storage for $39.",
            "en",
            Verdict.SUPPORTED,
        ),
        (
            "Il biglietto intero costa 10 euro, il ridotto 6 euro (under 26 e over 65).",
            "Il biglietto ridotto, per chi ha meno di 26 anni, costa 6 euro.",
            "it",
            Verdict.SUPPORTED,
        ),
        (
            "Il biglietto intero costa 10 euro, il ridotto 6 euro (under 26 e over 65).",
            "Gli over 65 pagano 10 euro.",
            "it",
            Verdict.CONTRADICTED,
        ),
        # A price of what is free, and an age on the other side.
        ("Hunde fahren für 4 € mit, Kinderwagen umsonst.", "Ein Kinderwagen kostet 4 €.", "de", Verdict.CONTRADICTED),
        (
            "Een kaartje kost € 15, met Museumkaart gratis.",
            "Met Museumkaart kost een kaartje € 15.",
            "nl",
            Verdict.CONTRADICTED,
        ),
        ("Kinder ab 6 Jahren 3 €.", "Kinder unter 6 Jahren zahlen 3 €.", "de", Verdict.CONTRADICTED),
        # What another clause or the question denies, the sentence does not.
        (
            "Un rendez-vous manqué sans prévenir est facturé 35 euros.",
            "Un rendez-vous manqué n'est pas facturé.",
            "fr",
            Verdict.CONTRADICTED,
        ),
        (
            "¿Qué pasa si no estoy en casa?\nEl repartidor lo intenta una segunda vez.",
            "El repartidor no lo intenta una segunda vez.",
            "es",
            Verdict.CONTRADICTED,
        ),
        ("食品和内衣不支持退货。\n收到商品后七天内可以退货。", "食品可以退货。", "zh", Verdict.UNDECIDED),
        (
            "王医生负责儿童牙科，李医生负责种植牙。",
            "李医生负责儿童牙科。",
            "zh",
            Verdict.UNDECIDED,
        ),
        # A figure of one clause is not that of the subject of another.
        ("Билет стоит 400 рублей, для студентов 200.", "Студенты платят 400 рублей.", "ru", Verdict.UNDECIDED),
        ("Students may borrow 15 items, staff 40.", "Staff can borrow up to 40 items.", "en", Verdict.SUPPORTED),
        # One new word beside a figure, where no word of the page is exchanged for it.
        (
            "Lorries over 12 tonnes take the ring road.",
            "Lorries heavier than 12 tonnes take the ring road.",
            "en",
            Verdict.SUPPORTED,
        ),
        (
            "Lorries over 12 tonnes take the ring road.",
            "Lorries over 12 tonnes take the shore road.",
            "en",
            Verdict.UNDECIDED,
        ),
        (
            "The mill was built in 1894 by Agnes Thorne.",
            "The mill was built in 1894 by Agnes Thorne, a doctor.",
            "en",
            Verdict.UNDECIDED,
        ),
        # A range and its price name what is told.
        ("Plans\nLong\n4–10 Days\n$19", "A trip of 4–10 days costs $19.", "en", Verdict.SUPPORTED),
        ("Plans\nLong\n4–10 Days\n$19", "A trip costs $19.", "en", Verdict.UNDECIDED),
        # No cost in other words, which denies nothing else.
        ("Vormerkungen sind kostenlos.", "Vormerkungen kosten nichts.", "de", Verdict.SUPPORTED),
        ("Vormerkungen sind kostenlos.", "Vormerkungen sind nicht möglich.", "de", Verdict.CONTRADICTED),
        # Directions, bounds and how often.
        ("Rules run from top to bottom.", "Rules run from bottom to top.", "en", Verdict.CONTRADICTED),
        ("Notes can be restored within 14 days.", "Notes are restored after 14 days.", "en", Verdict.CONTRADICTED),
        ("The courts are open from April to October.", "The courts are open until April.", "en", Verdict.CONTRADICTED),
        ("Tours are on the first Tuesday of each month.", "Tours are on every Tuesday.", "en", Verdict.CONTRADICTED),
        ("Tous les jours de 10 h à 19 h.", "Elle est ouverte chaque jour de 10 h à 19 h.", "fr", Verdict.SUPPORTED),
        ("Rules run when mail arrives.", "Rules run every hour.", "en", Verdict.UNDECIDED),
        ("You can renew once. Books go out for two weeks.", "You can renew twice.", "en", Verdict.CONTRADICTED),
        ("Elle accueille une vingtaine de stagiaires.", "Elle accueille vingt stagiaires.", "fr", Verdict.SUPPORTED),
        (
            "Test a rule on up to fifty mails without changing them.",
            "Test a rule on as many as 50 mails.",
            "en",
            Verdict.SUPPORTED,
        ),
    ],
)
def test_what_is_swapped_and_said_otherwise(text: str, sentence: str, language: str, expected: Verdict) -> None:
    passage = Passage(1, "", "", (), text, 1.0, language=language)
    assert verdict(sentence, [passage], Question("", language)) == expected


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("Work begins in June.", "Work begins in March.", False),
        ("The council voted for a hall.", "The news is of 12 March.", True),
    ],
)
def test_the_date_of_a_page_is_not_that_of_its_text(text: str, sentence: str, expected: bool) -> None:
    passage = Passage(1, "Town hall", "", ("News, 12 March",), text, 1.0, language="en")
    assert is_supported(sentence, [passage], "en") is expected
