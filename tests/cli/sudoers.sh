#!/bin/sh
# sudoers.sh MUSTER: somebody without full root runs a whole drill by the rules that `muster sudoers` prints, and can do
# nothing else by them; real sudo, a real user, in namespaces of their own. Needs root and sudo, or is counted as skipped.
set -eu
for tool in sudo visudo setpriv nft unshare mountpoint openssl ssh-keygen /usr/sbin/sshd; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: there is no $tool" && exit 77; }
done
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
# User, sudoers and gate are this namespace's alone.
cp -a /etc /mnt/etc
mount --bind /mnt/etc /etc
mkdir -p /mnt/lib/muster /mnt/fill
mount --bind /mnt/lib /usr/local/lib
mount -t tmpfs -o size=32m tmpfs /mnt/fill
for place in /etc /usr/local/lib; do mountpoint -q "$place" || exit 1; done
ip link set lo up
echo 'driller:x:61234:61234::/tmp/home:/bin/sh' >>/etc/passwd
echo 'driller:x:61234:' >>/etc/group
echo 'driller:*:19000:0:99999:7:::' >>/etc/shadow
rm -rf /etc/sudoers /etc/sudoers.d
printf '%s\n' 'Defaults env_reset' 'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"' 'Defaults use_pty' \
  '@includedir /etc/sudoers.d' >/etc/sudoers
chmod 440 /etc/sudoers
mkdir -m 755 /etc/sudoers.d
mkdir -p /tmp/home
chown driller: /tmp/home "$W"
sleep 612.5 &
sleeper=$!

cat >"$W/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local, muster_environment: lab, ansible_become: true, muster_gate: true}
END
echo 'people: {ana: {name: Ana, unix: driller}}' >"$W/inventory/people.yaml"
drill() { # drill NAME TITLE SIZE WAIT
  cat >"$W/drills/$1.yaml" <<END
drill: $1
title: "$2"
owner: ana
targets: {it: here}
steps:
  - name: Hang the service
    inject: process.pause
    target: it
    with: {command: "sleep 612.5"}
  - name: Fill the disk
    inject: disk.fill
    target: it
    with: {path: /mnt/fill, size: $3}
  - name: Cut it off
    inject: network.partition
    target: it
    with: {peers: [192.0.2.1]}
  - name: Mark the host
    run: [sh, -c, 'id -u >/run/marked; printf "%s\\n" "\$0" >>/run/marked', 'it is \$(touch /run/evil)']
    undo: [rm, -f, /run/marked]
    target: it
  - check: {command: [grep, -qx, "0", /run/marked], on_host: it}
  - pause: $4
END
}
drill whole "A whole drill" 5MiB 1s
drill long "One that is killed" 5MiB 10m

