#!/bin/sh
# Builds Muster in a Debian root of its own, runs the tests that need neither servers nor a lab, and makes the package:
#   tests/platform/debian.sh SUITE [FOLDER]      (root; mmdebstrap)
# With `package`, installs a Debian package into a clean root of that suite instead:
#   tests/platform/debian.sh SUITE package FILE.deb
# The root is made once and kept in FOLDER (default: build/platform/SUITE).
set -eu
cd "$(dirname "$0")/../.."
suite=$1

# make_root FOLDER PACKAGES: a root file system with these packages, whole or not there at all.
make_root() {
  [ "$(cat "$1/.made" 2>/dev/null)" != "with $2" ] || return 0
  rm -rf "$1.new" "$1"
  mkdir -p "$(dirname "$1")"
  mmdebstrap --quiet --variant=minbase ${2:+--include="$2"} "$suite" "$1.new"
  echo "with $2" >"$1.new/.made"
  mv "$1.new" "$1"
}

# within FOLDER COMMAND…: with /proc and /dev, in namespaces that go with it.
within() {
  folder=$1
  shift
  # shellcheck disable=SC2016 # for the shell within
  unshare --mount --pid --fork --kill-child --propagation private sh -c '
    root=$1; shift
    mount -t proc proc "$root/proc"
    for node in null zero full random urandom; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
    [ -e "$root/dev/fd" ] || ln -s /proc/self/fd "$root/dev/fd"
    mkdir -p "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"; ln -sf pts/ptmx "$root/dev/ptmx"
    mount -t tmpfs tmpfs "$root/dev/shm"
    exec chroot "$root" "$@"' sh "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"
}

if [ "${2-}" = package ]; then
  deb=$(readlink -f "$3")
  folder=$PWD/build/platform/$suite-clean
  make_root "$folder" ''
  fresh=$(mktemp -d build/platform/install.XXXXXX)
  trap 'umount "$PWD/$fresh/root" 2>/dev/null || :; rm -rf "$fresh"' EXIT
  mkdir "$fresh/upper" "$fresh/work" "$fresh/root"
  cp -a "$folder/." "$fresh/root/"
  cp "$deb" "$fresh/root/muster.deb"
  cp /etc/resolv.conf "$fresh/root/etc/resolv.conf"
  # shellcheck disable=SC2016 # for the shell within
  within "$PWD/$fresh/root" sh -eu -c '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends /muster.deb man-db </dev/null >/install.log 2>&1 || { cat /install.log; exit 1; }
    muster --version
    test -s /usr/share/man/man1/muster.1.gz -o -s /usr/share/man/man1/muster.1
    mkdir /try && cd /try && muster init . >/dev/null && muster check
    apt-get remove -y -qq muster </dev/null >/install.log 2>&1 || { cat /install.log; exit 1; }
    test ! -e /usr/bin/muster'
  echo "installed, tried and removed in a clean Debian $suite: fine"
  exit 0
fi

folder=${2:-$PWD/build/platform/$suite}
packages=$(sed -n 's/^build_packages="\(.*\)"$/\1/p' dev | tr ' ' ',' | sed 's/libboost1\.[0-9]*-dev/libboost-dev,libboost-url-dev/')
make_root "$folder" "$packages,dash,busybox,dpkg-dev,file"
mkdir -p "$folder/src" "$folder/build"
# A copy: nothing that is built there shows here.
git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$folder/src"
# One build for both: the tests, and the package that users of that suite install.
# shellcheck disable=SC2016 # for the shell within
within "$folder" env MUSTER_SEEDS="${MUSTER_SEEDS:-1000}" sh -eu -c '
  cd /src
  cmake --preset release -B /build -DMUSTER_TESTS=ON -DMUSTER_BENCH=OFF >/build/cmake.log || { cat /build/cmake.log; exit 1; }
  names="base config model schedule catalogue measure journal history consent notify plan report scheduler engine sim api fuzz adapters_sqlite"
  targets="muster install_texts"
  for name in $names; do targets="$targets test_$name"; done
  ninja -C /build $targets
  ctest --test-dir /build --output-on-failure -R "^($(printf %s "$names" | tr " " "|"))\$"
  /build/muster --version
  cd /build && rm -f muster_*.deb && cpack --config CPackConfig.cmake >/dev/null'
for deb in "$folder"/build/muster_*.deb; do echo "its package: $deb"; done
