"""reStructuredText is read as docutils and Sphinx show it."""

from pathlib import PurePosixPath

from rag_ask.feeds.parse_file import parse
from rag_ask.indexing.clean import clean

TEXT = """
=============
Opening hours
=============

:Author: Ada

The shop opens at **seven**. See :ref:`the map <map>`; call ``run()``.

.. versionadded:: 2.0
   The back door.

.. toctree::
   :maxdepth: 2

   two

.. code-block:: sh
   :linenos:

   apt install bread

.. include:: /etc/passwd

.. raw:: html

   <p>raw</p>

Prices
======

=====  =====
Bread  Price
=====  =====
Rye    3.20
=====  =====
"""


def test_headings_roles_boxes_and_tables_are_text():
    title, html = parse(PurePosixPath("hours.rst"), TEXT)
    assert title == "Opening hours"
    assert [(block.heading_path, block.text.split("\n")) for block in clean(html)] == [
        (
            ("Opening hours",),
            ["The shop opens at seven. See the map; call run().", "2.0", "The back door.", "apt install bread"],
        ),
        (("Opening hours", "Prices"), ["Bread: Rye; Price: 3.20"]),
    ]


def test_a_file_without_a_title_is_called_by_its_heading_or_its_name():
    assert parse(PurePosixPath("a.rst"), "Before.\n\nHours\n=====\n\nAt seven.\n")[0] == "Hours"
    assert parse(PurePosixPath("opening-hours.rst"), "At seven.\n")[0] == "opening hours"