as_driller() { setpriv --reuid 61234 --regid 61234 --init-groups env HOME=/tmp/home MUSTER_STATE=/tmp/home/state "$@"; }
muster() { as_driller /mnt/muster -C "$W" "$@"; }
# install_for DRILL…: what a configuration management would do with the files.
install_for() {
  rm -rf /mnt/files /etc/sudoers.d
  mkdir -m 755 /etc/sudoers.d
  code 0 /mnt/muster -C "$W" sudoers --user driller --dir /mnt/files "$@"
  says "visudo -cf takes the rules"
  install -o root -g root -m 0755 /mnt/files/here/gate /usr/local/lib/muster/gate
  install -o root -g root -m 0440 /mnt/files/here/sudoers.d/* /etc/sudoers.d/
}
filled_kb() { df -k --output=used /mnt/fill | tail -n 1; }
nothing_left() { # each fault is undone
  ! grep -q '^State:.T' "/proc/$sleeper/status" && [ "$(filled_kb)" -lt 1000 ] && [ -z "$(nft list tables)" ] &&
    [ ! -e /run/marked ]
}
all_there() {
  grep -q '^State:.T' "/proc/$sleeper/status" && [ "$(filled_kb)" -gt 5000 ] && [ -n "$(nft list tables)" ] &&
    [ -s /run/marked ]
}
start() { # start DRILL: until all of its effects are there, and proven
  : >/tmp/out # else what the last one said is taken for this one's
  setpriv --reuid 61234 --regid 61234 --init-groups env HOME=/tmp/home MUSTER_STATE=/tmp/home/state \
    /mnt/muster -C "$W" run --no-input "$1" >/tmp/out 2>&1 </dev/null &
  PID=$!
  await 60 all_there
  await 20 four_active
}
four_active() { [ "$(grep -cF 'ACTIVE, proven' /tmp/out)" -ge 4 ]; }

echo "== without rules nothing is done, and it says which are missing"
code 5 muster run --no-input whole
says "sudo does not start its gate /usr/local/lib/muster/gate"
says "muster sudoers DRILL --host here"

echo "== what is printed"
code 0 /mnt/muster -C "$W" sudoers --user driller whole
says 'driller ALL=(root) NOPASSWD: sha256:'
says ' /usr/local/lib/muster/gate ""'
says "process.pause (at_most = 16, command = sleep 612.5), and its undo"
says "Whoever has the SSH key"
code 0 /mnt/muster -C "$W" sudoers --user driller --json whole
says '"mode": "0440"'

echo "== a whole drill, by exactly these rules"
install_for whole
code 0 muster run --no-input whole
says "PASS"
nothing_left || fail "something is left of the whole drill"
[ ! -e /run/evil ] || fail "an argument was executed"
code 0 muster runs
grep -F whole /tmp/second | grep -F PASS | grep -qF clean || fail "the run is not PASS and clean"

echo "== nothing else"
code 0 as_driller sudo -n -l
[ "$(grep -cE '^ *\(' /tmp/second)" = 1 ] || fail "sudo -l shows more than one rule"
# It breaks its lines where they are long.
tr -s ' \n' '  ' </tmp/second >/tmp/out
grep -qE '\(root\) NOPASSWD: sha256:[0-9a-f]{64} /usr/local/lib/muster/gate "" *$' /tmp/out || fail "another rule"
for refused in "sh -c id" "env" "-s" "/usr/local/lib/muster/gate muster-gate" "-u daemon /usr/local/lib/muster/gate" \
  "cat /etc/shadow"; do
  # shellcheck disable=SC2086 # words are wanted
  if as_driller sudo -n $refused </dev/null >/tmp/second 2>&1; then fail "sudo allows: $refused"; fi
done
printf '%s\n' 'muster-gate-1 n command - r' 'a 0 touch' 'a 1 /run/evil' 'end n' 'touch /run/evil' |
  as_driller sudo -n /usr/local/lib/muster/gate >/tmp/second 2>&1 || :
says "the gate refuses this command: its drills have no such command on this host"
[ ! -e /run/evil ] || fail "the gate ran another command"

echo "== what a host is asked changes the gate; a title does not"
drill whole "The same under another title" 5MiB 2s
code 0 muster run --no-input whole
drill whole "More" 6MiB 1s
code 5 muster run --no-input whole
says "is of another plan of this drill"
says "muster sudoers whole --host here --dir DIR"
code 5 muster run --no-input long
says "does not know this drill"
printf '# changed\n' >>/usr/local/lib/muster/gate
code 5 muster run --no-input whole
says "sudo does not start its gate"

echo "== one gate for a set of drills; the runner is killed: the lease heals"
install_for whole long
code 0 muster run --no-input whole
start long
kill_run
await 60 nothing_left
code 0 muster recover
says "unreachable 0"
code 0 muster sweep
says "here: nothing"

echo "== the runner is killed, and the gate is a newer one by the time of the recovery"
start long
kill_run
drill long "Another size" 7MiB 10m
install_for whole long
code 0 muster recover
says "unreachable 0"
nothing_left || fail "the newer gate did not undo what is armed"

echo "== the record is lost: a sweep through the gate"
start long
kill_run
rm -rf /tmp/home/state
await 60 nothing_left
code 0 muster sweep --revert --yes --force --reason "its disk is lost"
code 0 muster sweep
says "here: nothing"
echo "== over ssh, and sudo asks for a password"
(umask 077 && od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >/tmp/password)
chown driller: /tmp/password
sed -i "s,^driller:[^:]*:,driller:$(openssl passwd -6 -stdin </tmp/password):," /etc/shadow
mkdir -p /run/sshd /tmp/home/.ssh
ssh-keygen -q -t ed25519 -N '' -f /tmp/host_key
ssh-keygen -q -t ed25519 -N '' -f /tmp/home/.ssh/id_ed25519
cp /tmp/home/.ssh/id_ed25519.pub /tmp/home/.ssh/authorized_keys
printf '[127.0.0.1]:2222 %s\n' "$(cut -d' ' -f1,2 /tmp/host_key.pub)" >/tmp/home/.ssh/known_hosts
chown -R driller: /tmp/home/.ssh
chmod 700 /tmp/home/.ssh
/usr/sbin/sshd -f /dev/null -o Port=2222 -o ListenAddress=127.0.0.1 -o HostKey=/tmp/host_key -o PidFile=none -o UsePAM=no -E /tmp/sshd.log
cat >"$W/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here:
      ansible_host: 127.0.0.1
      ansible_port: 2222
      ansible_user: driller
      ansible_ssh_private_key_file: /tmp/home/.ssh/id_ed25519
      muster_environment: lab
      ansible_become: true
      ansible_become_password: "${secret.sudo}"
      muster_gate: true
END
echo 'secrets: {sudo: {file: /tmp/password}}' >"$W/inventory/secrets.yaml"
drill whole "A whole drill" 5MiB 1s
install_for whole long
grep -q '(root) PASSWD: sha256:' /etc/sudoers.d/* || fail "the rule asks for no password"
if as_driller sudo -n /usr/local/lib/muster/gate </dev/null >/tmp/second 2>&1; then fail "sudo asks for nothing"; fi
code 0 muster run --no-input whole
says "PASS"
nothing_left || fail "something is left of the whole drill over ssh"
start long
kill_run
await 60 nothing_left
code 0 muster recover
says "unreachable 0"
! grep -rqaFf /tmp/password /tmp/home/state "$W" /tmp/sshd.log || fail "the password is written somewhere"

echo "== as another user than root"
echo 'keeper:x:61235:61234::/tmp:/bin/sh' >>/etc/passwd
echo 'keeper:*:19000:0:99999:7:::' >>/etc/shadow
sed -i 's/ansible_become: true/ansible_become: true\n      ansible_become_user: keeper/' "$W/inventory/hosts.yaml"
cat >"$W/drills/kept.yaml" <<'END'
drill: kept
owner: ana
targets: {it: here}
steps:
  - {name: Mark the host, run: [sh, -c, 'id -un >"$0"', /tmp/kept], undo: [rm, -f, /tmp/kept], target: it}
  - check: {command: [grep, -qx, keeper, /tmp/kept], on_host: it}
END
install_for kept
grep -q 'ALL=(keeper) PASSWD: sha256:' /etc/sudoers.d/* || fail "the rule does not name the user"
code 0 muster run --no-input kept
says "PASS"
[ ! -e /tmp/kept ] || fail "the command is not undone"
if as_driller sudo -S /usr/local/lib/muster/gate </tmp/password >/tmp/second 2>&1; then fail "the gate starts as root too"; fi
echo "all as expected"
