package io.securememory.spring.boot.credentials;

/** Is told what a database says to the newest version of a password. See {@link SecretDataSource}. */
public interface PasswordListener {

    /** Hears nothing. */
    PasswordListener NONE = new PasswordListener() {
        @Override
        public void accepted() {}

        @Override
        public void refused(boolean olderAccepted) {}
    };

    /** The database has taken the newest version. Called for each connection that is opened with it, so it must be quick. */
    void accepted();

    /**
     * The database has refused the newest version.
     *
     * @param olderAccepted whether a connection was opened with an older version, whose grace is not over
     */
    void refused(boolean olderAccepted);
}
