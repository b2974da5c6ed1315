package io.securememory.memcall;

/** Pages that not even the kernel can read for another process. Source: memfd_secret(2), mremap(2). */
final class LinuxSecretMemory {

    private final PosixMemCall memCall;
    private final LibC libC;
    private final NamedFunction syscall;
    private final NamedFunction mremap;

    LinuxSecretMemory(PosixMemCall memCall) {
        this.memCall = memCall;
        this.libC = memCall.libC;
        this.syscall = libC.named("syscall");
        this.mremap = libC.named("mremap");
    }

    /**
     * Replaces mapped pages. If this method throws, the pages are unchanged. The caller holds the mapping's monitor.
     */
    void replace(NativeRegion pages) {
        int fd = (int) syscall.call(LinuxConstants.SYS_MEMFD_SECRET, 0, 0, 0, 0);
        if (fd < 0) {
            throw memCall.failed.of("memfd_secret", libC.errno());
        }
        try {
            mapOver(pages, fd);
        } finally {
            libC.close(fd); // The mapping keeps the pages. Even if close reports an error, the descriptor is released.
        }
    }

    private void mapOver(NativeRegion pages, int fd) {
        long size = pages.size();
        if (libC.ftruncate(fd, size) != 0) {
            throw memCall.failed.of("ftruncate(memfd_secret)", libC.errno());
        }
        // Mapped at another address first: a fixed mapping that fails at the limit may leave a hole, which others could
        // map.
        long address = memCall.lock(
                "mmap(memfd_secret)",
                size,
                () -> libC.mmap(size, PosixMemCall.PROT_READ | PosixMemCall.PROT_WRITE, PosixMemCall.MAP_SHARED, fd));
        int flags = LinuxConstants.MREMAP_MAYMOVE | LinuxConstants.MREMAP_FIXED;
        if (mremap.call(address, size, size, flags, pages.address()) == -1) {
            int errno = libC.errno();
            libC.munmap(address, size);
            throw memCall.failed.of("mremap", errno);
        }
    }
}
