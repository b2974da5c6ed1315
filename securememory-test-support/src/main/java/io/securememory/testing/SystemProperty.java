package io.securememory.testing;

import org.jspecify.annotations.Nullable;

/** Sets a system property temporarily. Closing this object restores the previous value. */
public final class SystemProperty implements AutoCloseable {

    private final String name;
    private final @Nullable String before;

    private SystemProperty(String name, @Nullable String before) {
        this.name = name;
        this.before = before;
    }

    /** Sets a property until this is closed. */
    public static SystemProperty set(String name, String value) {
        return new SystemProperty(name, System.setProperty(name, value));
    }

    @Override
    public void close() {
        if (before == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, before);
        }
    }
}
