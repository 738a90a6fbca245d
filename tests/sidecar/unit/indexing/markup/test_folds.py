from __future__ import annotations

import pytest

from rag_ask.indexing.clean import Block, clean

# What each builder writes for one fold, shortened to what tells it.
FOLDS = {
    "details": "<details><summary>Dogs?</summary><p>On a lead.</p></details>",
    "core accordion": '<div class="wp-block-accordion-item"><h3 class="wp-block-accordion-heading">'
    '<button id="a1" aria-controls="a1-panel" class="wp-block-accordion-heading__toggle"><span>Dogs?</span>'
    '<span aria-hidden="true">+</span></button></h3><div role="region" id="a1-panel" aria-labelledby="a1" inert '
    'hidden="until-found" class="wp-block-accordion-panel"><p>On a lead.</p></div></div>',
    "toggle": '<div class="toggle"><h4 class="toggle-title">Dogs?</h4>'
    '<div class="toggle-content" style="display:none">On a lead.</div></div>',
    "no names": '<h4>Dogs?</h4><div style="display:none">On a lead.</div>',
    "elementor": '<div class="elementor-tab-title" role="button" aria-controls="p1" aria-expanded="false">'
    '<a class="elementor-toggle-title">Dogs?</a></div><div id="p1" class="elementor-tab-content" role="region" '
    'aria-labelledby="t1" style="display:none"><p>On a lead.</p></div>',
    "elementor nested": '<details id="e1" class="e-n-accordion-item"><summary aria-controls="e1"><div>Dogs?</div>'
    '<span class="e-n-accordion-item-title-icon"><svg><title>Expand</title></svg></span></summary>'
    '<div role="region" aria-labelledby="e1">On a lead.</div></details>',
    "divi": '<div class="et_pb_toggle et_pb_toggle_close"><h5 class="et_pb_toggle_title">Dogs?</h5>'
    '<div class="et_pb_toggle_content clearfix">On a lead.</div></div>',
    "wpbakery": '<div class="vc_toggle"><div class="vc_toggle_title"><h4>Dogs?</h4><i></i></div>'
    '<div class="vc_toggle_content"><p>On a lead.</p></div></div>',
    "kadence": '<div class="kt-accordion-header-wrap"><button class="kt-blocks-accordion-header">Dogs?</button></div>'
    '<div class="kt-accordion-panel kt-accordion-panel-hidden"><p>On a lead.</p></div>',
    "bricks": '<div class="accordion-title-wrapper"><h3>Dogs?</h3></div>'
    '<div class="accordion-content-wrapper">On a lead.</div>',
    "bootstrap": '<h2 class="accordion-header"><button data-bs-toggle="collapse" data-bs-target="#c1">Dogs?</button>'
    '</h2><div id="c1" class="accordion-collapse collapse">On a lead.</div>',
    "spectra": '<div role="tab"><div class="uagb-faq-questions-button uagb-faq-questions"><span>Dogs?</span></div>'
    '<div class="uagb-faq-content" style="display: none"><p>On a lead.</p></div></div>',
    "yoast": '<strong class="schema-faq-question">Dogs?</strong> <p class="schema-faq-answer">On a lead.</p>',
    "button": '<button class="accordion">Dogs?</button><div class="panel" hidden>On a lead.</div>',
    "checkbox": '<input type=checkbox id=t><label for=t>Dogs?</label><div class="tab-content">On a lead.</div>',
    "definition": "<dl><dt>Dogs?</dt><dd>On a lead.</dd></dl>",
}


@pytest.mark.parametrize("fold", FOLDS.values(), ids=FOLDS)
def test_folded_content_is_read_under_its_title_and_no_further(fold: str) -> None:
    assert clean(f"<h2>Visit</h2>{fold}<p>Ask the desk.</p>") == [
        Block(("Visit", "Dogs?"), "On a lead."),
        Block(("Visit",), "Ask the desk."),
    ]


