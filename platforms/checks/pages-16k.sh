#!/usr/bin/env bash
#
# Real pages of 16 KiB: geometry, guard pages, pool, limits of locked memory, memfd_secret and sealed secrets, with FFM on Java 25,
# on Debian's arm64 kernel for such pages in an emulated machine (qemu-system-aarch64). The tests have no CAP_IPC_LOCK,
# and may lock 8 MiB, the usual limit. The tests: platforms/tests/pages.txt. None are left out.
#
# Takes a quarter of an hour on two processors.

# shellcheck source=platforms/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=platforms/foreign.sh
. "$ROOT/platforms/foreign.sh"
# shellcheck source=platforms/machine.sh
. "$ROOT/platforms/machine.sh"

debian qemu-system-aarch64=qemu-system-arm cpio=cpio
compile_tests
kernel arm64 trixie linux-image-arm64-16k
system arm64 trixie 25 libssl3t64
initrd 25 "$ROOT/platforms/tests/pages.txt" /dev/null
boot qemu-system-aarch64 -M virt -cpu cortex-a76 -smp 2 -m 3G -append 'console=ttyAMA0 quiet panic=-1'
! grep -q '^skipped: SecretMemoryTest' "$CONSOLE" || fail 'this kernel has no memfd_secret' 'choose another kernel'
outcome 'Linux, arm64, pages of 16 KiB' 'Java 25, FFM' 16
