from __future__ import annotations

from pathlib import Path
from typing import cast

import onnx
import pytest
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from rag_ask.passage import Passage
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.chat import Messages
from rag_ask.providers.second_opinion import MAX_CLAIMS, Claim
from rag_ask.providers.second_opinion.model import ModelOpinion
from rag_ask.providers.second_opinion.onnx import OnnxOpinion

PASSAGE = Passage(1, "Tour", "", (), "The tour costs $12.", 1.0)
CLAIMS = [Claim("The tour costs $12.", (PASSAGE,)), Claim("Lunch is served.", (PASSAGE,))]
WORDS = ["[UNK]", "tour", "Lunch"]


class PlayedChat:
    name = "openai/played"

    def __init__(self, text: str | None) -> None:
        self.text, self.asked = text, list[tuple[str, Messages, int, float]]()

    def complete(self, site_id: str, messages: Messages, max_output_tokens: int, timeout_s: float) -> str | None:
        self.asked.append((site_id, messages, max_output_tokens, timeout_s))
        return self.text


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("1: yes\n2: no", [True, False]),
        ("2. No\n1. Yes", [True, False]),
        ("1: yes", [True, None]),
        ("I cannot tell.", [None, None]),
        (None, [None, None]),
    ],
)
def test_the_answer_model_is_asked_once(text: str | None, judged: list[bool | None]) -> None:
    chat = PlayedChat(text)
    assert ModelOpinion(cast(BudgetedModel, chat)).judge("site", "How much?", CLAIMS) == judged
    ((site_id, messages, limit, _),) = chat.asked
    assert site_id == "site" and limit < 100
    told = messages[1]["content"]
    assert told.count("--- source [1]") == 1
    assert "1. The tour costs $12. [1]\n2. Lunch is served. [1]" in told


def test_what_is_too_much_for_one_call_stays_undecided() -> None:
    chat = PlayedChat("\n".join(f"{number}: yes" for number in range(1, MAX_CLAIMS + 1)))
    judged = ModelOpinion(cast(BudgetedModel, chat)).judge("site", "?", [CLAIMS[0]] * (MAX_CLAIMS + 2))
    assert judged == [True] * MAX_CLAIMS + [None] * 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A groundedness model of one table: `Lunch` is made up, every other word is not."""
    logits = [[4.0, -4.0], [4.0, -4.0], [-4.0, 4.0]]
    table = helper.make_tensor("table", TensorProto.FLOAT, [3, 2], [value for row in logits for value in row])
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"], axis=0)],
        "played",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "tokens", 2])],
        [table],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, tmp_path / "model.onnx")
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_a_local_model_judges_by_the_tokens_of_the_sentence(folder: Path) -> None:
    opinion = OnnxOpinion(folder)
    assert opinion.judge("site", "How much?", CLAIMS) == [True, False]
    # What a passage says is not judged.
    lunch = Passage(1, "Lunch", "", (), "Lunch costs $9.", 1.0)
    assert opinion.judge("site", "Lunch?", [Claim("The tour costs $12.", (lunch,))]) == [True]


def test_a_long_passage_is_cut_and_the_sentence_is_not(folder: Path) -> None:
    long = Passage(1, "Tour", "", (), "tour " * 10_000, 1.0)
    assert OnnxOpinion(folder).judge("site", "?", [Claim("Lunch", (long,))]) == [False]
