#!/usr/bin/env bash
# Builds dist/varlab_VERSION_ARCHITECTURE.deb: the command, static but for the C and C++ libraries, with its manual page and completions, and tries it in
# a root that has nothing but what the package asks for, where the system lets a root be changed. A folder with the command built by
# build_native.sh may be given.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then native=$1; else native=.build/native-products; Scripts/build_native.sh "$native" command; fi
version=$("$native/varlab" --version | cut -d" " -f1)
architecture=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
package=$root/package

install -D -m 755 "$native/varlab" "$package/usr/bin/varlab"
install -D -m 644 LICENSE "$package/usr/share/doc/varlab/copyright"
mkdir -p "$package/usr/share/man/man1" "$package/usr/share/bash-completion/completions" "$package/usr/share/zsh/vendor-completions" \
    "$package/usr/share/fish/vendor_completions.d" "$package/DEBIAN"
# The generator that comes with the argument parser, built from its own sources; dated by the commit, so that the same sources give the same page.
parser=$(find .build -maxdepth 3 -type d -path '*/checkouts/swift-argument-parser' | head -1)
swift build --quiet --package-path "$parser" --scratch-path .build/manual --product generate-manual
date=$(git log -1 --format=%cs 2>/dev/null || date -u +%F)
.build/manual/debug/generate-manual "$native/varlab" --date "$date" --output-directory - | gzip -9n > "$package/usr/share/man/man1/varlab.1.gz"
"$native/varlab" --generate-completion-script bash > "$package/usr/share/bash-completion/completions/varlab"
"$native/varlab" --generate-completion-script zsh > "$package/usr/share/zsh/vendor-completions/_varlab"
"$native/varlab" --generate-completion-script fish > "$package/usr/share/fish/vendor_completions.d/varlab.fish"
# The oldest C library whose symbols it has.
libc=$(objdump -T "$native/varlab" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1 | cut -d_ -f2)
cat > "$package/DEBIAN/control" <<CONTROL
Package: varlab
Version: $version
Architecture: $architecture
Maintainer: The varlab authors <varlab@localhost>
Installed-Size: $(du -sk "$package/usr" | cut -f1)
Depends: libc6 (>= $libc), libstdc++6, libgcc-s1
Recommends: gnuplot-nox, librsvg2-bin, fonts-liberation, libopenblas0-pthread
Section: science
Priority: optional
Description: variance of the adaptive learning rate
 Theory, exact laws, simulation and training experiments for the variance of the
 adaptive learning rate of adaptive optimizers, after the RAdam paper.
CONTROL
mkdir -p dist
dpkg-deb --build --root-owner-group "$package" "dist/varlab_${version}_$architecture.deb" >/dev/null

# The clean root: the package and the libraries it depends on, no more.
clean=$root/clean
mkdir -p "$clean/lib64"
dpkg-deb --extract "dist/varlab_${version}_$architecture.deb" "$clean"
ldd "$clean/usr/bin/varlab" | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$clean$library"; done
mkdir -p "$clean/proc"
# With /proc, from which Swift takes a program's arguments, in a namespace that ends with it.
within() { unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$clean" "$@"; }
if within /usr/bin/varlab --version >/dev/null 2>&1; then
    test "$(within /usr/bin/varlab exact --steps 1000 --columns var_psi --rows-only --digits 6)" = 0.000542979
    echo "runs in a clean root"
else
    echo "note: the root cannot be changed here, so that the package was not tried in a clean one" >&2
fi
ls -l "dist/varlab_${version}_$architecture.deb"
