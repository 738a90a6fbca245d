"""A streamed chat completion."""

from __future__ import annotations

from typing import Any

from rag_ask.providers.chat import Usage
from rag_ask.providers.chat.sse import Reply, filtered


class OpenAIReply(Reply):
    """Chunks of OpenAI's form; some servers leave out the end, some the count of tokens."""

    def take(self, data: dict[str, Any]) -> str:
        """Return the text of one chunk."""
        if usage := data.get("usage"):
            cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
            self.usage = Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]), int(cached))
        if not data.get("choices"):
            return ""
        choice = data["choices"][0]
        text = _text((choice.get("delta") or {}).get("content"))
        if reason := choice.get("finish_reason"):
            self.is_finished = True
            self.is_cut = reason == "length"
            if reason == "content_filter":
                raise filtered()
        return text


def _text(content: Any) -> str:
    """Mistral's reasoning models send parts: thoughts and text."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part["type"] == "text")
    return content or ""
