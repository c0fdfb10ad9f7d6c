#!/bin/busybox sh
# The guest's first process: loads what the kernel needs, lays a writable layer in memory over the files of the machine
# outside, runs the command there, writes down how it ended, and switches the guest off.
busybox=/bin/busybox
root=/layer/root

$busybox mount -t proc proc /proc
$busybox mount -t sysfs sys /sys
$busybox mount -t devtmpfs dev /dev
while read -r module; do
  $busybox insmod "/modules/$module.ko"
done </modules/order

share='trans=virtio,version=9p2000.L,msize=262144'
$busybox mount -t 9p -o "$share,cache=loose,ro" host /host
$busybox mount -t tmpfs layer /layer
$busybox mkdir -p /layer/written /layer/work "$root" /dev/pts /dev/shm
$busybox mount -t overlay -o lowerdir=/host,upperdir=/layer/written,workdir=/layer/work overlay "$root"

$busybox mount -t proc proc "$root/proc"
$busybox mount -t sysfs sys "$root/sys"
$busybox mount --bind /dev "$root/dev"
$busybox mount -t devpts -o ptmxmode=666 pts "$root/dev/pts"
# /tmp stays as it is: the overlay keeps what is written there in memory, and the project itself may stand below it.
for folder in dev/shm run; do
  $busybox mount -t tmpfs memory "$root/$folder"
done
$busybox ln -s /proc/self/fd /dev/fd
$busybox ifconfig lo 127.0.0.1 up

out=$($busybox sed 's/.*firstkey\.out=\([^ ]*\).*/\1/' /proc/cmdline)
$busybox mkdir -p "$root$out"
$busybox mount -t 9p -o "$share,cache=none" out "$root$out"

console=/dev/hvc0
$busybox stty -F $console raw -echo
$busybox chroot "$root" /bin/bash "$out/command.sh" </dev/null >$console 2>&1
echo $? >"$root$out/status"
$busybox sync
$busybox poweroff -f
