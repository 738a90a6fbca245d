from __future__ import annotations

from collections.abc import Iterator

import pytest
from linear import assert_linear

from fakes.openai_server import OpenAIServer, chat, chunk, events
from rag_ask.errors import ProviderRejected
from rag_ask.providers.chat.openai import OpenAIAnswerModel
from rag_ask.providers.chat.reasoning import ReasoningFilter

THOUGHT, SAID = "We open at nine [1]. Or `<think>`? No.", "We open at seven [1]."
FORMS = {
    "think": f"<think>\n{THOUGHT}\n</think>\n\n{SAID}",
    "thinking": f"<thinking>{THOUGHT}</thinking>{SAID}",
    "reasoning": f'<Reasoning effort="high">{THOUGHT}</Reasoning>\n{SAID}',
    "seed": f"<seed:think>{THOUGHT}</seed:think>{SAID}",
    "Mistral": f"[THINK]{THOUGHT}[/THINK]{SAID}",
    "Kimi": f"◁think▷{THOUGHT}◁/think▷{SAID}",
    "OpenThinker": f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|><|begin_of_solution|>{SAID}<|end_of_solution|>",
    "Gemma": f"<|channel>thought\n{THOUGHT}<channel|>{SAID}",
    "Harmony": f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}"
    "<|return|>",
    "Harmony, final alone": f"<|channel|>final<|message|>{SAID}<|return|>",
    "Harmony without its tokens": f"analysis{THOUGHT}assistantfinal{SAID}",
    "twice": f"<think>{THOUGHT}</think><think>{THOUGHT}</think>{SAID}",
    "empty": f"<think>\n\n</think>\n\n{SAID}",
    "at the end, unclosed": f"{SAID}<think>{THOUGHT}",
}


def filtered(text: str, size: int, is_open: bool = False) -> str:
    reasoning = ReasoningFilter(is_open)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join(map(reasoning.feed, pieces)) + reasoning.close()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_reasoning_is_no_answer_however_it_is_cut(text: str, size: int) -> None:
    assert filtered(text, size).strip() == SAID


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "Write `<think>` before it [1].",
        "1 < 2 and [text] stay, and a > b, <b>too</b>.",
        "analysis of soil costs 9 euros [1].",
        "Analysis",
        "`",
    ],
)
def test_other_text_is_left_as_it_is(text: str, size: int) -> None:
    assert filtered(text, size) == text


@pytest.mark.parametrize("size", [1, 1000])
def test_what_was_never_closed_is_no_answer(size: int) -> None:
    assert filtered(f"<think>{THOUGHT}", size) == ""


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_a_text_that_begins_inside_reasoning(size: int) -> None:
    assert filtered(f"{THOUGHT}</think>\n\n{SAID}", size, is_open=True).strip() == SAID
    assert filtered(SAID, size, is_open=True) == SAID
    # Seen too late: the paragraph ends, so that what waits for a marker is not shown.
    assert filtered(f"{THOUGHT}</think>{SAID}", size) == f"{THOUGHT}\n\n{SAID}"


@pytest.mark.parametrize("shape", ["<", "<think>", "</think>", "`", "[", "x", "<|channel|>", " ", "◁"])
@pytest.mark.parametrize("is_open", [False, True])
def test_a_long_text_takes_linear_time(shape: str, is_open: bool) -> None:
    assert_linear(lambda text: filtered(text, 8, is_open), lambda count: shape * (count // len(shape)), 8_000, 64_000)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def answered(model: OpenAIAnswerModel) -> str:
    return "".join(part for part in model.stream([{"role": "user", "content": "?"}]) if isinstance(part, str))


def model(server: OpenAIServer) -> OpenAIAnswerModel:
    return OpenAIAnswerModel("deepseek-r1", "sk-key", server.base_url, retry_pause_s=0.01)


def test_a_model_that_leaves_out_the_first_mark_is_known_from_its_second_reply_on(server: OpenAIServer) -> None:
    server.chat += [chat(f"{THOUGHT}</think>{SAID}")] * 2
    made = model(server)
    assert answered(made).endswith(f"\n\n{SAID}")
    assert answered(made) == SAID


def test_the_abstain_word_counts_after_reasoning(server: OpenAIServer) -> None:
    server.chat.append(chat(f"<think>{THOUGHT}</think>NOT_ON_THIS_SITE"))
    assert answered(model(server)) == ""


def test_reasoning_up_to_the_limit_of_tokens_is_said_so(server: OpenAIServer) -> None:
    server.chat.append(events(chunk(f"<think>{THOUGHT}"), chunk(finish_reason="length"), "[DONE]"))
    with pytest.raises(ProviderRejected, match="thinks less"):
        answered(model(server))


def test_thoughts_in_parts_of_their_own_are_left_out(server: OpenAIServer) -> None:
    thought = [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]
    said = [{"type": "text", "text": SAID}]
    delta = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in (thought, said)]
    server.chat.append(events(*delta, chunk(finish_reason="stop"), "[DONE]"))
    assert answered(model(server)) == SAID


def test_a_short_text_has_no_reasoning_either(server: OpenAIServer) -> None:
    server.chat.append(chat(f"<think>{THOUGHT}</think>{SAID}"))
    parts = model(server).complete([{"role": "user", "content": "?"}], 20, 5.0)
    assert "".join(part for part in parts if isinstance(part, str)) == SAID
