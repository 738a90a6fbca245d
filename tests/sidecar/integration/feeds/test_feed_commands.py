"""`rag-ask pull` and `rag-ask files`, run as a person runs them."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fakes import rest_api
from fakes.wordpress import SECRET

COMMAND = str(Path(sys.executable).parent / "rag-ask")
TIMEOUT_S = 60


@pytest.fixture
def start(database_url):
    started = []

    def start(*arguments):
        environment = {
            "RAG_ASK_DATABASE_URL": database_url,
            "RAG_ASK_SECRET": SECRET.decode(),
            "PATH": os.environ["PATH"],
        }
        pipe = subprocess.PIPE
        started.append(subprocess.Popen([COMMAND, *arguments], env=environment, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=TIMEOUT_S)


@pytest.fixture
def run(start):
    def run(*arguments):
        process = start(*arguments)
        out, error = process.communicate(timeout=TIMEOUT_S)
        assert "Traceback" not in error
        return process.returncode, out, " ".join(error.split())

    return run


@pytest.fixture
def blog():
    with rest_api.serving() as served:
        # The command resolves names for itself.
        served.url = f"http://127.0.0.1:{served.port}"
        yield served


def test_pull_prints_a_summary_and_shows_progress(run, blog, wordpress):
    blog.publish(1, "The shop opens at seven.")
    blog.publish(2, "", content={"rendered": "", "protected": True})
    options = ("--site", wordpress.site_id, "--allow-host", "127.0.0.1", "--rate", "50")
    code, out, error = run("pull", blog.url, *options)
    assert code == 0, error
    assert re.fullmatch(
        r"1 new, 0 changed, 0 unchanged, 0 deleted, 1 excluded, \d requests, \d+\.\d s\n"
        r"  excluded, password: 1 \(post 2\)\n",
        out,
    )
    assert "post: list" in error and "1/1" in error
    wordpress.index()
    assert "seven" in wordpress.ask("When does the shop open?")["answer"]


def test_pull_goes_to_no_private_address_and_says_what_to_do(run, blog, wordpress):
    code, _, error = run("pull", blog.url, "--site", wordpress.site_id)
    assert (code, blog.requests) == (1, [])
    assert "add: --allow-host 127.0.0.1 (address_refused)" in error


def test_a_pull_that_is_killed_is_continued(run, start, blog, wordpress):
    for post_id in range(1, 121):
        blog.publish(post_id, "Text.")
    reached, killed = threading.Event(), threading.Event()

    def hang():
        reached.set()
        killed.wait(TIMEOUT_S)
        return 200, rest_api.JSON, b"[]"

    blog.break_with("content.rendered", lambda: None, hang)
    options = ("--site", wordpress.site_id, "--allow-host", "127.0.0.1", "--rate", "50")
    process = start("pull", blog.url, *options)
    assert reached.wait(TIMEOUT_S)
    process.send_signal(signal.SIGKILL)
    process.wait(TIMEOUT_S)
    killed.set()
    assert wordpress.status()["documents"]["pending"] == 50
    code, out, error = run("pull", blog.url, *options)
    assert (code, out.startswith("70 new, 0 changed, 50 unchanged, 0 deleted")) == (0, True), out + error


def test_pull_on_a_schedule_goes_on_after_a_failure(start, blog, wordpress):
    blog.publish(1, "Text.")
    options = ("--site", wordpress.site_id, "--allow-host", "127.0.0.1", "--rate", "50", "--every", "1s")
    process = start("pull", blog.url, *options)
    assert process.stdout.readline().startswith("1 new")
    blog.break_with("/posts?", (404, {"Content-Type": "text/html"}, b""))
    blog.publish(2, "Text.")
    for line in process.stdout:
        if line.startswith("1 new"):
            break
    process.terminate()
    _, error = process.communicate(timeout=TIMEOUT_S)
    assert "(not_found)" in error


def test_files_from_the_command_line(run, wordpress, tmp_path):
    (tmp_path / "hours.md").write_text("# Hours\n\nWe open at seven.")
    (tmp_path / "old.txt").write_bytes(b"\xff")
    code, out, error = run("files", str(tmp_path), "--site", wordpress.site_id)
    assert code == 0, error
    assert out.startswith("1 new, 0 changed, 0 unchanged, 0 deleted, 1 excluded, ")
    assert "not_utf8: 1 (old.txt (byte 0; save it as UTF-8))" in out
    assert "files" in error
    wordpress.index()
    citation = wordpress.ask("When do you open?")["citations"][0]
    assert citation["url"] == f"https://{wordpress.site_id}.example/hours.md"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("files", "/nowhere", "--site", "x"), "does not exist"),
        (("files", ".", "--site", "no-such-site"), "site_unknown"),
        (("pull", "http://127.0.0.1/", "--site", "no-such-site", "--every", "1w"), "no duration"),
        (("pull", "https://x.test/", "--site", "no-such-site"), "site_unknown"),
        (("pull", "https://x.test/"), "--site"),
    ],
)
def test_what_is_wrong_is_told(run, arguments, words):
    code, _, error = run(*arguments)
    assert code and words in error
