"""Load: something done again and again beside a test."""

import threading

from sidecar_processes import until


class Load:
    """Does something again and again beside the test, and keeps what each turn returned."""

    def __init__(self, turn):
        self.results = []
        self._turn, self._ends = turn, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._ends.is_set():
            self.results.append(self._turn(len(self.results)))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join(60)

    def until_more(self):
        count = len(self.results)
        until(lambda: len(self.results) > count + 2)
