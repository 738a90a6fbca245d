"""What the tests of a changed embedder share: a question, another embedder, many posts, and what is stored."""

POSTS = 300
NEW = "openai/text-embedding-3-small/64"
QUESTION = {"question": "When does the shop open in the morning?"}


def many(site, count=POSTS):
    for start in range(2, count + 2, 100):
        site.push(*(site.upsert(n, 1, f"<p>Loaf number {n} costs pounds.</p>") for n in range(start, start + 100)))
    site.index()


def stored(site):
    """How many chunks each embedder has, how many are staged."""
    with site.database.system() as connection:
        rows = connection.execute("SELECT embedder, count(*) FROM chunks GROUP BY embedder").fetchall()
        staged = connection.execute("SELECT count(*) FROM staged_embeddings").fetchone()["count"]
    return {row["embedder"]: row["count"] for row in rows}, staged
