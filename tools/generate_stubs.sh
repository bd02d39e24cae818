#!/usr/bin/env bash
# Makes client/gradwire/v1 from proto/; with --check fails if what is there differs.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${PROTO_VENV:-.venv-proto}
target=client/gradwire/v1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

mapfile -t protos < <(cd proto && find gradwire -name '*.proto' | LC_ALL=C sort)
includes=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$venv/bin/python" -W ignore -m grpc_tools.protoc -I proto -I "$includes" \
    --plugin="protoc-gen-mypy=$venv/bin/protoc-gen-mypy" \
    --plugin="protoc-gen-mypy_grpc=$venv/bin/protoc-gen-mypy_grpc" \
    --python_out="$out" --grpc_python_out="$out" \
    --mypy_out="quiet:$out" --mypy_grpc_out="quiet:$out" \
    "${protos[@]}"

for proto in "${protos[@]}"; do
    if ! grep -q '^service ' "proto/$proto"; then
        rm -f "$out/${proto%.proto}_pb2_grpc.py" "$out/${proto%.proto}_pb2_grpc.pyi"
    fi
done
printf '"""The messages and stubs of gradwire.v1, generated from proto/ by `make proto`. Do not edit."""\n' \
    >"$out/gradwire/v1/__init__.py"

if [[ ${1:-} == --check ]]; then
    if ! diff -r --brief --exclude=__pycache__ "$out/gradwire/v1" "$target"; then
        echo "error: $target is stale: run 'make proto' and commit the result" >&2
        exit 1
    fi
    echo "$target is up to date"
else
    rm -rf "$target"
    mkdir -p "$(dirname "$target")"
    cp -r "$out/gradwire/v1" "$target"
fi
