"""The stores that retrieval is compared with, in a process and a venv of their own: questions in, passages out.

Reads one JSON object a line: first what to store, then questions. Each store has its default set-up, and its hybrid one
where it has one. The tutorial recipe opens a connection for each request and asks one IVFFlat index that knows no site.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

TOP = 10
Search = Callable[[str, list[float]], list[str]]


def main() -> None:
    given = json.loads(sys.stdin.readline())
    makers = {"tutorial recipe": tutorial}
    if not given["only_recipe"]:
        makers |= {
            "LangChain": langchain,
            "LangChain, hybrid": lambda given: langchain(given, is_hybrid=True),
            "LlamaIndex": llama_index,
            "LlamaIndex, hybrid": lambda given: llama_index(given, is_hybrid=True),
        }
    stores = {name: make(given) for name, make in makers.items()}
    print(json.dumps(list(stores)), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        started, own = time.perf_counter(), time.process_time()
        texts = stores[asked["store"]](asked["question"], asked["vector"])
        took = time.perf_counter() - started, time.process_time() - own
        print(json.dumps({"ms": 1000 * took[0], "own_ms": 1000 * took[1], "texts": texts}), flush=True)


def tutorial(given: dict[str, Any]) -> Search:
    import psycopg

    with psycopg.connect(given["url"], autocommit=True) as connection:
        connection.execute(f"CREATE TABLE items (content text, embedding vector({len(given['vectors'][0])}))")
        with connection.cursor() as cursor:
            rows = zip(given["texts"], map(str, given["vectors"]), strict=True)
            cursor.executemany("INSERT INTO items VALUES (%s, %s)", list(rows))
        connection.execute("CREATE INDEX ON items USING ivfflat (embedding vector_cosine_ops) WITH (lists = 100)")

    def search(question: str, vector: list[float]) -> list[str]:
        with psycopg.connect(given["url"]) as connection:
            found = connection.execute(
                "SELECT content FROM items ORDER BY embedding <=> %s::vector LIMIT %s", (str(vector), TOP)
            )
            return [text for (text,) in found]

    return search


def langchain(given: dict[str, Any], is_hybrid: bool = False) -> Search:
    from langchain_core.embeddings import Embeddings
    from langchain_postgres import PGEngine, PGVectorStore
    from langchain_postgres.v2.hybrid_search_config import HybridSearchConfig

    class NoEmbeddings(Embeddings):
        """All vectors are given."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise NotImplementedError

        def embed_query(self, text: str) -> list[float]:
            return self.vector

    embeddings = NoEmbeddings()
    engine = PGEngine.from_connection_string(given["url"].replace("postgresql://", "postgresql+psycopg://"))
    table = f"langchain_{'hybrid' if is_hybrid else 'dense'}"
    config = HybridSearchConfig(tsv_column="content_tsv") if is_hybrid else None
    engine.init_vectorstore_table(table, len(given["vectors"][0]), hybrid_search_config=config)
    store = PGVectorStore.create_sync(engine, embeddings, table, hybrid_search_config=config)
    store.add_embeddings(given["texts"][: given["own"]], given["vectors"][: given["own"]])
    if is_hybrid:
        store.apply_hybrid_search_index()

    def search(question: str, vector: list[float]) -> list[str]:
        embeddings.vector = vector
        return [found.page_content for found in store.similarity_search(question, k=TOP)]

    return search


def llama_index(given: dict[str, Any], is_hybrid: bool = False) -> Search:
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryMode
    from llama_index.vector_stores.postgres import PGVectorStore

    store = PGVectorStore.from_params(
        connection_string=given["url"].replace("postgresql://", "postgresql+psycopg2://"),
        async_connection_string=given["url"].replace("postgresql://", "postgresql+asyncpg://"),
        table_name=f"llama_{'hybrid' if is_hybrid else 'dense'}",
        embed_dim=len(given["vectors"][0]),
        hybrid_search=is_hybrid,
    )
    own = zip(given["texts"][: given["own"]], given["vectors"], strict=False)
    store.add([TextNode(text=text, embedding=vector) for text, vector in own])
    mode = VectorStoreQueryMode.HYBRID if is_hybrid else VectorStoreQueryMode.DEFAULT

    def search(question: str, vector: list[float]) -> list[str]:
        query = VectorStoreQuery(
            query_embedding=vector,
            query_str=question,
            similarity_top_k=TOP,
            sparse_top_k=TOP if is_hybrid else None,
            mode=mode,
        )
        return [node.get_content() for node in store.query(query).nodes or []]

    return search


if __name__ == "__main__":
    main()
