#!/bin/sh
# Builds the documentation of every product and fails on the first warning. Leaves archives in .build/documentation.
set -eu
cd "$(dirname "$0")/.."
out=.build/documentation
# Symbol graphs are written only where something is compiled.
rm -rf "$out" "$out.build"
status=0
for module in Theory Distributions Simulation Optimizers Report; do
    mkdir -p "$out/$module.symbols" "$out/all"
    swift build --target "$module" -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$PWD/$out/all" \
        --scratch-path .build/documentation.build >"$out/$module.log" 2>&1 || { tail -n 20 "$out/$module.log"; exit 1; }
    cp "$out/all/$module.symbols.json" "$out/$module.symbols/"
    docc convert "Sources/$module/$module.docc" --fallback-display-name "$module" --fallback-bundle-identifier "varlab.$module" \
        --additional-symbol-graph-dir "$out/$module.symbols" --output-dir "$out/$module.doccarchive" >"$out/$module.docc.log" 2>&1 || status=1
    if grep -E '^(warning|error)' "$out/$module.docc.log"; then status=1; fi
done
exit $status
