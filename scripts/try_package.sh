#!/usr/bin/env bash
# Tries a package as somebody does who never compiled anything: in a bare Debian it is installed, animates its sample,
# asks the doctor, and is removed again, after which nothing of it may be left.
# usage: scripts/try_package.sh RELEASE animate_….deb      RELEASE 12 or 13
#
# Root is needed (debootstrap, chroot). The bare Debian is kept as $XDG_CACHE_HOME/animate/bare-RELEASE.tar (300 MB);
# what is unpacked of it goes at the end (1.5 GB). ANIMATE_DEBIAN_MIRROR names another mirror.
set -euo pipefail
script=$(realpath "${BASH_SOURCE[0]}")
stop() {
  echo "try_package.sh: $*" >&2
  exit 1
}
case ${1:-} in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  --help | -h)
    sed -n '2,7s/^# \{0,1\}//p' "$script"
    exit 0
    ;;
  *)
    echo "try_package.sh: give a release (12 or 13) and a package, as in: scripts/try_package.sh 13 animate_0.1.0+deb13_amd64.deb" >&2
    exit 2
    ;;
esac
release=$1
[ -f "${2:-}" ] || stop "${2:-}: no such file; scripts/package.sh makes the package"
package=$(realpath "$2")
[ "$(id -u)" -eq 0 ] || stop "root is needed to make and enter a Debian; run it with sudo"
command -v debootstrap >/dev/null || stop "debootstrap is not installed; run: sudo apt-get install debootstrap"
# Mounts go with the last process of the namespace.
if [ -z "${ANIMATE_IN_NAMESPACE:-}" ]; then
  exec unshare --mount --propagation private -- env ANIMATE_IN_NAMESPACE=1 bash "$script" "$release" "$package"
fi

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/animate
mkdir -p "$cache"
work=$(mktemp -d -p "$cache" try.XXXXXX)
root=$work/root
finish() {
  umount -R "$root/proc" "$root/dev" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT
if [ ! -e "$cache/bare-$release.tar" ]; then
  debootstrap --variant=minbase "$suite" "$root" "${ANIMATE_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$work/log" 2>&1 ||
    stop "Debian $release could not be made: $(tail -n 1 "$work/log")"
  tar -C "$root" -cf "$cache/bare-$release.part" . && mv "$cache/bare-$release.part" "$cache/bare-$release.tar"
else
  mkdir "$root"
  tar -C "$root" -xf "$cache/bare-$release.tar"
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp "$package" "$root/tmp/animate.deb"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
inside() {
  local environment=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive) name
  for name in http_proxy https_proxy no_proxy; do
    [ -z "${!name:-}" ] || environment+=("$name=${!name}")
  done
  setpriv --pdeathsig KILL unshare --pid --fork --kill-child chroot "$root" env -i "${environment[@]}" "$@"
}
expect() { # expect WHAT COMMAND…
  local what=$1
  shift
  "$@" >"$work/out" 2>&1 || {
    sed 's/^/  | /' "$work/out" | tail -n 30 >&2
    stop "Debian $release: $what: failed; see above"
  }
  echo "Debian $release: $what"
}
# Everything but what apt and dpkg keep for themselves.
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./tmp -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/log \) -prune -o -print | sort); }

expect "package lists" inside apt-get update -qq
files >"$work/before"
expect "apt install" inside apt-get install -y -qq /tmp/animate.deb
expect "the version" inside animate --version
sed 's/^/  /' "$work/out"
inside useradd -m tester
expect "the sample is animated, by an ordinary user" inside su tester -c 'cd && /usr/share/doc/animate/examples/animate-sample'
expect "the result has all frames" inside su tester -c 'cd && animate inspect sample.mp4 | grep -qx "frames_by_header: 150"'
expect "the doctor is content" inside su tester -c 'cd && animate doctor'
sed 's/^/  /' "$work/out"
expect "the manual page" inside sh -c 'gzip -dc /usr/share/man/man1/animate.1.gz | grep -q "^.TH"'
expect "completions" inside sh -c 'test -s /usr/share/bash-completion/completions/animate -a -s /usr/share/fish/vendor_completions.d/animate.fish -a -s /usr/share/zsh/vendor-completions/_animate'
expect "apt remove" inside apt-get remove -y -qq --purge animate
expect "and what came with it" inside apt-get autoremove -y -qq --purge
inside userdel -r tester 2>/dev/null || true
files >"$work/after"
# The loader's cache is written anew; what other packages leave is theirs.
comm -13 "$work/before" "$work/after" | grep -i animate >"$work/left" || true
[ ! -s "$work/left" ] || stop "Debian $release: left behind: $(tr '\n' ' ' <"$work/left")"
echo "Debian $release: nothing of it is left"
