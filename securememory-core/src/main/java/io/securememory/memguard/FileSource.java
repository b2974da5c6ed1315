package io.securememory.memguard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file, or something that is read like one: a pipe, a device, a file in {@code /proc}. None of its bytes come to the
 * heap. The channel is one of the JDK, see {@link ChannelReading}.
 */
final class FileSource implements Source, AutoCloseable {

    /** Bytes of a part that is sealed separately. It fits into one page. */
    private static final int PART = 4_000;

    private final String name;
    private final FileChannel channel;
    private final Vault vault;

    /** The buffer that parts are read into. */
    private @Nullable LockedBuffer scratch;

    private FileSource(String name, FileChannel channel, Vault vault) {
        this.name = name;
        this.channel = channel;
        this.vault = vault;
    }

    /** Opens a file. The caller closes it. */
    static FileSource open(String name, Path file, Vault vault) throws IOException {
        return new FileSource(name, FileChannel.open(file, StandardOpenOption.READ), vault);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int fill(LockedBuffer target, int from) throws IOException {
        return fill(target, from, target.size());
    }

    private int fill(LockedBuffer target, int from, int end) throws IOException {
        int[] filled = new int[1];
        target.mutate(view -> filled[0] = fill((Lease) view, from, end));
        return filled[0];
    }

    /** Reads into memory that only this thread is inside of. Returns where the memory or the file ended. */
    int fill(Lease target) throws IOException {
        return fill(target, 0, target.length());
    }

    private int fill(Lease target, int from, int end) throws IOException {
        int filled = from;
        int count = 0;
        while (count >= 0 && filled < end) {
            count = ChannelReading.once(target, filled, end - filled, channel);
            filled += Math.max(0, count);
        }
        return filled;
    }

    @Override
    public boolean append(SealedParts target, int most) throws IOException {
        LockedBuffer through = scratch();
        int count = fill(through, 0, Math.min(most, PART));
        if (count == 0) {
            return false;
        }
        RegionData memory = through.memory();
        through.withBytes(view -> {
            target.append(memory.bytes(), memory.indexOf(0), count);
            return count;
        });
        through.wipe(); // Before the next wait for the file.
        return true;
    }

    private LockedBuffer scratch() {
        LockedBuffer present = scratch;
        if (present == null) {
            present = vault.allocate(PART);
            scratch = present;
        }
        return present;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (scratch != null) {
                scratch.close();
            }
        }
    }
}
