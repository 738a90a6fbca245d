"""Images: of the cited section, of the site's own host, on pages that everybody may read."""

import pytest

HTML = """<p>Crumb and Kettle bakes bread with sourdough.</p>
<h2>Opening hours</h2><p>The shop opens at seven in the morning and closes at six.</p>
<h2>Gift vouchers</h2><p>Gift vouchers of 20 and 50 euros are sold at the till.</p>"""


def image(site, heading, name="shop.jpg", host=None):
    url = f"https://{host or f'{site.site_id}.example'}/wp-content/uploads/{name}"
    return {"heading": heading, "url": url, "alt": "The shop", "width": 300, "height": 200}


def shown(site, question="When does the shop open in the morning?", groups=None):
    answer = site.ask(question, groups)
    assert answer["outcome"] == "quoted"
    return answer["images"]


def test_the_first_image_of_the_cited_section_goes_along(wordpress):
    images = [image(wordpress, heading, name) for heading, name in (("", "a.jpg"), ("opening Hours", "b.jpg"))]
    images += [image(wordpress, "Opening hours", "c.jpg"), image(wordpress, "Gift vouchers", "d.jpg")]
    wordpress.publish(1, 1, HTML, title="Visit us", images=images)
    found = shown(wordpress)[0]
    assert found.pop("number") >= 1
    assert found == {name: images[1][name] for name in ("url", "alt", "width", "height")}
    assert next(one["url"] for one in shown(wordpress, "Gift vouchers of 50 euros?")) == images[3]["url"]


@pytest.mark.parametrize(("host", "groups"), [("elsewhere.example", ["public"]), (None, ["public", "role:member"])])
def test_of_another_host_or_for_some_only_there_is_none(wordpress, host, groups):
    images = [image(wordpress, "Opening hours", host=host)]
    wordpress.publish(1, 1, HTML, title="Visit us", images=images, groups=groups)
    assert shown(wordpress, groups=groups) == []


def test_an_edit_without_the_image_takes_it_away(wordpress):
    wordpress.publish(1, 1, HTML, title="Visit us", images=[image(wordpress, "Opening hours")])
    assert shown(wordpress)
    wordpress.publish(1, 2, HTML, title="Visit us")
    assert shown(wordpress) == []
