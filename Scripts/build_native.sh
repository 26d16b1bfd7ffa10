#!/usr/bin/env bash
# Builds the dynamic library of varlab.h into the folder $1, and with a second argument `command` the command beside it: neither needs a Swift
# runtime, GSL or libcrypto installed where it runs. In a scratch folder of its own, since the flags are not those of the package's other builds.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
output=$(cd "$1" && pwd)
scratch=${VARLAB_SCRATCH:-$root/.build/native}
flags=(-c release --package-path "$root" --scratch-path "$scratch")

if [ "$(uname)" = Linux ]; then
    # pkg-config files of the same libraries that point to a folder with nothing but the archives, so that the linker has no choice.
    archives=$scratch/archives
    rm -rf "$archives"
    mkdir -p "$archives/lib"
    static() { # package, libraries, other libraries they need
        local directory include
        directory=$(pkg-config --variable=libdir "$1") || return 0
        include=$(pkg-config --cflags "$1")
        for library in $2; do
            if [ ! -e "$directory/lib$library.a" ]; then echo "note: no lib$library.a; $1 is linked dynamically" >&2; return 0; fi
        done
        for library in $2; do ln -s "$directory/lib$library.a" "$archives/lib/"; done
        printf 'Name: %s\nDescription: archives alone\nVersion: %s\nLibs: -L%s %s\nCflags: %s\n' \
            "$1" "$(pkg-config --modversion "$1")" "$archives/lib" "$(printf -- '-l%s ' $2 $3)" "$include" > "$archives/$1.pc"
    }
    static gsl "gsl gslcblas" m
    static libcrypto crypto "dl pthread"
    static zlib z ""
    # What nothing reaches and what only a debugger reads is left out; of the dynamic library no name but the header's is seen.
    flags+=(--pkg-config-path "$archives" -Xswiftc -static-stdlib -Xswiftc -use-ld=lld -Xlinker --gc-sections -Xlinker -s)
    exports=(-Xlinker "--version-script=$root/Sources/CVarlab/exports.map")
    library=libvarlabc.so
else
    exports=()
    library=libvarlabc.dylib
fi

swift build "${flags[@]}" "${exports[@]}" --product varlabc
install -m 755 "$scratch/release/$library" "$output/"
if [ "${2:-}" = command ]; then
    swift build "${flags[@]}" --product varlab
    install -m 755 "$scratch/release/varlab" "$output/"
fi
