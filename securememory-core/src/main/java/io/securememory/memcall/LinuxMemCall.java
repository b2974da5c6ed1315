package io.securememory.memcall;

import org.jspecify.annotations.Nullable;

/** The calls that only Linux has. Source: madvise(2), getrandom(2), proc(5). */
final class LinuxMemCall extends PosixMemCall {

    /**
     * Created when first needed, because few programs use it. If two threads create it at the same time, either object
     * works.
     */
    private volatile @Nullable LinuxSecretMemory secretMemory;

    LinuxMemCall(LibC libC, PosixConstants constants) {
        super(libC, constants, new LinuxAdvice());
    }

    @Override
    void keepOutOfDumps(NativeRegion pages) {
        requireDone("madvise(DONTDUMP)", libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_DONTDUMP));
    }

    @Override
    void keepOutOfForks(NativeRegion pages) {
        int wiped = libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_WIPEONFORK);
        boolean unknown = wiped != 0 && constants.errors().meaningOf(libC.errno()) == Errno.EINVAL;
        requireDone(
                "madvise(DONTFORK)",
                unknown ? libC.madvise(pages.address(), pages.size(), LinuxConstants.MADV_DONTFORK) : wiped);
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
    public long mappingLimit() {
        return LinuxProcess.mappingLimit();
    }

    @Override
    public long mappings() {
        return LinuxProcess.mappings();
    }
}
