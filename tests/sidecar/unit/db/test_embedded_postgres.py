from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rag_ask.db.embedded_postgres import runtime_folder
from rag_ask.errors import UnsafeFolder


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> int:
    before = os.umask(request.param)
    request.addfinalizer(lambda: os.umask(before))
    return int(request.param)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_runtime_folder_and_what_is_in_it_are_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    folder = runtime_folder(tmp_path)
    assert [mode(path) for path in (folder, *folder.iterdir())] == [0o700, 0o700]
    assert runtime_folder(tmp_path) == folder


def test_a_folder_that_the_package_made_readable_is_private_again(tmp_path: Path) -> None:
    runtime_folder(tmp_path).chmod(0o755)
    assert mode(runtime_folder(tmp_path)) == 0o700


@pytest.mark.parametrize("rights", [0o777, 0o770, 0o702, 0o1777], ids=oct)
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, rights: int) -> None:
    runtime_folder(tmp_path).chmod(rights)
    with pytest.raises(UnsafeFolder, match="Remove it and start again"):
        runtime_folder(tmp_path)


def test_a_link_or_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    place = tmp_path / f"rag-ask-{os.geteuid()}"
    place.symlink_to(elsewhere)
    with pytest.raises(UnsafeFolder):
        runtime_folder(tmp_path)
    place.unlink()
    place.touch(mode=0o600)
    with pytest.raises(UnsafeFolder):
        runtime_folder(tmp_path)


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runtime_folder(tmp_path)
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    folder.rename(tmp_path / f"rag-ask-{stranger}")
    with pytest.raises(UnsafeFolder):
        runtime_folder(tmp_path)
