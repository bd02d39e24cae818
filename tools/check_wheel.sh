#!/usr/bin/env bash
# Builds the sdist and from it the wheel, installs that alone in an empty environment, and takes a gradient there.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$PWD/build/wheel
rm -rf "$work"
mkdir -p "$work"
.venv/bin/python -m build --outdir "$work" . >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
.venv/bin/python -c 'import sys, venv; venv.create(sys.argv[1], with_pip=True)' "$work/venv"
"$work/venv/bin/python" -m pip install --quiet "$work"/*.whl
cp deploy/smoke.py "$work"
cd "$work"
venv/bin/python -W error -c 'import gradwire; print(gradwire.__file__)'
venv/bin/gradwire --help >/dev/null
venv/bin/python smoke.py
