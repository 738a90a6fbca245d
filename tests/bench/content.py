"""Compare what guests see on the pages of an export with what the index holds of them, word by word.

DATA is a WordPress export (WXR). It is imported into a throw-away WordPress with the plugin, as `scripts/up --import`
does. Chromium reads the title and the content of each page that is indexed, folds opened; the sidecar cleans the
document that the plugin would push. Printed are, for each page that differs:

  lost   words that a guest sees and the index lacks
  glued  words of the index that are two words of the page without the space
  more   other words of the index that the page does not show

Left out of the page are what docs/owners/content.md says is not read: fields and buttons of forms, navigation, frames,
marks of footnotes, prices before a sale. Needs PHP and Chromium (RAG_ASK_CHROMIUM).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import figures

from rag_ask.indexing.clean import clean
from rag_ask.passage import PAGE
from rag_ask.text.normalize import normalize

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "tests/bench"
SQLITE = ROOT / "node_modules/@wp-playground/cli/sqlite-database-integration.zip"
CORE = ROOT / ".state/wordpress"
TIMEOUT_S = 900
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"^[0-9]{1,3}\. ")


def main(export: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as environment:
        documents = run(environment, "php", BENCH / "content-site.php", export)
        with serving(environment) as port:
            pages = run({**environment, "PORT": port}, "node", BENCH / "content-pages.mjs", given=documents)
    totals = dict.fromkeys(("words", "lost", "glued", "more"), 0)
    for document, page in zip(documents, pages, strict=True):
        found = compare(page, index_text(document))
        totals["words"] += len(_WORD.findall(page))
        for kind, words in found.items():
            totals[kind] += len(words)
        if any(found.values()):
            print(f"\n{document['title'] or '(no title)'}  {document['url']}")
            for kind, words in found.items():
                print(f"  {kind:6}{' '.join(words)}" if words else "", end="\n" if words else "")
    print(f"\n{len(documents)} pages, {totals['words']} words that guests see.", end=" ")
    print(f"Lost: {totals['lost']}, glued: {totals['glued']}, more: {totals['more']}.")


def compare(page: str, index: str) -> dict[str, list[str]]:
    """The words that only one of two texts has, by what became of them."""
    seen, held = words_of(page), words_of(index)
    only = sorted(held - seen)
    glued = [word for word in only if word in pairs_of(page)]
    # A page whose styles are not loaded glues the buttons beside its links.
    lost = sorted(seen - held - pairs_of(index))
    return {"lost": lost, "glued": glued, "more": [word for word in only if word not in glued]}


def pairs_of(text: str) -> set[str]:
    """Each word with the next one, without the space."""
    ordered = [word.lower() for word in _WORD.findall(text)]
    return {first + second for first, second in pairwise(ordered)}


def words_of(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(normalize("NFKC", text))}


def index_text(document: dict[str, Any]) -> str:
    """The title and the text of the page; excerpt, fields, terms and alternative texts stand beside it."""
    blocks = [block for block in clean(document["html"]) if block.kind == PAGE]
    lines = [line for block in blocks for line in (*block.heading_path, *block.text.split("\n"))]
    # A browser draws the numbers of a list; they are no text of the page.
    return "\n".join([document["title"], *(_NUMBER.sub("", line) for line in lines)])


@contextlib.contextmanager
def site(folder: Path) -> Iterator[dict[str, str]]:
    """A WordPress on SQLite with the plugin, as tests/plugin/ uses it. Yields the environment of its processes."""
    (folder / "plugins").mkdir()
    (folder / "database").mkdir()
    (folder / "themes").symlink_to(CORE / "wp-content/themes")
    (folder / "plugins/rag-ask").symlink_to(ROOT / "wordpress-plugin")
    with zipfile.ZipFile(SQLITE) as archive:
        archive.extractall(folder / "plugins")
    plugin = folder / "plugins/sqlite-database-integration"
    (folder / "plugins/plugin-sqlite-database-integration").rename(plugin)
    (folder / "db.php").write_bytes((plugin / "db.copy").read_bytes())
    environment = {**os.environ, "RAG_ASK_TEST_CORE": str(CORE), "RAG_ASK_TEST_SITE": str(folder)}
    subprocess.run(["php", ROOT / "tests/plugin/install-site.php"], env=environment, check=True, timeout=TIMEOUT_S)
    yield environment


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """PHP's own web server in front of the site. Yields its port."""
    command = ["php", "-S", "127.0.0.1:0", ROOT / "tests/plugin/support/router.php"]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert server.stderr
    found = re.search(r"127\.0\.0\.1:(\d+)", server.stderr.readline())
    try:
        assert found, "PHP's web server did not start"
        yield found[1]
    finally:
        server.terminate()
        server.wait()


def run(environment: dict[str, str], *command: str | Path, given: object = None) -> Any:
    """Run a program that reads and writes JSON."""
    text = None if given is None else json.dumps(given)
    done = subprocess.run(
        command, env=environment, input=text, stdout=subprocess.PIPE, text=True, check=True, timeout=TIMEOUT_S
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    arguments = figures.described(__doc__)
    arguments.add_argument("data", type=Path, metavar="DATA")
    main(arguments.parse_args().data)
