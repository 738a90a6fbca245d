"""The sample site as it lies in wp-env/content."""

import pytest

from local_site import content
from local_site.layout import Problem


def test_read_post_takes_the_head_and_the_markup_apart(tmp_path):
    path = tmp_path / "opening-hours.html"
    path.write_text("---\ntitle: Opening hours: all of them\ntype: page\n---\n\n<p>A line\n---\nof its own.</p>\n")
    assert content.read_post(path) == {
        "slug": "opening-hours",
        "title": "Opening hours: all of them",
        "type": "page",
        "content": "<p>A line\n---\nof its own.</p>",
    }


@pytest.mark.parametrize("path", sorted(content.SAMPLE.glob("*.html")), ids=lambda path: path.stem)
def test_every_sample_post_has_a_title_a_type_and_blocks(path):
    post = content.read_post(path)
    assert post["title"]
    assert post["type"] in ("post", "page")
    assert post["content"].startswith("<!-- wp:")


def test_import_of_a_file_that_is_not_there_names_it(tmp_path):
    with pytest.raises(Problem, match=r"missing\.xml"):
        content.import_wxr(tmp_path / "missing.xml")
