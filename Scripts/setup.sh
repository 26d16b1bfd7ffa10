#!/bin/sh
# Installs what varlab needs beside a Swift toolchain: GSL, zlib, libcrypto, OpenBLAS, gnuplot, librsvg, a font for the
# figures. Does nothing where all of it is there.
set -eu

missing=
command -v swift >/dev/null 2>&1 || { echo "setup: a Swift 6.1 or later toolchain is needed (swift.org/install)" >&2; exit 69; }
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
pkg-config --exists gsl 2>/dev/null || missing="$missing libgsl-dev"
pkg-config --exists zlib 2>/dev/null || missing="$missing zlib1g-dev"
pkg-config --exists libcrypto 2>/dev/null || missing="$missing libssl-dev"
pkg-config --exists openblas 2>/dev/null || missing="$missing libopenblas-dev"
command -v gnuplot >/dev/null 2>&1 || missing="$missing gnuplot-nox"
command -v rsvg-convert >/dev/null 2>&1 || missing="$missing librsvg2-bin"
if command -v fc-list >/dev/null 2>&1; then
    fc-list | grep -qi 'liberation ' || missing="$missing fonts-liberation"
else
    missing="$missing fontconfig fonts-liberation"
fi
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { echo "setup: install as root:$missing" >&2; exit 69; }
        sudo=sudo
    fi
    echo "setup: installing$missing" >&2
    # shellcheck disable=SC2086
    $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif command -v brew >/dev/null 2>&1; then
    brew install --quiet pkgconf gsl zlib openssl@3 openblas gnuplot librsvg
    brew install --quiet --cask font-liberation
else
    echo "setup: please install (Debian's names):$missing" >&2
    exit 69
fi
