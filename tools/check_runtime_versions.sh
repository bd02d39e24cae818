#!/usr/bin/env bash
# Runs the SDK's and the operators' tests (or those named) on the oldest dependencies that pyproject.toml allows, and on the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=("$@")
[ $# -gt 0 ] || tests=(tests/sdk tests/operators)
work=build/runtime
rm -rf "$work"
mkdir -p "$work"
.venv/bin/python -m build --wheel --outdir "$work" . >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
wheel=$(echo "$work"/*.whl)

: >"$work/newest.txt"
.venv/bin/python - >"$work/oldest.txt" <<'PYTHON'
import re, tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
for requirement in project["dependencies"] + project["optional-dependencies"]["server"]:
    print(*re.match(r"([\w.-]+)>=([\d.]+)", requirement).groups(), sep="==")
PYTHON

for age in oldest newest; do
    echo "== $age dependencies"
    venv=$work/$age
    .venv/bin/python -c 'import sys, venv; venv.create(sys.argv[1], with_pip=True)' "$venv"
    "$venv/bin/python" -m pip install --quiet --constraint "$work/$age.txt" "$wheel[server]" \
        hypothesis pytest pytest-asyncio pytest-timeout pytest-xdist
    "$venv/bin/python" -m pip list --format freeze | grep -iE '^(googleapis|grpcio|numpy|protobuf|pydantic)'
    "$venv/bin/pytest" -p no:cacheprovider --numprocesses=auto "${tests[@]}"
done
