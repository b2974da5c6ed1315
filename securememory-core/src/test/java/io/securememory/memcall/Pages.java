package io.securememory.memcall;

/** The pages of this machine, which are larger than 4 KiB on some. */
public final class Pages {

    public static final int SIZE = MemCalls.system().pageSize();

    private Pages() {}
}
