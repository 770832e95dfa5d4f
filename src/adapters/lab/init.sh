#!/bin/sh
# init.sh: makes a node out of a fresh set of namespaces, and becomes its systemd.
#
# Runs as pid 1 of the node, in mount, uts, ipc, pid and cgroup namespaces of its own; the network
# namespace is the node's already. The root is the shared base with the node's disk (an image of
# bounded size, so that filling it never fills the machine) laid over it.
#
# The node's root is the machine's root: what would reach beyond the node is taken away. The
# machine's clock, kernel settings, modules and magic keys are out of reach.
set -eu
# shellcheck source=lib.sh
. "$STATE/lib/lib.sh"
FOLDER=$STATE/nodes/$NODE

# The machine's /proc is still here: our process as the machine numbers it.
read -r line </proc/self/stat
PID=${line%% *}
printf '%s %s %s\n' "$PID" "$(started "$PID")" "$(date +%s)" >"$FOLDER/init.new"
mv "$FOLDER/init.new" "$FOLDER/init"

mkdir -p "$FOLDER/disk" "$FOLDER/root"
mount -o loop,noatime "$FOLDER/disk.img" "$FOLDER/disk"
mkdir -p "$FOLDER/disk/upper" "$FOLDER/disk/work"
chmod 755 "$FOLDER/disk/upper"
mount -t overlay overlay -o "lowerdir=$BASE,upperdir=$FOLDER/disk/upper,workdir=$FOLDER/disk/work" "$FOLDER/root"
cd "$FOLDER/root"

if [ ! -e "$FOLDER/disk/seeded" ]; then # the first boot: name, host keys, who may log in
  cp -R --no-preserve=ownership --preserve=mode "$FOLDER/seed/." .
  chroot . chown -R muster: /home/muster/.ssh
  tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
  : >"$FOLDER/disk/seeded"
fi
hostname "$NODE"

mount -t proc -o nosuid,nodev,noexec proc proc
mount -t tmpfs -o nosuid,nodev,mode=755,size=25% tmpfs run
mount -t tmpfs -o nosuid,nodev,mode=1777,size=25% tmpfs tmp
cat /proc/sys/kernel/random/uuid >run/boot_id # every boot has its own, or nobody could tell a reboot
mount --bind run/boot_id proc/sys/kernel/random/boot_id
for path in proc/sys proc/sysrq-trigger proc/irq proc/bus; do
  [ -e "$path" ] || continue
  mount --rbind "$path" "$path"
  mount -o remount,bind,ro "$path"
done
mount --bind proc/sys/net proc/sys/net # of the node's own network
mount -o remount,bind,rw proc/sys/net
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup

mount -t tmpfs -o nosuid,mode=755,size=64k tmpfs dev
while read -r name major minor; do
  mknod -m 666 "dev/$name" c "$major" "$minor"
done <<END
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
END
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o nosuid,nodev,mode=1777,size=25% tmpfs dev/shm

mkdir -p .machine
pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine
exec env -i container=lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-syslog,-wake_alarm,-mac_admin \
  /lib/systemd/systemd
