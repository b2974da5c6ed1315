package io.securememory.memcall;

import io.securememory.MemoryCallException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * Ordinary memory outside the heap, without any protection and without native calls, for platforms that are not known.
 *
 * <p>Nothing can be locked, and {@link #lock} says so. Access and exclusions have no effect. Freed memory is given back by
 * the garbage collector.
 */
final class OrdinaryMemCall implements MemCall {

    /** Regions consist of units of this size. They are no pages of the machine. */
    private static final int UNIT = 4096;

    private static final long MAX_SIZE = 1L << 30;

    /** Writes into memory outside the heap directly, where it exists. */
    private static final Path RANDOM = Path.of("/dev/urandom");

    private static final String REMEDY =
            "This platform is not known to the library, so that it cannot protect memory here. Run the application on a"
                    + " supported platform, or do not ask for this.";

    @Override
    public MemoryRegion allocate(long size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size is " + size + ", expected 1 to " + MAX_SIZE + " bytes");
        }
        int rounded = Math.toIntExact((size + UNIT - 1) / UNIT * UNIT);
        return new OrdinaryRegion(this, ByteBuffer.allocateDirect(rounded), UNIT);
    }

    @Override
    public void free(MemoryRegion region) {
        OrdinaryRegion own = own(region);
        if (!own.isWhole()) {
            throw new IllegalArgumentException("a part of a region cannot be freed, only the whole");
        }
        own.free();
    }

    @Override
    public void protect(MemoryRegion region, Protection protection) {
        Objects.requireNonNull(protection, "protection");
        own(region).requireNotFreed();
    }

    @Override
    public void lock(MemoryRegion region) {
        own(region).requireNotFreed();
        throw new MemoryCallException("lock", 0, "no such call", REMEDY);
    }

    @Override
    public void unlock(MemoryRegion region) {
        own(region).requireNotFreed();
    }

    @Override
    public void excludeFromDumps(MemoryRegion region) {
        own(region).requireNotFreed();
    }

    @Override
    public boolean excludesFromDumps() {
        return false;
    }

    @Override
    public void excludeFromFork(MemoryRegion region) {
        own(region).requireNotFreed();
    }

    @Override
    public void hideFromKernel(MemoryRegion region) {
        own(region).requireNotFreed();
        throw new MemoryCallException("memfd_secret", 0, "no such call", REMEDY);
    }

    @Override
    public void fillRandom(MemoryRegion region, long offset, long length) {
        OrdinaryRegion own = own(region);
        Objects.checkFromIndexSize(offset, length, own.size());
        own.requireNotFreed();
        ByteBuffer target = own.newBuffer().slice((int) offset, (int) length);
        if (!fillFromDevice(target)) {
            fillFromJava(target.clear());
        }
    }

    /** Elsewhere than on Unix, a file of this name may be anything. */
    private static boolean isThere() {
        return File.separatorChar == '/' && Files.exists(RANDOM) && !Files.isRegularFile(RANDOM);
    }

    private static boolean fillFromDevice(ByteBuffer target) {
        if (!isThere()) {
            return false;
        }
        try (SeekableByteChannel device = Files.newByteChannel(RANDOM)) {
            while (target.hasRemaining()) {
                if (device.read(target) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    /** Where the device is missing, the bytes are in an array on the heap for a moment, which is wiped. */
    private static void fillFromJava(ByteBuffer target) {
        byte[] bytes = new byte[target.remaining()];
        try {
            new SecureRandom().nextBytes(bytes);
            target.put(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public void disableCoreDumps() {
        throw new MemoryCallException("disabling core dumps", 0, "no such call", REMEDY);
    }

    @Override
    public int pageSize() {
        return UNIT;
    }

    @Override
    public MemoryLockLimit lockLimit() {
        return new MemoryLockLimit(MemoryLockLimit.UNLIMITED, MemoryLockLimit.UNLIMITED, false);
    }

    @Override
    public String lockLimitRemedy() {
        return REMEDY;
    }

    @Override
    public String name() {
        return "none";
    }

    private OrdinaryRegion own(MemoryRegion region) {
        Objects.requireNonNull(region, "region");
        if (region instanceof OrdinaryRegion ordinary && ordinary.isOf(this)) {
            return ordinary;
        }
        throw new IllegalArgumentException("the region was not allocated by this MemCall");
    }
}
