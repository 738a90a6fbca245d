"""Datasets: what is read, and what a wrong line is told."""

import json

import pytest

from rag_ask.errors import BadRequest
from rag_ask.evaluate.dataset import Document, as_html, load

PAGE = {"id": "a", "title": "Hours", "text": "We open at seven."}
ASKED = {"question": "When?", "answers": ["seven"]}


@pytest.fixture
def folder(tmp_path):
    def write(documents, questions):
        for name, rows in (("documents", documents), ("questions", questions)):
            lines = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
            (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        return tmp_path

    return write


def test_a_dataset_is_one_site_with_the_name_of_its_folder(folder):
    found = load(folder([PAGE, PAGE | {"id": "b", "site": "other"}], [ASKED]))
    assert [page.site for page in found.documents] == [found.name, "other"]
    assert found.questions[0].site == found.name
    assert found.questions[0].answerable


@pytest.mark.parametrize(
    ("documents", "questions", "told"),
    [
        (["{"], [ASKED], "documents.jsonl, line 1: is not JSON"),
        ([PAGE, "[]"], [ASKED], "documents.jsonl, line 2"),
        ([PAGE | {"author": "x"}], [ASKED], "author"),
        ([PAGE, PAGE], [ASKED], "two documents have one id"),
        ([PAGE], [ASKED, {"question": "?"}], "line 2: an answerable question needs"),
        ([PAGE], [{"question": "?", "documents": ["z"]}], "no document 'z'"),
        ([PAGE], [{"question": "?", "spans": [{"document": "a", "start": 0, "end": 99}]}], "a span ends behind"),
    ],
)
def test_what_is_wrong_is_named(folder, documents, questions, told):
    with pytest.raises(BadRequest) as caught:
        load(folder(documents, questions))
    assert caught.value.code == "invalid_dataset"
    assert told in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadRequest) as caught:
        load(tmp_path)
    assert "documents.jsonl: cannot be read" in caught.value.message


def test_text_becomes_paragraphs_and_headings():
    page = Document(id="a", title="T", text="# One\n\na < b\n#######x\n## \nend")
    assert as_html(page) == "<h1>One</h1>\n<p>a &lt; b</p>\n<p>x</p>\n<p>end</p>"
    assert as_html(Document(id="a", title="T", html="<p>x</p>", text="y")) == "<p>x</p>"
