#!/usr/bin/env bash
# Runs a command in a clean clone of the last commit inside a Debian of its own: what a user of that release meets.
# usage: scripts/in_debian.sh RELEASE [COMMAND [ARGUMENT…]]      RELEASE 12 or 13; COMMAND scripts/test.sh if none is given
#
# Root is needed (debootstrap, chroot). The Debian and its compiler cache lie in $XDG_CACHE_HOME/animate/debian-RELEASE,
# about 8 GB; they are used again, and made anew when the Debian is damaged. ANIMATE_DEBIAN_MIRROR names another mirror.
# Folders that ANIMATE_FIXTURES and ANIMATE_MATERIAL name are seen inside, read only. The exit code is the command's.
set -euo pipefail
script=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$script")/.."

say() { echo "in_debian.sh: $*" >&2; }
stop() {
  say "$@"
  exit 1
}
usage() {
  say "$1; give a release and a command, as in: scripts/in_debian.sh 13 scripts/demo.sh"
  exit 2
}

case ${1:-} in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  --help | -h)
    sed -n '2,7s/^# \{0,1\}//p' "$script"
    exit 0
    ;;
  "") usage "no release is given" ;;
  *) usage "$1: no Debian that this script knows (12 and 13 are)" ;;
esac
release=$1
shift
[ $# -gt 0 ] || set -- scripts/test.sh

[ "$(id -u)" -eq 0 ] || stop "root is needed to make and enter a Debian; run it with sudo"
for tool in debootstrap:debootstrap unshare:util-linux flock:util-linux git:git; do
  command -v "${tool%:*}" >/dev/null || stop "${tool%:*} is not installed; run: sudo apt-get install ${tool#*:}"
done

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/animate/debian-$release
mkdir -p "$cache/ccache" || stop "$cache: the folder cannot be made; name another with XDG_CACHE_HOME"
exec 9>"$cache/lock"
flock -n 9 || stop "$cache: another run is using this Debian; wait for it"

# Everything that is mounted is mounted in a namespace of our own, which the kernel takes down with its last process:
# after an error, after Ctrl-C and after SIGKILL nothing stays mounted on this machine.
if [ -z "${ANIMATE_IN_NAMESPACE:-}" ]; then
  exec unshare --mount --propagation private -- env ANIMATE_IN_NAMESPACE=1 bash "$script" "$release" "$@"
fi

root=$cache/root
inside() {
  local environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
    "TERM=${TERM:-dumb}" DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/var/cache/animate-ccache)
  local name
  for name in http_proxy https_proxy no_proxy CI ANIMATE_WERROR ANIMATE_TEST_CASES OPENBLAS_CORETYPE OPENBLAS_L2_SIZE CCACHE_DISABLE; do
    [ -z "${!name:-}" ] || environment+=("$name=${!name}")
  done
  [ -z "${ANIMATE_FIXTURES:-}" ] || environment+=(ANIMATE_FIXTURES=/media/fixtures)
  [ -z "${ANIMATE_MATERIAL:-}" ] || environment+=(ANIMATE_MATERIAL=/media/material)
  # A PID namespace of its own: what the command leaves running ends with it, and it ends with this script, however that
  # is stopped (unshare itself does not listen to SIGTERM while it waits).
  setpriv --pdeathsig KILL unshare --pid --fork --kill-child chroot "$root" env -i "${environment[@]}" "$@"
}

whole() {
  [ -e "$cache/made" ] && chroot "$root" /bin/true 2>/dev/null && chroot "$root" dpkg-query -W apt >/dev/null 2>&1 || return 1
  # An installation that was interrupted can often be finished.
  [ -z "$(chroot "$root" dpkg --audit 2>&1)" ] || chroot "$root" dpkg --configure -a >/dev/null 2>&1 &&
    [ -z "$(chroot "$root" dpkg --audit 2>&1)" ]
}

free_gb() { echo $(($(df --output=avail -B1M "$cache" | tail -n 1) / 1024)); }

make_root() {
  [ "$(free_gb)" -ge 8 ] ||
    stop "$cache: a Debian with its build takes 8 GB, and $(free_gb) GB are free; free some, or name another folder with XDG_CACHE_HOME"
  rm -rf --one-file-system "$root" "$cache/made" "$cache/root.part"
  say "making Debian $release in $root"
  if ! debootstrap --variant=minbase --include=ca-certificates,git "$suite" "$cache/root.part" \
    "${ANIMATE_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$cache/debootstrap.log" 2>&1; then
    reason=$(grep -E '^[EW]: ' "$cache/debootstrap.log" | tail -n 1)
    rm -rf --one-file-system "$cache/root.part"
    [ "$(free_gb)" -ge 1 ] || stop "$cache: the disk is full; free 8 GB, or name another folder with XDG_CACHE_HOME"
    stop "Debian $release could not be made (${reason:-no reason given}); look at $cache/debootstrap.log, see whether" \
      "the mirror is reached, or name another with ANIMATE_DEBIAN_MIRROR"
  fi
  mv "$cache/root.part" "$root"
  touch "$cache/made"
}

whole || make_root

cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
show() { # show FOLDER AS: FOLDER of this machine is seen inside as AS
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
}
show "$cache/ccache" /var/cache/animate-ccache
for pair in "${ANIMATE_FIXTURES:-}:/media/fixtures" "${ANIMATE_MATERIAL:-}:/media/material"; do
  [ -z "${pair%%:*}" ] && continue
  show "${pair%%:*}" "${pair#*:}"
  mount -o remount,bind,ro "$root${pair#*:}"
done

# The clone lies at the same place every time, for the compiler cache knows files by their paths.
rm -rf --one-file-system "$root/usr/src/animate"
mkdir -p "$root/usr/src/animate"
git -c advice.detachedHead=false clone --quiet --no-hardlinks . "$root/usr/src/animate" || stop "the clone failed; see above"
[ -z "$(git status --porcelain 2>/dev/null)" ] || say "what is not committed is not in the clone"

inside sh -c 'cd /usr/src/animate && scripts/setup.sh --no-build --tests' || stop "Debian $release: the packages could not be installed; see above"
# Not exec: the first process of a PID namespace hears no Ctrl-C, so the command must be the second.
inside sh -c 'cd /usr/src/animate && "$@"; exit $?' sh "$@"
