# shellcheck shell=bash
# Debian's packages without installing them: fetched with apt's own verification, but
# with lists, state and sources of their own, so that nothing on the system changes and
# no root is needed. Sourced by bash scripts.

# unpack_debian_packages SUITE TARGET PACKAGE...
# Unpacks packages of that suite (such as "testing") into the new folder TARGET, as one
# file system tree whether or not a package was built for a merged /usr. Ends with a
# status other than 0 where there is no apt, no Debian mirror, or no such package.
unpack_debian_packages() (
    set -euo pipefail
    suite="$1" target="$2"
    shift 2
    command -v apt-get >/dev/null || { echo "no apt-get on this system" >&2; exit 1; }
    # shellcheck disable=SC2016  # apt expands it
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
        grep -E '/debian/?$' | sort -u | head -n 1 || true)"
    [ -n "$mirror" ] || { echo "no Debian mirror among the apt sources" >&2; exit 1; }

    mkdir -p "$(dirname "$target")"
    work="$(mktemp -d "$target.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/state/lists/partial "$work"/cache/archives/partial "$work"/{debs,root,none}
    touch "$work/state/status"
    echo "deb $mirror $suite main" >"$work/sources.list"
    apt=(
        apt-get -qq
        -o "Dir::State=$work/state" -o "Dir::State::status=$work/state/status"
        -o "Dir::Cache=$work/cache"
        -o "Dir::Etc::sourcelist=$work/sources.list" -o "Dir::Etc::sourceparts=$work/none"
        -o Dir::Etc::preferences=/dev/null -o "Dir::Etc::preferencesparts=$work/none"
        -o "APT::Sandbox::User=$(id -un)" -o Acquire::Retries=3 -o Acquire::Languages=none
    )
    echo "reading the list of Debian $suite's packages" >&2
    "${apt[@]}" update >&2
    echo "downloading $# package(s)" >&2
    (cd "$work/debs" && "${apt[@]}" download "$@" >&2)

    mkdir -p "$work"/root/usr/{bin,lib,lib64,sbin}
    for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$work/root/$folder"; done
    for deb in "$work"/debs/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/root" --keep-directory-symlink
    done
    rm -rf "$target"
    mv "$work/root" "$target"
)
