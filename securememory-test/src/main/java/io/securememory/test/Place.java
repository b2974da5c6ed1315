package io.securememory.test;

/** Where copies of a secret can be. */
public enum Place {
    /** The Java heap: live objects, and garbage that has not been overwritten. */
    HEAP("the heap"),

    /** The stacks of threads. */
    STACKS("thread stacks"),

    /** All other memory of the process that can be read, except protected memory. */
    NATIVE_MEMORY("native memory"),

    /** What was given to the search: files, and texts or bytes that a test has recorded. */
    GIVEN("what was given to the search");

    private final String text;

    Place(String text) {
        this.text = text;
    }

    /**
     * Returns the name for people.
     *
     * @return the name
     */
    @Override
    public String toString() {
        return text;
    }
}
