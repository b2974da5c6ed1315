package io.securememory.spring.boot.watch;

import java.util.Locale;

/** How what is in use relates to the files that it comes from. */
public enum WatchState {

    /** It is what the files hold. */
    CURRENT,

    /** Key and certificate do not belong together yet; the old pair is in use. */
    WAITING,

    /** The files hold something else, which cannot be taken; the old content is in use. */
    FAILING,

    /** There is no file; the old content is in use, if there ever was one. */
    MISSING,

    /** A purge has wiped it, and it was not read again since. */
    WIPED;

    /** As it is shown. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
