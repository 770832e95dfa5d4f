#!/bin/sh
# up.sh: makes the lab that lab.conf, nodes/*/node.conf and definition/ describe, and starts it.
#
# Prints a line for each thing that is done. What it provisioned it keeps (saved.img), so that
# reset.sh can go back there within seconds.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

make_key() { ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1"; }

make_identities() {
  make_key "$STATE/key" "muster-lab-$LAB"
  make_key "$STATE/service_key" "services-of-lab-$LAB"
  hosts="127.0.0.1 localhost
$CONTROLLER controller"
  : >"$STATE/known_hosts"
  for name in $(nodes); do
    seed=$STATE/nodes/$name/seed
    mkdir -p "$seed/etc/ssh" "$seed/home/muster/.ssh"
    make_key "$seed/etc/ssh/ssh_host_ed25519_key" "$name"
    # shellcheck source=/dev/null
    . "$STATE/nodes/$name/node.conf"
    read -r type public _ <"$seed/etc/ssh/ssh_host_ed25519_key.pub"
    printf '%s,%s %s %s\n' "$name" "$ADDRESS" "$type" "$public" >>"$STATE/known_hosts"
    hosts="$hosts
$ADDRESS $name"
  done
  for name in $(nodes); do
    seed=$STATE/nodes/$name/seed
    printf '%s\n' "$name" >"$seed/etc/hostname"
    printf '%s\n' "$hosts" >"$seed/etc/hosts"
    cp "$STATE/known_hosts" "$seed/etc/ssh/ssh_known_hosts"
    cp "$STATE/key.pub" "$seed/home/muster/.ssh/authorized_keys"
    chmod 700 "$seed/home/muster/.ssh"
  done
  # Who called sudo may log in to the nodes too.
  chown "${SUDO_UID:-0}:${SUDO_GID:-0}" "$STATE/key"
}

write_ssh_config() {
  {
    for name in $(nodes); do
      # shellcheck source=/dev/null
      . "$STATE/nodes/$name/node.conf"
      printf 'Host %s %s\n  HostName %s\n' "$name" "$ADDRESS" "$ADDRESS"
    done
    printf 'Host *\n  User muster\n  IdentityFile %s\n  IdentitiesOnly yes\n' "$STATE/key"
    printf '  UserKnownHostsFile %s\n  StrictHostKeyChecking yes\n' "$STATE/known_hosts"
    printf '  GlobalKnownHostsFile /dev/null\n'
  } >"$STATE/ssh_config"
}

make_disk() { # NODE
  image=$STATE/nodes/$1/disk.img
  # shellcheck source=/dev/null
  . "$STATE/nodes/$1/node.conf"
  (umask 077 && truncate -s "${DISK_MIB}M" "$image")
  # No journal: the machine's page cache outlives a node, so there is nothing to replay.
  mkfs.ext4 -q -F -m 0 -O ^has_journal -E lazy_itable_init=1 "$image"
}

run_script() { # SCRIPT NODE
  log=$STATE/nodes/$2/provision.log
  # shellcheck source=/dev/null
  . "$STATE/nodes/$2/node.conf"
  ssh_node "$2" sudo env "LAB_NODE=$2" "LAB_ADDRESS=$ADDRESS" "LAB_NETWORK=$SUBNET" \
    sh -c "'cd /run/muster-lab && exec sh -eu ./$1'" >>"$log" 2>&1 || {
    tail -n 15 "$log" | sed "s/^/$2: /" >&2
    fail "$1 failed on $2; all it said: $log"
  }
}

provision() { # NODE: gives it the definition's folder and runs its scripts
  # shellcheck source=/dev/null
  . "$STATE/nodes/$1/node.conf"
  tar -C "$STATE/definition" -c . |
    ssh_lab "$1" 'sudo mkdir -p /run/muster-lab && sudo tar -x -C /run/muster-lab'
  # shellcheck disable=SC2024
  ssh_lab "$1" 'sudo install -m 600 /dev/stdin /run/muster-lab/service_key' <"$STATE/service_key"
  ssh_lab "$1" 'sudo install -m 644 /dev/stdin /run/muster-lab/service_key.pub' <"$STATE/service_key.pub"
  for script in $PROVISION; do
    run_script "$script" "$1"
  done
  say "$1: provisioned"
}

join_group
say "keys and disks"
make_identities
write_ssh_config
each make_disk
sh "$LIB/boot.sh"
each provision
for entry in $AFTERWARDS; do # NODE:SCRIPT
  run_script "${entry#*:}" "${entry%%:*}"
  say "${entry%%:*}: ${entry#*:} done"
done
# One after the other, as the definition lists them: a database's last words may need its archive.
for name in $NODES; do
  node stop "$name"
done
each node save
say "disks saved, for muster lab reset"
: >"$STATE/ready"
sh "$LIB/boot.sh"
