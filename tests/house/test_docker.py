"""No container engine runs where tests run, so what can be proven without one is."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import crossplane
import pytest
import yaml

from hub.entry.settings import load_settings
from tests.house.documents import ROOT

DOCKER = ROOT / "docker"
COMPOSE = ("compose.yaml", "compose.demo.yaml")


def stages():
    words = (DOCKER / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    found: list[tuple[str, list[str]]] = []
    for line in words.splitlines():
        if line.startswith("FROM "):
            found.append((line, []))
        elif found and line.strip() and not line.startswith("#"):
            found[-1][1].append(line.strip())
    return found


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_keeps_the_specification(name):
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", DOCKER / name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", COMPOSE)
def test_what_a_service_names_is_declared(name):
    told = yaml.safe_load((DOCKER / name).read_text("utf-8"))
    for service in told["services"].values():
        assert set(service.get("secrets", [])) <= set(told.get("secrets", {}))
        assert set(service.get("networks", [])) <= set(told.get("networks", {}))
        assert set(service.get("depends_on", {})) <= set(told["services"])
        for mount in service.get("volumes", []):
            if mount["type"] == "volume":
                assert mount["source"] in told["volumes"]


def test_secrets_are_files_and_stand_in_no_variable():
    told = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
    assert all(set(secret) == {"file"} for secret in told["secrets"].values())
    for service in told["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", name):
                assert str(value).startswith("/run/secrets/")


def test_only_the_worker_has_a_way_to_the_agencies():
    services = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]
    assert [n for n, s in services.items() if "agencies" in s["networks"]] == ["worker"]


def test_the_product_does_not_run_as_root_and_does_not_hold_its_tests():
    product = next(steps for line, steps in stages() if line.endswith(" AS hub"))
    assert "USER hub" in product
    assert not any("tests" in step for step in product)
    assert stages()[-1][0].startswith("FROM hub ")


def test_base_images_are_pinned_to_a_release():
    names = {name for line, _ in stages() for name in re.findall(r" AS (\w+)", line)}
    for line, _ in stages():
        base = line.split()[1]
        assert base in names or re.search(r":\d+\.\d+", base)
    for name in COMPOSE:
        for service in yaml.safe_load((DOCKER / name).read_text())["services"].values():
            assert re.search(r":\d", service["image"])


def test_everything_copied_into_the_image_is_let_into_its_build():
    allowed = (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = [
        step.split()[-2]
        for _, steps in stages()
        for step in steps
        if step.startswith("COPY ") and "--from" not in step
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert f"!{source}" in allowed


def test_the_image_holds_all_that_the_product_needs(tmp_path):
    for room in ("hub", "schema", "adapters", "mappings"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignored)
    done = subprocess.run(
        [sys.executable, "-m", "hub.entry", "mappings", "check"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "police_case" in done.stdout


def test_the_proxy_knows_every_directive_and_has_its_time_outs():
    parsed = crossplane.parse(str(DOCKER / "nginx.conf"), strict=True)
    (config,) = parsed["config"]
    # the left side of a `map` is a value, which the checker takes for a directive
    wrong = [
        e for e in config["errors"] if not re.search(r'"(default)?" in', e["error"])
    ]
    assert not wrong
    words = json.dumps(config["parsed"])
    for needed in (
        "client_header_timeout",
        "client_body_timeout",
        "proxy_read_timeout",
        "send_timeout",
        "client_max_body_size",
        "limit_conn",
    ):
        assert f'"{needed}"' in words


def test_the_example_deployment_is_a_valid_one(tmp_path):
    words = (DOCKER / "agencies.example.toml").read_text("utf-8")
    for name in set(re.findall(r"/run/secrets/(\w+)", words)):
        (tmp_path / name).write_text(f"invented-{name}", "utf-8")
    path = tmp_path / "hub.toml"
    path.write_text(words.replace("/run/secrets", str(tmp_path)), "utf-8")
    settings = load_settings(path, {})
    assert settings.database == "invented-database"
    systems = {one.system for one in settings.endpoints}
    assert systems == {p.parent.name for p in ROOT.glob("adapters/*/manifest.yaml")}
    declared = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["secrets"]
    assert set(re.findall(r"/run/secrets/(\w+)", words)) <= set(declared)
