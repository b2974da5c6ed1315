package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/** The calls that only Linux has. Source: madvise(2), getrandom(2), proc(5). */
final class LinuxMemCall extends PosixMemCall {

    /**
     * Created when first needed, because few programs use it. If two threads create it at the same time, either object
     * works.
     */
    private volatile @Nullable LinuxSecretMemory secretMemory;

    /** Found when first needed. If two threads find it at the same time, either object works. */
    private volatile @Nullable NamedFunction syscall;

    private final long getrandom = LinuxConstants.getrandom(System.getProperty("os.arch", ""));

    LinuxMemCall(LibC libC, PosixConstants constants) {
        super(libC, constants, new LinuxAdvice());
    }

    @Override
    void keepOutOfDumps(NativeRegion pages) {
        requireDone("madvise(DONTDUMP)", libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_DONTDUMP));
    }

    @Override
    void keepOutOfForks(NativeRegion pages) {
        // Either advice is enough. Old kernels lack the first one, secret memory does not take it, and a profile of
        // seccomp may deny it.
        if (libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_WIPEONFORK) != 0) {
            requireDone("madvise(DONTFORK)", libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_DONTFORK));
        }
    }

    /**
     * Makes the kernel's call itself. The C library's function may compute the bytes in this process (glibc 2.41 and
     * later on Linux 6.11 and later): then a page that cannot be written ends the process instead of failing the call,
     * and the bytes are elsewhere in memory for a moment.
     */
    @Override
    long askForRandom(long address, long length) {
        return syscall().call(getrandom, address, length, 0, 0);
    }

    private NamedFunction syscall() {
        NamedFunction found = syscall;
        if (found == null) {
            found = libC.named("syscall");
            syscall = found;
        }
        return found;
    }

    @Override
    public void hideFromKernel(MemoryRegion region) {
        NativeRegion pages = own(region);
        synchronized (pages.mapping()) {
            pages.requireMapped();
            secretMemory().replace(pages);
        }
    }

    private LinuxSecretMemory secretMemory() {
        LinuxSecretMemory made = secretMemory;
        if (made == null) {
            made = new LinuxSecretMemory(this);
            secretMemory = made;
        }
        return made;
    }

    @Override
    long lockedBytes() {
        return LinuxProcess.lockedBytes();
    }

    @Override
    boolean mayLockWithoutLimit() {
        return LinuxProcess.mayLockWithoutLimit();
    }

    @Override
    long coreLimitForNone() {
        return LinuxConstants.CORE_LIMIT_FOR_NONE;
    }

    @Override
    public long mappingLimit() {
        return LinuxProcess.mappingLimit();
    }

    @Override
    public long mappings() {
        return LinuxProcess.mappings();
    }
}
