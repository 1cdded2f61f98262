# Shared by the scripts of this folder, which source it: where things are kept, how to speak and how to stop.
# It changes nothing by itself.

# The checkout that this folder is part of.
checkout() {
    (cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
}

# Where downloads and built things that outlive a checkout are kept.
antidote_cache() {
    printf '%s\n' "${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/antidote"
}

# One line for the person who waits.
say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "${0##*/}: $*"
    exit 1
}

# Prints the calling script's own header comment as its help.
print_help() {
    sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$0"
}

# The SHA-256 of standard input, as hexadecimal digits; Linux and macOS name the tool differently.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum | cut -d' ' -f1
    else
        shasum -a 256 | cut -d' ' -f1
    fi
}

# Whether a Docker Engine answers behind the address $1 (unix://PATH, tcp://…), within three seconds.
engine_answers() {
    local address="$1"
    case "$address" in
        unix://*)
            curl --silent --fail --max-time 3 --unix-socket "${address#unix://}" http://localhost/_ping >/dev/null 2>&1
            ;;
        *)
            command -v docker >/dev/null &&
                [ -n "$(DOCKER_HOST="$address" docker version --format '{{.Server.Version}}' 2>/dev/null)" ]
            ;;
    esac
}

# How everything is built for debugging. In CI a warning or an undeclared import is an error, in each build alike: a
# build with other flags would begin anew.
build_options=()
if [ -n "${CI:-}" ]; then
    # shellcheck disable=SC2034
    build_options=(--explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors)
fi

# `swift build`, with few variables in its environment: SwiftPM builds everything anew when any variable differs from the
# last time, and scripts that call each other never have the same ones.
swift_build() {
    local name kept=()
    while IFS= read -r name; do
        case "$name" in
            HOME | PATH | USER | LANG | LC_ALL | TMPDIR | PKG_CONFIG_PATH | XDG_CACHE_HOME | ANTIDOTE_FUZZ | \
                SDKROOT | DEVELOPER_DIR | TOOLCHAINS | GIT_* | SSL_* | *_proxy | *_PROXY)
                kept+=("$name=${!name}")
                ;;
        esac
    done < <(compgen -e)
    env -i "${kept[@]}" swift build "$@"
}
