"""A folder of files becomes the documents of a site, and stays equal to it."""

import os
from pathlib import PurePosixPath

import pytest
from office import pdf, sheet
from rich.progress import Progress

from rag_ask.errors import RagAskError
from rag_ask.feeds import files
from rag_ask.feeds.files import MAX_FILE_BYTES, Options, index, post_id
from rag_ask.feeds.summary import Summary


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "docs"
    (made / "guide").mkdir(parents=True)
    (made / "hours.md").write_text("# Opening hours\n\nThe shop opens at seven.\n")
    (made / "guide" / "index.html").write_text("<title>Guide</title><main><p>How to bake.</p></main>")
    (made / "notes.txt").write_text("Flour, water, salt.")
    return made


class Indexer:
    """Indexes the folder into a site, as the command does."""

    def __init__(self, database, wordpress, folder):
        self.database, self.wordpress, self.folder = database, wordpress, folder

    def __call__(self, **options):
        self.summary = Summary()
        chosen = Options(self.folder, "https://x.test/docs", **options)
        index(self.database, self.wordpress.site_id, chosen, self.summary, Progress(disable=True))
        return self.summary.new, self.summary.changed, self.summary.unchanged, self.summary.deleted

    def rows(self):
        with self.database.system() as connection:
            found = connection.execute(
                "SELECT * FROM documents WHERE site_id = %s AND state <> 'deleted'", (self.wordpress.site_id,)
            ).fetchall()
        return {row["url"]: row for row in found}


@pytest.fixture
def indexer(database, wordpress, folder):
    return Indexer(database, wordpress, folder)


def test_files_are_read_and_answered_from(indexer, wordpress):
    assert indexer(language="en-GB") == (3, 0, 0, 0)
    rows = indexer.rows()
    assert {url.removeprefix("https://x.test/docs/"): row["title"] for url, row in rows.items()} == {
        "hours.md": "Opening hours",
        "guide/": "Guide",
        "notes.txt": "notes",
    }
    wordpress.index()
    answer = wordpress.ask("When does the shop open?")
    assert "The shop opens at seven" in answer["answer"]
    assert answer["citations"][0]["url"] == "https://x.test/docs/hours.md"


def test_a_second_run_writes_what_changed_and_deletes_what_is_gone(indexer, folder):
    indexer()
    before = {url: row["version"] for url, row in indexer.rows().items()}
    os.utime(folder / "guide" / "index.html", (1, 1))
    assert indexer() == (0, 0, 3, 0)
    (folder / "hours.md").write_text("# Opening hours\n\nAt eight.")
    (folder / "notes.txt").rename(folder / "recipe.txt")
    assert indexer() == (1, 1, 1, 1)
    rows = indexer.rows()
    assert rows.keys() == {f"https://x.test/docs/{name}" for name in ("hours.md", "guide/", "recipe.txt")}
    changed = [url for url, row in rows.items() if row["version"] != before.get(url)]
    assert len(changed) == 2


def test_what_is_hidden_another_kind_or_elsewhere_is_not_read(indexer, folder, tmp_path):
    (folder / ".git").mkdir()
    (folder / ".git" / "secret.md").write_text("Secret.")
    (folder / ".env.txt").write_text("Secret.")
    (folder / "image.png").write_bytes(b"\x89PNG")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("Secret.")
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside)
    (folder / "broken.md").symlink_to(folder / "nothing.md")
    (folder / "again.md").symlink_to(folder / "hours.md")
    (folder / "folder.md").mkdir()
    assert indexer() == (4, 0, 0, 0)
    assert indexer.summary.excluded == {"link_outside": ["link.md"]}
    assert not [row for row in indexer.rows().values() if "Secret" in row["html"]]


def test_what_cannot_be_read_is_named_and_keeps_its_document(indexer, folder):
    indexer()
    (folder / "hours.md").write_bytes(b"Caf\xe9")
    (folder / "notes.txt").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    assert indexer() == (0, 0, 1, 0)
    assert indexer.summary.excluded == {
        "not_utf8": ["hours.md (byte 3; save it as UTF-8)"],
        "file_too_large": ["notes.txt: larger than 5 MB. Split it."],
    }
    assert len(indexer.rows()) == 3
    printed = "\n".join(indexer.summary.lines())
    assert "2 excluded" in printed
    assert "excluded, not_utf8: 1 (hours.md (byte 3; save it as UTF-8))" in printed


def test_a_name_that_is_no_utf_8_is_read_and_can_be_printed(indexer, folder):
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("# Coffee\n\nWe roast.")
    (folder / os.fsdecode(b"caf\xe8.md")).write_bytes(b"\xff")
    assert indexer() == (4, 0, 0, 0)
    "\n".join(indexer.summary.lines()).encode()


def test_an_emptied_folder_deletes_nothing_unless_told(indexer, folder):
    indexer()
    for path in (folder / "hours.md", folder / "notes.txt"):
        path.unlink()
    with pytest.raises(RagAskError, match="2 of 3 documents") as stopped:
        indexer()
    assert stopped.value.code == "mass_delete"
    assert len(indexer.rows()) == 3
    assert indexer(allow_mass_delete=True) == (0, 0, 1, 2)


def test_a_folder_that_cannot_be_opened_deletes_nothing(indexer, folder, monkeypatch):
    indexer()
    walk = os.walk

    def half_a_walk(top, onerror):
        # The tests may run as root, whom no permission stops.
        for found in walk(top):
            found[1].clear()
            yield found
        onerror(PermissionError(13, "Permission denied", f"{top}/guide"))

    monkeypatch.setattr(files.os, "walk", half_a_walk)
    assert indexer() == (0, 0, 2, 0)
    assert "Permission denied" in indexer.summary.excluded["unreadable"][0]
    assert len(indexer.rows()) == 3


def test_ids_are_stable_and_two_files_never_share_one(indexer, monkeypatch):
    assert post_id(PurePosixPath("guide/index.html")) == 1581077968255584
    assert post_id(PurePosixPath("cafe\u0301.md")) == post_id(PurePosixPath("caf\u00e9.md"))
    monkeypatch.setattr(files, "post_id", lambda path: 7)
    assert indexer()[0] == 1
    assert len(indexer.summary.excluded["same_id"]) == 2


def test_a_site_of_the_plugin_is_never_written(indexer, wordpress):
    wordpress.push(wordpress.upsert(1, 1, "<p>Pushed.</p>"))
    with pytest.raises(RagAskError) as refused:
        indexer()
    assert refused.value.code == "fed_otherwise"
    assert len(indexer.rows()) == 1


def test_pdf_and_office_files_are_read_and_a_pdf_is_cited_by_its_page(indexer, wordpress, folder):
    (folder / "rules.pdf").write_bytes(pdf("Welcome to the house.", "Quiet hours are from ten to seven."))
    (folder / "prices.xlsx").write_bytes(sheet(("Bread", "Small", "Large"), ("Rye", 3.2, 5.1)))
    (folder / "scan.pdf").write_bytes(pdf(lambda page: page.rect(10, 10, 50, 50)))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04")
    (folder / "~$broken.docx").write_bytes(b"PK\x03\x04")
    assert indexer(language="en-GB") == (5, 0, 0, 0)
    assert {code: len(named) for code, named in indexer.summary.excluded.items()} == {
        "file_scanned": 1,
        "file_broken": 1,
    }
    wordpress.index()
    answer = wordpress.ask("When are the quiet hours?")
    assert answer["citations"][0]["url"] == "https://x.test/docs/rules.pdf#page=2"
    assert "Small: 3.2" in wordpress.ask("What does a small rye bread cost?")["answer"]
