#!/bin/sh
# Runs as root inside the root filesystem of an image that is being built (by `Scripts/build-images`, in a chroot or in a
# `docker build` step): installs what the image's folder lists, copies its files, runs its setup, and takes away what an
# image does not need.
set -eu
if [ "${1:-}" = --help ]; then
    sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$0"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
build=/tmp/antidote-build
lent=/tmp/antidote-lent

# No service starts because its package is installed, and no manual or translation is unpacked.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
mkdir -p /etc/dpkg/dpkg.cfg.d
printf 'path-exclude=/usr/share/%s/*\n' doc man locale info >/etc/dpkg/dpkg.cfg.d/antidote

if [ -e "$lent/sources.list" ]; then
    cp "$lent/sources.list" /etc/apt/sources.list
fi
apt-get update -q
grep -v '^#' "$build/packages" | xargs apt-get install -y -q --no-install-recommends
if [ -e "$build/requirements.txt" ]; then
    pip3 install --break-system-packages --no-cache-dir --no-compile --root-user-action=ignore \
        --requirement "$build/requirements.txt"
fi
if [ -d "$build/files" ]; then
    # Not with -a: the files belong to root whoever checked the project out.
    cp -R "$build/files/." /
fi
sh "$build/setup"

if [ -e "$lent/sources.list" ]; then
    cat >/etc/apt/sources.list <<'LIST'
deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
LIST
fi
apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log /root/.cache
rm -f /usr/sbin/policy-rc.d /etc/hostname
