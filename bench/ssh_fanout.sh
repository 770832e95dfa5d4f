#!/bin/sh
# `true` on many hosts over ssh: Muster's client beside clush, pssh, OpenSSH with xargs, and ansible, all in one
# run against one sshd that listens on all of 127.1.0.0/16.
#   bench/ssh_fanout.sh BENCH [HOSTS]     BENCH: build/release/bench/bench_ssh_fanout; HOSTS: 500
# Needs openssh-server, root, and `ulimit -n` 8192; a peer that is not installed is said and left out
# (apt-get install clustershell pssh ansible-core). AFTER=5000: then Muster holds that many open at once.
# The limit is sshd's own CPU: its time a host, times the hosts, over the cores; `share` is that over the wall time.
# The limit of the client's CPU is libssh2 with nothing around it (bench_ssh_floor), one host after another.
# Everything runs on this machine: what the client takes, sshd does not get.
set -eu
bench=$(readlink -f "$1")
hosts=${2:-500}
# shellcheck disable=SC3045 # dash, bash and busybox know it
ulimit -n 8192 2>/dev/null || ulimit -n "$(ulimit -Hn)"
dir=$(mktemp -d)
listener=
cleanup() {
  [ -z "$listener" ] || kill "$listener" 2>/dev/null || :
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

port=${PORT:-22022}
user=$(id -un)
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
cat >"$dir/sshd_config" <<END
Port $port
ListenAddress 0.0.0.0
HostKey $dir/host
AuthorizedKeysFile $dir/key.pub
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin yes
MaxStartups 6000
PidFile none
LogLevel ERROR
END
# In a mount namespace of its own, where the user's shell is /bin/sh: what somebody's bash reads at each login (100 ms
# and more) would hide what is measured.
awk -F: -v OFS=: -v user="$user" '$1 == user { $7 = "/bin/sh" } { print }' /etc/passwd >"$dir/passwd"
# shellcheck disable=SC2016 # for the shell in there
unshare -m sh -c 'mount --bind "$1/passwd" /etc/passwd && exec /usr/sbin/sshd -D -f "$1/sshd_config" -E "$1/log"' sh "$dir" &
listener=$!
sleep 1

addresses() { # addresses N: the first N of 127.1.0.0/16
  awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "127.1.%d.%d\n", i / 250, i % 250 + 1 }'
}
addresses "$hosts" >"$dir/hosts"
printf '[127.*]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known_hosts"
cat >"$dir/ssh_config" <<END
Port $port
User $user
IdentityFile $dir/key
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $dir/known_hosts
GlobalKnownHostsFile none
StrictHostKeyChecking yes
BatchMode yes
KexAlgorithms curve25519-sha256
LogLevel ERROR
END

sshd_ms() { # CPU time of the listener's dead children, in ms
  awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($14 + $15) * 1000 / hz }' "/proc/$listener/stat"
}
cores=$(nproc)
row() { # row NAME HOSTS WALL CLIENT_MS_PER_HOST PEAK_MB SSHD_MS_PER_HOST
  awk -v name="$1" -v n="$2" -v wall="$3" -v cpu="$4" -v mb="$5" -v sshd="$6" -v cores="$cores" 'BEGIN {
    printf "%-30s %6d %8.2f %8.1f %10.2f %8.1f %8.1f %7.0f%%\n", name, n, wall, n / wall, cpu, mb, sshd, 100 * sshd * n / 1000 / cores / wall }'
}
peer() { # peer NAME HOSTS COMMAND…: client CPU and memory by time(1)'s rules, children included
  name=$1 n=$2
  shift 2
  command -v "$1" >/dev/null || {
    printf '%-30s not installed\n' "$name"
    return
  }
  before=$(sshd_ms)
  python3 - "$dir/figures" "$@" <<'END' || printf '%s: failed\n' "$name"
import resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write("%f %f %f" % (time.monotonic() - began, (use.ru_utime + use.ru_stime) * 1000, use.ru_maxrss / 1024))
sys.exit(done.returncode)
END
  sleep 0.5
  # shellcheck disable=SC2046
  set -- $(cat "$dir/figures") "$(sshd_ms)"
  row "$name" "$n" "$1" "$(echo "$2 $n" | awk '{ print $1 / $2 }')" "$3" "$(echo "$4 $before $n" | awk '{ print ($1 - $2) / $3 }')"
}
muster() { # muster NAME HOSTS [AT_ONCE]
  ours "$1" "$2" "$bench" "$port" "$dir/key" "$dir/known_hosts" "${3:-64}"
}
ours() { # ours NAME HOSTS COMMAND…: one that reads addresses and tells its own figures
  before=$(sshd_ms) name=$1 asked=$2
  shift 2
  addresses "$asked" | LOGIN="$user" "$@" >"$dir/figures" || printf '%s: failed\n' "$name"
  sleep 0.5
  read -r n wall cpu mb kb failed <"$dir/figures"
  row "$name" "$n" "$wall" "$cpu" "$mb" "$(echo "$(sshd_ms) $before $n" | awk '{ print ($1 - $2) / $3 }')"
  [ "$failed" = 0 ] || printf '  %s failed\n' "$failed"
  : "$kb"
}

options="-F $dir/ssh_config"
printf 'load %s, %s cores\n' "$(cut -d' ' -f1-3 /proc/loadavg)" "$cores"
printf '%-30s %6s %8s %8s %10s %8s %8s %8s\n' client hosts wall_s hosts/s cpu_ms/h peak_mb sshd_ms share
muster "muster ssh" "$hosts"
peer "openssh, xargs -P64" "$hosts" sh -c "xargs -P64 -I{} ssh $options {} true <$dir/hosts"
peer "clush -f 64" "$hosts" clush -q -f 64 -o "$options" --hostfile "$dir/hosts" true
peer "pssh -p 64" "$hosts" parallel-ssh -p 64 -h "$dir/hosts" -O "UserKnownHostsFile=$dir/known_hosts" -x "$options" true
sed "s/\$/ ansible_port=$port ansible_user=$user/" "$dir/hosts" >"$dir/inventory"
export ANSIBLE_SSH_ARGS="$options" ANSIBLE_PIPELINING=1 ANSIBLE_HOST_KEY_CHECKING=True
peer "ansible raw, 64 forks" "$hosts" ansible all -i "$dir/inventory" -f 64 -m raw -a true
muster "muster ssh, again" "$hosts"
floor=$(dirname "$bench")/bench_ssh_floor
[ ! -x "$floor" ] || ours "libssh2 alone, one by one" "$((hosts / 5))" "$floor" "$port" "$dir/key"
[ -z "${AFTER-}" ] || HOLD=yes muster "muster ssh, all held open" "$AFTER" "${AT_ONCE:-64}"
