# shellcheck shell=bash
# The programs that some tests need beside Python: a browser that prints and looks at
# pages, real servers to speak to. Sourced by bash scripts.

# missing_programs
# Prints the Debian packages of those that are not there.
missing_programs() {
    command -v chromium >/dev/null || echo chromium
    command -v pdftoppm >/dev/null || echo poppler-utils
    command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || echo mosquitto
    compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || echo postgresql
}

# provide_programs
# Installs what is missing, as root on Debian and nowhere else. Ends with a status other
# than 0 where anything is missing still: the tests that need it skip, and say so.
provide_programs() {
    local missing
    mapfile -t missing < <(missing_programs)
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    # The tests start servers of their own; the packages' services stay off.
    local policy=/usr/sbin/policy-rc.d ours=false
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=true
    fi
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends "${missing[@]}"; } >&2 ||
        echo "apt-get failed" >&2
    "$ours" && rm -f "$policy"
    [ -z "$(missing_programs)" ]
}
