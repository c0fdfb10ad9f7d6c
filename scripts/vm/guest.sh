#!/bin/bash
# A throw-away Linux machine with a real HID stack, for tests that want a kernel between the virtual key and its client.
# It boots Debian's own kernel in QEMU from an initial RAM disk made here. It is emulated even where there is KVM, which
# inside other virtual machines is often there and broken. It sees this machine's files read-only under a layer in memory:
# what is installed here works there, and nothing done there stays. Only the folder OUT is shared for writing.
#
#   guest.sh ensure            make the kernel and the RAM disk, once, in .cache/vm
#   guest.sh run OUT COMMAND   run COMMAND as root in the guest, in the project's folder; its output is ours, its exit
#                              status too; 125 when the guest ended without one or took over $GUEST_SECONDS (280)
#
# With GUEST_COUNTED=1 the guest has one processor and its time is counted: an instruction takes a nanosecond, while nothing
# runs time goes as it does outside. What is measured there does not depend on what else this machine does.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cache=$project/.cache/vm
kernel=$cache/vmlinux
ramdisk=$cache/ramdisk.gz

# In the order in which they are loaded. A name missing from the package is built into the kernel.
modules=(
  virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console
  netfs fscache 9pnet 9pnet_virtio 9p overlay
  hid hid-generic uhid
)

fail() {
  echo "guest: $*" >&2
  exit 1
}

check_programs() {
  local missing=() wanted program package
  for wanted in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio xz:xz-utils dpkg-deb:dpkg; do
    program=${wanted%%:*} package=${wanted##*:}
    command -v "$program" >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || fail "missing; run: sudo apt-get install -y --no-install-recommends ${missing[*]}"
}

# The package of the kernel this Debian would install, by name: linux-image-6.1.0-…-amd64.
kernel_package() {
  apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1
}

download_kernel() {
  local name
  name=$(kernel_package)
  if [ -z "$name" ] && [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq >&2
    name=$(kernel_package)
  fi
  [ -n "$name" ] || fail "apt knows no linux-image-amd64; run: sudo apt-get update"
  echo "guest: fetching $name" >&2
  (cd "$1" && apt-get download -qq "$name" 2>"$1/apt.log") || fail "could not fetch $name: $(cat "$1/apt.log")"
  ls "$1"/linux-image-*.deb
}

# Debian's kernel image is a small loader with the kernel packed inside. Started unpacked it saves seconds under emulation.
unpack_kernel() {
  local image=$1 start
  start=$(LC_ALL=C grep --only-matching --byte-offset --text $'\xfd7zXZ' "$image" | head -n 1 | cut -d: -f1)
  [ -n "$start" ] || fail "no packed kernel inside $image"
  # Behind the packed kernel comes more of the loader, which xz can't know.
  tail --bytes=+$((start + 1)) "$image" | xz --decompress --stdout --single-stream 2>/dev/null || true
}

make_guest() {
  local work deb module file
  work=$(mktemp -d "$cache/making.XXXXXX")
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$work'" EXIT
  deb=$(download_kernel "$work")
  mkdir -p "$work"/package "$work"/disk/{bin,modules,proc,sys,dev,host,layer}
  dpkg-deb --fsys-tarfile "$deb" |
    tar --extract --directory "$work/package" --wildcards './boot/vmlinuz-*' './lib/modules/*/kernel/*'
  unpack_kernel "$work"/package/boot/vmlinuz-* >"$work/vmlinux"
  [ -s "$work/vmlinux" ] || fail "the kernel did not unpack"
  for module in "${modules[@]}"; do
    file=$(find "$work/package/lib/modules" -name "$module.ko" -print -quit)
    [ -n "$file" ] || continue
    cp "$file" "$work/disk/modules/"
    echo "$module" >>"$work/disk/modules/order"
  done
  cp "$(command -v busybox)" "$work/disk/bin/busybox"
  install --mode=755 "$project/scripts/vm/guest-init.sh" "$work/disk/init"
  (cd "$work/disk" && find . | cpio --create --format=newc --quiet | gzip -1) >"$work/ramdisk.gz"
  mv "$work/vmlinux" "$kernel"
  mv "$work/ramdisk.gz" "$ramdisk"
}

# What the guest was made from: another script or another kernel makes another guest. Without apt's lists nobody knows of
# a newer kernel, and the guest that is there will do.
is_made() {
  local scripts kernel_of
  [ -s "$kernel" ] && [ -s "$ramdisk" ] && [ -s "$cache/made-from" ] || return 1
  read -r scripts kernel_of <"$cache/made-from"
  [ "$scripts" = "$(scripts_digest)" ] || return 1
  [ -z "$1" ] || [ "$1" = "$kernel_of" ]
}

scripts_digest() {
  cat "$project/scripts/vm/guest.sh" "$project/scripts/vm/guest-init.sh" | sha256sum | cut -d' ' -f1
}

ensure() {
  check_programs
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  if ! is_made "$(kernel_package)"; then
    rm -f "$cache/made-from"
    (make_guest)
    echo "$(scripts_digest) $(kernel_package)" >"$cache/made-from"
  fi
  exec 9>&-
}

run() {
  local out status processors=(-accel "tcg,thread=multi" -smp 2)
  if [ -n "${GUEST_COUNTED:-}" ]; then
    processors=(-accel "tcg,thread=single" -icount "shift=0,sleep=on" -smp 1)
  fi
  mkdir -p "$1"
  out=$(cd "$1" && pwd -P)
  rm -f "$out/status"
  {
    echo "cd '$project'"
    echo "export OUT='$out' HOME=/tmp PATH='$PATH'"
    echo "$2"
  } >"$out/command.sh"
  timeout --kill-after=5 "${GUEST_SECONDS:-280}" qemu-system-x86_64 \
    -nodefaults -no-reboot -display none -monitor none \
    "${processors[@]}" -cpu max -m "${GUEST_MEMORY_MIB:-2048}" \
    -kernel "$kernel" -initrd "$ramdisk" \
    -append "console=ttyS0 quiet loglevel=3 panic=-1 random.trust_cpu=on firstkey.out=$out" \
    -serial "file:$out/kernel.log" \
    -device virtio-serial-pci -chardev stdio,id=talk,signal=off -device virtconsole,chardev=talk \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$out,mount_tag=out,security_model=none" </dev/null 2>"$out/qemu.log" || true
  status=$(cat "$out/status" 2>/dev/null || true)
  if [ -z "$status" ]; then
    echo "guest: it ended without a word; its kernel's log is $out/kernel.log" >&2
    cat "$out/qemu.log" >&2
    exit 125
  fi
  exit "$status"
}

case ${1:-} in
  ensure) ensure ;;
  run)
    [ $# -eq 3 ] || fail "run OUT COMMAND"
    ensure
    run "$2" "$3"
    ;;
  *)
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
