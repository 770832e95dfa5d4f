# Two hosts with an sshd each, in networks of their own: out of reach, mistaken for one another, cloned.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

# hosts_a_and_b: up at a.test and b.test, known by their keys; what a host has in /run and its machine-id are its own.
hosts_a_and_b() {
  [ -x /usr/sbin/sshd ] || {
    echo "SKIPPED: sshd is not installed"
    exit 0
  }
  mkdir -p "$folder/home/.ssh"
  chmod 700 "$folder/home" "$folder/home/.ssh"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/home/.ssh/id_ed25519"
  mount --bind "$folder/home" /root
  mkdir -p /run/netns
  cp /etc/hosts "$folder/hosts"
  mount --bind "$folder/hosts" /etc/hosts
  one_host a 203.0.113
  one_host b 198.51.100
  names a.test 203.0.113.2 b.test 198.51.100.2
  cat >"$W/inventory/hosts.yaml" <<'END'
all:
  vars: {ansible_user: root, muster_environment: lab}
  hosts: {a: {ansible_host: a.test}, b: {ansible_host: b.test}}
END
  rm "$W"/drills/*
  cat >"$W/drills/far.yaml" <<END
drill: far
owner: operator
targets: {one: a, other: b}
steps:
  - {name: A mark is set, id: mark, run: [touch, $folder/mark], target: one, undo: [rm, -f, $folder/mark]}
  - {name: The other one is there, check: {command: ["true"], on_host: other}}
  - {name: It stays so, pause: 45s}
END
}
names() { printf '%s %s\n' 127.0.0.1 localhost "$2" "$1" "$4" "$3" >"$folder/hosts"; }

one_host() { # one_host NAME NETWORK
  ip netns add "$1"
  ip link add "to-$1" type veth peer name eth0 netns "$1"
  ip addr add "$2.1/24" dev "to-$1"
  ip link set "to-$1" up
  ip -n "$1" addr add "$2.2/24" dev eth0
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key-$1"
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$folder/machine-id-$1"
  echo >>"$folder/machine-id-$1"
  printf '%s.test %s\n' "$1" "$(cut -d' ' -f1,2 "$folder/key-$1.pub")" >>"$folder/home/.ssh/known_hosts"
  cat >"$folder/sshd-$1" <<END
HostKey $folder/key-$1
AuthorizedKeysFile $folder/home/.ssh/id_ed25519.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
END
  nsenter --net="/run/netns/$1" unshare -m --propagation private sh -c '
    mount --bind "$0/machine-id-$1" /etc/machine-id && mount -t tmpfs none /run && mkdir /run/sshd &&
      exec /usr/sbin/sshd -D -e -f "$0/sshd-$1"' "$folder" "$1" >"$folder/sshd-$1.log" 2>&1 &
  tries=50
  until nc_ssh "$2.2"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "no sshd at $1: $(cat "$folder/sshd-$1.log")"
    sleep 0.1
  done
}
nc_ssh() { ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$1" true 2>/dev/null; }
marked() { [ ! -e "$folder/mark" ] || echo "the mark is set"; }
left_on_a() { ssh -o BatchMode=yes a.test 'ls -d /run/muster/effect/* /run/muster/lock 2>/dev/null; :'; }

case_network_gone() {
  hosts_a_and_b
  start_run far
  await_words "command on a: ACTIVE"
  [ -n "$(marked)" ] || fail "nothing was done on a"
  ip link set to-a down
  within 27 marked || fail "27 s without a network: $(marked)"
  ip link set to-a up
  join_run
  expect_code 4
  expect_words "VERDICT INVALID, clean"
  [ "$(recorded lease.lost)" = 1 ] || expect_words "reverted by its healer"
  within 5 left_on_a || fail "left on a: $(left_on_a)"
}

not_begun() {
  CODE=0
  muster run --no-input far >"$OUT" 2>&1 </dev/null || CODE=$?
  cat "$OUT"
  expect_code 5
  expect_words "$1"
  RUN=$(run_id)
  [ "$(recorded effect.intent)" = 0 ] || fail "something was announced"
  [ -z "$(marked)" ] || fail "something was done"
}

case_swapped_names() {
  hosts_a_and_b
  names a.test 198.51.100.2 b.test 203.0.113.2
  not_begun "host key"
}

case_cloned_host() {
  hosts_a_and_b
  cat "$folder/machine-id-a" >"$folder/machine-id-b"
  not_begun "are the same machine"
}
