package io.securememory.memguard;

/** Where decoded bytes go: as a rule {@link MutableView#put}. */
@FunctionalInterface
interface ByteSink {
    void put(int index, byte value);
}
