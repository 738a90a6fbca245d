"""docker-compose.yml: valid by the Compose specification, and one source of commands with scripts/up."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml

from local_site import sidecar

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "node_modules" / "dclint" / "schemas" / "compose.schema.json"
OURS = ("migrate", "web", "worker")
SERVER_MIB = 2048


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))


def test_valid_by_the_compose_specification(compose: dict[str, Any], validator: jsonschema.Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_the_schema_refuses_what_is_wrong(compose: dict[str, Any], validator: jsonschema.Draft7Validator) -> None:
    broken = {**compose, "services": {"web": {**compose["services"]["web"], "comand": ["serve"]}}}
    assert not validator.is_valid(broken)


def test_runs_the_commands_of_scripts_up(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert tuple(services["migrate"]["command"]) == sidecar.MIGRATE
    started = {tuple(services[name]["command"]) for name in ("web", "worker")}
    assert started == set(sidecar.PROCESSES.values())


def test_the_image_runs_rag_ask_as_nobody_special() -> None:
    lines = (ROOT / "sidecar" / "Dockerfile").read_text().splitlines()
    assert 'ENTRYPOINT ["rag-ask"]' in lines
    assert "USER 10001" in lines
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert any("--require-hashes -r /src/requirements.lock" in line for line in lines)


def test_images_are_pinned_by_version_and_digest(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values() if "build" not in service]
    lines = (ROOT / "sidecar" / "Dockerfile").read_text().splitlines()
    images += [line.split()[1] for line in lines if line.startswith("FROM ") and line.split()[1] != "build"]
    assert len(images) == 4
    assert all(re.fullmatch(r"[a-z/]+:\d+\.\d+\.\d+-\w+@sha256:[0-9a-f]{64}", image) for image in images)


def test_the_image_gets_what_it_copies() -> None:
    folder = ROOT / "sidecar"
    kept = {line[1:] for line in (folder / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--)(.+)$", (folder / "Dockerfile").read_text(), re.MULTILINE)
    sources = {source for line in copied for source in shlex.split(line)[:-1]}
    assert sources == kept
    assert all((folder / source).exists() for source in sources)


def test_nothing_starts_before_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_this_machine_reaches_a_port(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_pgvector_is_safe(compose: dict[str, Any]) -> None:
    found = re.match(r"pgvector/pgvector:(\d+)\.(\d+)\.(\d+)-pg\d+@", compose["services"]["database"]["image"])
    assert found
    assert tuple(map(int, found.groups())) >= (0, 8, 4)


def test_fits_a_small_server(compose: dict[str, Any]) -> None:
    running = [service for service in compose["services"].values() if service["restart"] != "no"]
    assert sum(int(service["mem_limit"].removesuffix("m")) for service in running) <= SERVER_MIB


def test_holds_no_secret(compose: dict[str, Any]) -> None:
    environment = compose["services"]["migrate"]["environment"]
    assert environment["RAG_ASK_SECRET_FILE"].startswith("/run/secrets/")
    assert "${RAG_ASK_DB_PASSWORD:?" in environment["RAG_ASK_DATABASE_URL"]
    assert compose["secrets"]["rag_ask_secret"] == {"environment": "RAG_ASK_SECRET"}


def test_only_the_migrations_log_in_as_the_owner(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        url = urlsplit(compose["services"][name]["environment"]["RAG_ASK_DATABASE_URL"])
        assert (url.username, url.password, url.path) == (None, None, "/rag_ask")


def test_every_setting_can_be_set(compose: dict[str, Any]) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert service["env_file"] == [{"path": "sidecar.env", "required": False}]
        # What stands here wins over the file, so it is what belongs to these containers.
        own = {"RAG_ASK_DATABASE_URL", "RAG_ASK_SECRET_FILE", "RAG_ASK_PUBLIC_URL", "REDIS_URL"}
        assert set(service["environment"]) - own <= {"RAG_ASK_WEB_PROCESSES"}


def test_more_than_one_process_has_redis(compose: dict[str, Any]) -> None:
    for name in OURS:
        assert compose["services"][name]["environment"]["REDIS_URL"].startswith("redis://redis:")
