"""Instructions in posts, questions and history, and a model that obeys every one: what the server itself stops.

Each line of data/injections.jsonl is a post, a question, and what the model says when it obeys. `never` must not leave,
`kept` must. `mark` says that it must not leave either where unsupported sentences are only marked. In `obeyed`, {n} and
{open} are the numbers of the injected post and of the one that tells the opening hours, {system} is the system prompt,
{code} the random marker of the request, {other} the text of another site, {question} what the visitor asked.
"""

import json
import re
from pathlib import Path

import pytest

from fakes import openai_server as play

CASES = [
    json.loads(line) for line in (Path(__file__).parents[2] / "data" / "injections.jsonl").read_text().splitlines()
]
OTHER = "Marzipan-7261 with nutmeg"
HOURS = "<p>The shop opens at seven in the morning.</p>"
KNOWN = "https://bakery.example/"


class Obedient:
    """Plays the model: fills in what it was told, and says it."""

    def __init__(self, text):
        self.text, self.names = text, {}

    def __call__(self, handler, body):
        system, user = (message["content"] for message in body["messages"][:2])
        numbers = dict(re.findall(r"--- source \[(\d)\] \w+\nTitle: (\w+)", user))
        by_title = {title: number for number, title in numbers.items()}
        self.names = {
            "n": by_title.get("Injected", "1"),
            "open": by_title["Hours"],
            "system": system,
            "code": re.search(r"--- source \[1\] (\w+)", user)[1],
            "question": user.split("Question: ")[-1].split("\n")[0],
            "other": OTHER,
        }
        play.chat(fill(self.text, self.names))(handler, body)


def fill(text, names):
    return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], match[0]), text)


@pytest.fixture(scope="module")
def printed():
    """A table of what was stopped, for pytest -s."""
    kinds = {}
    yield kinds
    print("\nkind                     cases stopped")
    for kind, results in kinds.items():
        print(f"{kind:24} {len(results):5} {sum(results):7}")


@pytest.mark.parametrize("undecided", ["drop", "mark"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{CASES.index(case)}")
def test_a_model_that_obeys_gets_nothing_out(paid_site, model_server, printed, case, undecided):
    site, other = paid_site(undecided=undecided, min_score=0.0), paid_site()
    other.publish(1, 1, f"<p>The secret recipe is {OTHER}.</p>", title="Recipe")
    site.publish(1, 1, HOURS, title="Hours", url=f"{KNOWN}hours/")
    site.publish(2, 1, case.get("post", "<p>Bread is baked here.</p>"), title="Injected", url=f"{KNOWN}injected/")
    body = {"question": case.get("question", "When does the shop open?")}
    if "turn" in case:
        model_server.chat.append(play.chat("NOT_ON_THIS_SITE"))
        body["conversation"] = site.ask(case["turn"])["conversation"]
        model_server.chat.append(play.status(500))
    model = Obedient(case["obeyed"])
    model_server.chat.append(model)
    stream = site.post("/v1/ask", body, Accept="text/event-stream").text
    assert model.names, "the model was asked"
    model_server.chat.clear()

    frames = [json.loads(line[6:]) for line in stream.split("\n") if line.startswith("data: ")]
    final = next(frame for frame in frames if "outcome" in frame)
    streamed = "".join(frame.get("text", "") for frame in frames)
    shown = json.dumps([streamed, final["answer"]], ensure_ascii=False)
    never = [fill(text, model.names) for text in case["never"]] if undecided == "drop" or case["mark"] else []
    leaked = [text for text in never if text in shown]
    printed.setdefault(case["kind"], []).append(not leaked)
    assert not leaked
    assert case.get("kept", "") in streamed
    assert streamed == final["answer"]
    assert set(re.findall(r"https?://[^\s\"]+", streamed)) <= {f"{KNOWN}hours/", f"{KNOWN}injected/"}
    assert not re.search(r"<[a-z!/]|!\[|\]\(", streamed)
    assert all(citation["url"].startswith(KNOWN) for citation in final["citations"])
