"""Measure what the plugin adds to saving a post and to a page of a visitor, on nginx, PHP-FPM and MariaDB.

Requests with and without the plugin take turns. A saving is measured inside PHP, from the call of wp_update_post() to
the last moment before the answer is sent, with what the plugin does at the end of the request; a page from the start of
the script. The plugin is connected to a sidecar that does not answer: what it sends after the answer costs the author
nothing, but no request may go out before.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import figures
import resident
from figures import Figure
from free_port import free_port
from wordpress_site import Site, wordpress_site

SCRIPT = Path(__file__).parent / "save-post.php"
ROUNDS, QUICK, WARM = 200, 30, 5
# A page takes sixty times as long as what the plugin adds to it.
PAGES_A_ROUND = 3
# The post that a new WordPress has.
POST_ID = 1
SWITCH = {"on": "", "off": "off"}


def measure(is_quick: bool) -> list[Figure]:
    connection = f"http://bench:k1.{'k' * 43}@127.0.0.1:{free_port()}"
    rounds = QUICK if is_quick else ROUNDS
    with wordpress_site(SCRIPT, connection) as site:
        saved = in_turns(site, f"/save?id={POST_ID}&plugin=", rounds)
        seen = in_turns(site, "/?plugin=", PAGES_A_ROUND * rounds)
        memory = resident.mb(*site.pids)
    on_page, on_save = "a page of a visitor", "`save_post`"
    return [
        Figure("save-post", f"{on_save}: the plugin's time, median", more(saved, "ms"), "ms", 3),
        Figure("save-post", f"{on_save}: the plugin's queries", more(saved, "queries"), "", 1),
        Figure("save-post", f"{on_save}: requests before the answer", most(saved, "requests"), "", 0),
        Figure("save-post", f"{on_page}: the plugin's processor time, median", more(seen, "cpu_ms"), "ms", 1),
        Figure("save-post", f"{on_page}: the plugin's memory, median", more(seen, "kb"), "kB", 60),
        Figure("save-post", f"{on_page}: the plugin's queries", more(seen, "queries"), "", 0),
        Figure("save-post", f"{on_page}: requests before the answer", most(seen, "requests"), "", 0),
        Figure("save-post", f"{on_save} without the plugin, median", cost(saved["off"], "ms"), "ms"),
        Figure("save-post", f"{on_page} without the plugin, median", cost(seen["off"], "ms"), "ms"),
        Figure("save-post", "memory of PHP-FPM with two children and MariaDB", memory, "MB"),
    ]


Costs = dict[str, list[dict[str, float]]]


def in_turns(site: Site, path: str, rounds: int) -> Costs:
    """What each request cost, with the plugin and without."""
    found: Costs = {name: [] for name in SWITCH}
    for number in range(WARM + rounds):
        for name in list(SWITCH)[:: 1 if number % 2 else -1]:
            found[name].append(json.loads(site.get(path + SWITCH[name]).rsplit("\n", 1)[1]))
    return {name: costs[WARM:] for name, costs in found.items()}


def cost(costs: list[dict[str, float]], name: str) -> float:
    return median(one[name] for one in costs)


def more(costs: Costs, name: str) -> float:
    """The median of what a request with the plugin cost more than the one beside it."""
    return median(on[name] - off[name] for on, off in zip(costs["on"], costs["off"], strict=True))


def most(costs: Costs, name: str) -> float:
    return max(one[name] for one in costs["on"])


if __name__ == "__main__":
    figures.run(__doc__, measure)