TABS = {
    "core": '<div class="wp-block-tab-list"><button id="tab__1" aria-controls="1">Summer</button><button id="tab__2" '
    'aria-controls="2">Winter</button></div><div class="wp-block-tab-panels"><section class="wp-block-tab-panel" '
    'id="1" aria-labelledby="tab__1" hidden><p>Six.</p></section><section class="wp-block-tab-panel" id="2" '
    'aria-labelledby="tab__2" hidden><p>Eleven.</p></section></div>',
    "elementor": '<div role="tablist"><div role="tab" aria-controls="1">Summer</div><div role="tab" aria-controls="2">'
    'Winter</div></div><div role="tablist"><div class="elementor-tab-mobile-title" role="tab" aria-controls="1">Summer'
    '</div><div id="1" role="tabpanel" hidden="false"><p>Six.</p></div><div class="elementor-tab-mobile-title" '
    'role="tab" aria-controls="2">Winter</div><div id="2" role="tabpanel" hidden="hidden"><p>Eleven.</p></div></div>',
    "divi": '<ul class="et_pb_tabs_controls"><li><a href="#">Summer</a></li><li><a href="#">Winter</a></li></ul>'
    '<div class="et_pb_all_tabs"><div class="et_pb_tab et_pb_tab_0">Six.</div><div class="et_pb_tab">Eleven.</div>'
    "</div>",
    "wpbakery": '<ul class="vc_tta-tabs-list"><li><a href="#1">Summer</a></li><li><a href="#2">Winter</a></li></ul>'
    '<div><div class="vc_tta-panel" id="1"><div class="vc_tta-panel-heading"><h4><a href="#1">Summer</a></h4></div>'
    '<div>Six.</div></div><div class="vc_tta-panel" id="2"><h4>Winter</h4><div>Eleven.</div></div></div>',
    "kadence": '<ul class="kt-tabs-title-list"><li id="tab-summer"><a href="#tab-summer" data-tab="1">Summer</a></li>'
    '<li id="tab-winter"><a href="#tab-winter" data-tab="2">Winter</a></li></ul><div class="kt-tabs-content-wrap">'
    '<div class="wp-block-kadence-tab">Six.</div><div class="wp-block-kadence-tab">Eleven.</div></div>',
    "bootstrap": '<nav><div class="nav nav-tabs" role="tablist"><button data-bs-toggle="tab" data-bs-target="#1">Summer'
    '</button><button data-bs-toggle="tab" data-bs-target="#2">Winter</button></div></nav><div class="tab-content">'
    '<div class="tab-pane fade show active" id="1">Six.</div><div class="tab-pane fade" id="2">Eleven.</div></div>',
}


@pytest.mark.parametrize("tabs", TABS.values(), ids=TABS)
def test_every_tab_is_read_under_its_title(tabs: str) -> None:
    found = clean(f"<p>Pool.</p>{tabs}<p>Ask the desk.</p>")
    titled = [block for block in found if block.heading_path]
    assert titled == [Block(("Summer",), "Six."), Block(("Winter",), "Eleven.")]
    assert found[0].text.startswith("Pool.")
    assert found[-1] == Block((), "Ask the desk.")


def test_tabs_without_titles_are_read() -> None:
    html = '<section class="wp-block-tab-panel" id="tab-0" aria-labelledby="tab__tab-0" hidden>Six.</section>'
    assert clean(html) == [Block((), "Six.")]


def test_a_fold_within_a_fold_keeps_both_titles() -> None:
    html = "<details><summary>Tea</summary><details><summary>Green</summary>Two minutes.</details>Hot.</details>"
    assert clean(html) == [Block(("Tea", "Green"), "Two minutes."), Block(("Tea",), "Hot.")]


def test_headings_in_a_fold_end_with_it() -> None:
    html = "<h3>Visit</h3><details><summary>Tea</summary><h2>Green</h2>Hot.</details>Open."
    assert clean(html) == [Block(("Visit", "Tea", "Green"), "Hot."), Block(("Visit",), "Open.")]


def test_folds_too_deep_are_text() -> None:
    html = "".join(f"<details><summary>{name}</summary>" for name in "abcdef") + "x" + "</details>" * 6 + "end"
    below = ("a", "b", "c", "d")
    assert clean(html) == [Block(below, "e"), Block(below, "f"), Block(below, "x"), Block((), "end")]


def test_more_is_no_title() -> None:
    html = '<p>Intro.</p><div id="m" class="more" hidden>The rest.</div><button aria-controls="m">Read more</button>'
    assert clean(html) == [Block((), "Intro.\nThe rest.")]
    assert clean("<details><summary>Weiterlesen</summary>The rest.</details>") == [Block((), "The rest.")]


@pytest.mark.parametrize(
    "html",
    [
        '<button aria-controls="m" aria-haspopup="true">Menu</button><ul id="m" hidden><li>Home</li></ul>',
        '<button aria-controls="m">Menu</button><div id="m" class="menu-panel" hidden>Home</div>',
        '<div class="modal fade" id="d" role="dialog" aria-labelledby="t" aria-hidden="true">Sign up</div>',
        '<button data-bs-toggle="modal" data-bs-target="#d">Go</button><div id="d" style="display:none">Sign up</div>',
        '<div id="cookie-notice">We use cookies.</div>',
        '<div class="swiper-slide swiper-slide-duplicate">Again</div><div class="slick-slide slick-cloned">Again</div>',
        '<div style="display:none">Secret</div>',
        '<div role="menu">Home</div>',
    ],
)
def test_menus_boxes_and_copies_go(html: str) -> None:
    assert clean(f"<p>before</p>{html}<p>after</p>") == [Block((), "before\nafter")]
