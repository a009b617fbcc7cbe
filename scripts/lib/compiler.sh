# shellcheck shell=bash
# A C and C++ compiler for the few dependencies that have no wheel. Sourced by bash
# scripts.

# use_compiler UV PYTHON CACHE
# Exports CC, CXX and what Python links with, unless the compilers that PYTHON was built
# with are there. Where the system has none, they are zig's, from the package index.
use_compiler() {
    local uv="$1" python="$2" cache="$3" built_with
    built_with="$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("CXX").split()[0])')"
    if [ -n "${CXX:-}" ] || command -v "$built_with" >/dev/null; then
        return
    fi
    if command -v cc >/dev/null && command -v c++ >/dev/null; then
        export CC=cc CXX=c++
    else
        zig_as_compiler "$uv" "$python" "$cache"
        export CC="$cache/compiler/cc" CXX="$cache/compiler/c++"
    fi
    export LDSHARED="$CC -shared" LDCXXSHARED="$CXX -shared"
}

zig_as_compiler() { # uv, python, cache
    local language
    [ ! -x "$3/compiler/c++" ] || return 0
    echo "no C++ compiler on this system; fetching zig's" >&2
    mkdir -p "$3/compiler"
    "$1" pip install --quiet --python "$2" --target "$3/zig" ziglang >&2
    for language in cc c++; do
        cat >"$3/compiler/$language" <<WRAPPER
#!/bin/sh
export ZIG_GLOBAL_CACHE_DIR="$3/zig-cache"
exec "$3/zig/ziglang/zig" $language "\$@"
WRAPPER
        chmod +x "$3/compiler/$language"
    done
}
