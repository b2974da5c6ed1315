package io.securememory;

/**
 * A secret whose bytes are replaced from time to time, while the object stays the same.
 *
 * <p>Each content is a version. Objects that are made of the bytes, such as a parsed key, use this to notice that they
 * have to be made again.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public interface VersionedSecret extends Secret {

    /**
     * Returns the version that is in use now.
     *
     * @return the number and the content, which belong together
     */
    Version currentVersion();

    /**
     * One content of a secret.
     *
     * <p><b>Guarantees.</b> {@code secret} is the same object for as long as the version is in use, and another object
     * for each other version. It is closed some time after a newer version has taken its place.
     *
     * @param number 1 for the first version since the process started, one more for each one after it
     * @param secret the bytes; whoever made the versioned secret closes them
     */
    record Version(long number, Secret secret) {}
}
