"""A streamed message of Anthropic's Messages API."""

from __future__ import annotations

from typing import Any

from rag_ask.providers.chat import Usage
from rag_ask.providers.chat.sse import Reply, filtered


class AnthropicReply(Reply):
    """Events of Anthropic's form. What was read is counted at the start, what was written at the end."""

    def take(self, data: dict[str, Any]) -> str:
        """Return the text of one event; thoughts are none."""
        kind = data["type"]
        if kind == "message_start":
            self._count(data["message"]["usage"])
        elif kind == "content_block_delta" and data["delta"]["type"] == "text_delta":
            text: str = data["delta"]["text"]
            return text
        elif kind == "message_delta":
            self._count(data.get("usage") or {})
            reason = data["delta"].get("stop_reason")
            if reason == "refusal":
                raise filtered()
            self.is_cut = reason == "max_tokens"
        elif kind == "message_stop":
            self.is_finished = True
        return ""

    def _count(self, usage: dict[str, Any]) -> None:
        """`input_tokens` leaves out what the cache of prompts took part in."""
        before = self.usage or Usage()
        cached = int(usage.get("cache_read_input_tokens") or before.cached_tokens)
        written = int(usage.get("cache_creation_input_tokens") or before.cache_write_tokens)
        fresh = before.input_tokens - before.cached_tokens - before.cache_write_tokens
        fresh = int(usage.get("input_tokens") or fresh)
        self.usage = Usage(fresh + cached + written, int(usage.get("output_tokens") or 0), cached, written)
