package io.securememory.spring.boot.watch;

import java.util.Locale;

/** How the content in use relates to the files that it comes from. */
public enum WatchState {

    /** The content in use is that of the files. */
    CURRENT,

    /** The key and the certificate in the files do not belong together yet. The old pair is in use. */
    WAITING,

    /** The files hold something that cannot be used. The old content is in use. */
    FAILING,

    /** The content comes from no file, and cannot be had now. The old content is in use. */
    UNAVAILABLE,
    /** There is no file. The old content is in use, if there ever was any. */
    MISSING,

    /** A purge has wiped the content, and it has not been read again since. */
    WIPED;

    /** Returns the word that users see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
