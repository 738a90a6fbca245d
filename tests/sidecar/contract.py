"""The messages of tests/contract, by file name."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "contract"


def message(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
