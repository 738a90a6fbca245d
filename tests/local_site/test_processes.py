"""The processes of scripts/up: known again, started once, stopped with all they started."""

import json
import os
import subprocess
import time

import pytest

from local_site import processes

SLEEP = ["sleep", "60"]

# The processes are meant to outlive who started them.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <function Popen.__del__")


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    for name in ("PIDS", "LOGS"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(processes, name, tmp_path / name)
    yield tmp_path
    for record in (tmp_path / "PIDS").glob("*.json"):
        processes.stop(record.stem)


def pid_of(name):
    return json.loads((processes.PIDS / f"{name}.json").read_text())["pid"]


def until_gone(pid):
    deadline = time.monotonic() + 10
    while processes.started_at(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return processes.started_at(pid) is None


def test_start_does_nothing_twice():
    assert processes.start("sleeper", SLEEP, os.environ, "a")
    first = pid_of("sleeper")
    assert not processes.start("sleeper", SLEEP, os.environ, "a")
    assert pid_of("sleeper") == first


def test_start_with_other_settings_replaces_the_process():
    processes.start("sleeper", SLEEP, os.environ, "a")
    first = pid_of("sleeper")
    assert processes.start("sleeper", SLEEP, os.environ, "b")
    assert until_gone(first)
    assert processes.has_settings("sleeper", "b")
    assert not processes.has_settings("sleeper", "a")


def test_stop_takes_the_children_along(folders):
    child = folders / "child"
    processes.start("parent", ["bash", "-c", f"sleep 60 & echo $! > {child}; wait"], os.environ, "a")
    deadline = time.monotonic() + 20
    while not (child.exists() and child.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes.stop("parent")
    assert until_gone(int(child.read_text()))
    assert not processes.stop("parent")


def test_another_process_with_the_same_number_is_left_alone():
    with subprocess.Popen(SLEEP) as stranger:
        record = {"pid": stranger.pid, "started": "long ago", "fingerprint": "a"}
        (processes.PIDS / "sleeper.json").write_text(json.dumps(record))
        assert not processes.is_running("sleeper")
        assert not processes.stop("sleeper")
        assert stranger.poll() is None
        stranger.kill()


def test_a_broken_record_is_no_process():
    (processes.PIDS / "sleeper.json").write_text("{")
    assert not processes.is_running("sleeper")
