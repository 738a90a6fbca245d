"""Questions made of a site's own headings, and near misses made of questions."""

from rag_ask.evaluate.dataset import Dataset, Document, Question
from rag_ask.evaluate.exchange import exchanged
from rag_ask.evaluate.own_questions import with_questions

PAGES = (
    Document(
        id="a",
        site="s",
        title="Taster session",
        html="<h2>What to wear</h2><h2>Shoe hire prices</h2><p>Loose clothes.</p><h3>Related opening hours</h3>",
    ),
    Document(id="b", site="s", title="Café", text="# Related opening hours\nBoth floors of the café."),
)


def test_headings_are_asked_and_taken_out_of_their_page():
    made = with_questions(Dataset("s", PAGES, ()))
    assert {(asked.question, *asked.documents) for asked in made.questions} == {
        ("Shoe hire prices", "a"),
        ("Taster session", "a"),
    }
    first, second = made.documents
    assert first.title == ""
    assert "Shoe hire" not in first.html
    assert "What to wear" in first.html
    assert second.title == "Café"
    assert "Related opening hours" in second.html


def test_questions_that_somebody_wrote_stay():
    written = Dataset("s", PAGES, (Question(question="Where is the café?", site="s", documents=["b"]),))
    assert with_questions(written) is written


def test_the_rarest_word_of_a_question_becomes_a_name_of_nothing():
    asked = [
        Question(question="Which clothes for the Taster session?", site="s", documents=["a"]),
        Question(question="What is it?", site="s", documents=["a"]),
        Question(question="Is there clothes for the moon?", site="s", answerable=False),
    ]
    found = exchanged(Dataset("s", PAGES, tuple(asked)))
    assert found == {("s", asked[0].question): "Which Sehtolc for the Taster session?"}
