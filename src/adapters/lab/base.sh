#!/bin/sh
# base.sh FOLDER SUITE SCRIPT PACKAGE...: the root file system that all nodes share, built once.
#
# FOLDER is named after the hash of everything that goes into it. It is built beside its place and
# renamed, so what stands there is complete. Packages come from where this machine gets its own.
# SCRIPT (or -) is a file that runs inside it at the end.
set -eu
FOLDER=${1:?} SUITE=${2:?} SCRIPT=${3:?}
shift 3
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

forget_unused() { # bases that no lab stands on and nobody asked for in two weeks
  find "$parent" -maxdepth 1 -name '*.used' -mtime +14 | while read -r stamp; do
    old=${stamp%.used}
    grep -qs "^BASE=$old\$" "$parent"/../*/lab.conf || rm -rf --one-file-system "$old" "$old".*
  done
}

if [ -d "$FOLDER" ]; then
  touch "$FOLDER.used"
  exit 0
fi
command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing; run: apt-get install mmdebstrap"

parent=$(dirname "$FOLDER")
mkdir -p "$parent"
exec 9>"$parent/lock"
flock -n 9 || {
  echo "another build of a base is under way: waiting for it"
  flock 9
}
[ ! -d "$FOLDER" ] || exit 0
# Under the lock, every unfinished build is a dead one.
rm -rf --one-file-system "$parent"/*.new "$parent"/*.new.*
new=$FOLDER.new
trap 'rm -rf --one-file-system "$new" "$new.list" "$new.conf" "$new.setup"' EXIT
trap 'exit 1' INT TERM HUP

sources() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$SUITE" '$3 == suite || $3 == suite "-updates" || $3 == suite "-security"' | sort -u
}
sources >"$new.list"
if [ ! -s "$new.list" ]; then # not a machine of this suite: mmdebstrap's own default
  echo "this machine has no package sources of $SUITE: using mmdebstrap's default"
  set -- "$@" --
else
  set -- "$@" -- "$new.list"
fi
apt-config dump | grep -E '^Acquire::https?::Proxy' >"$new.conf" || :

cat >"$new.setup" <<'END'
set -eu
useradd --create-home --shell /bin/dash --password '*' muster
echo 'muster ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/muster
chmod 440 /etc/sudoers.d/muster
touch /home/muster/.hushlogin
cat >/etc/ssh/sshd_config.d/lab.conf <<CONF
PasswordAuthentication no
UseDNS no
MaxStartups 500:30:1000
MaxSessions 100
KexAlgorithms curve25519-sha256
PrintMotd no
CONF
rm -f /etc/ssh/ssh_host_* /etc/machine-id /etc/resolv.conf /etc/apt/apt.conf.d/99mmdebstrap
: >/etc/machine-id
systemctl set-default multi-user.target
# What belongs to a machine with a kernel, a terminal and a clock of its own.
systemctl mask getty@tty1.service console-getty.service systemd-networkd-wait-online.service \
  systemd-timesyncd.service systemd-remount-fs.service systemd-sysctl.service systemd-udevd.service \
  systemd-modules-load.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
systemctl enable ssh.service
END

include=systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,openssh-client,sudo,iproute2,procps
while [ "$1" != -- ]; do
  include=$include,$1
  shift
done
shift
# shellcheck disable=SC2016 # "$1" is for mmdebstrap's hook: the new root
set -- --variant=minbase --include="$include" --aptopt="$new.conf" \
  --customize-hook="chroot \"\$1\" sh <'$new.setup'" "$SUITE" "$new" "$@"
[ "$SCRIPT" = - ] || set -- --customize-hook="chroot \"\$1\" sh -eu <'$SCRIPT'" "$@"

# Its mounts live and die with this namespace.
unshare --mount --propagation private mmdebstrap --mode=root "$@" 9>&- >"$FOLDER.log" 2>&1 ||
  fail "the base could not be built: $(grep '^E:' "$FOLDER.log" | head -n 3); all of it: $FOLDER.log"
mv "$new" "$FOLDER"
touch "$FOLDER.used"
forget_unused
