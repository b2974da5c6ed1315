package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.spring.boot.credentials.PasswordListener;
import io.securememory.spring.boot.watch.WatchProgress;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a database says to the newest version of a password: for the log, and, as something that is never checked by itself, for
 * health and the endpoint.
 *
 * <p>Threading: safe for use by several threads.
 */
final class PasswordState implements PasswordListener, Watched {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordState.class);

    private final String client;
    private final DeclaredCredential credential;
    private final WatchProgress progress = new WatchProgress(InstantSource.system());

    /** Guarded by this object. */
    private boolean refused;

    /** @param client how messages call what connects */
    PasswordState(String client, DeclaredCredential credential) {
        this.client = client;
        this.credential = credential;
        progress.good();
    }

    @Override
    public synchronized void accepted() {
        progress.good();
        if (refused) {
            refused = false;
            LOG.info("{} takes the newest version of the {}", client, credential);
        }
    }

    @Override
    public synchronized void refused(boolean olderAccepted) {
        String meanwhile = olderAccepted
                ? "An older version is in use until its grace ends."
                : "No connection can be opened with it.";
        if (refused) {
            progress.differs(WatchState.FAILING, sentence(meanwhile));
            return;
        }
        refused = true;
        progress.bad(WatchState.FAILING, sentence(meanwhile));
        LOG.error(
                "{} refuses the newest version of the {}. {} It is tried again. Change the password in the server, or put the"
                        + " right one where the secret is read.",
                client,
                credential,
                meanwhile);
    }

    private String sentence(String meanwhile) {
        return client + " refuses the newest version of the " + credential + ". " + meanwhile;
    }

    @Override
    public String title() {
        return "the password of " + client;
    }

    @Override
    public @Nullable Duration interval() {
        return null;
    }

    /** Does nothing: connections tell. */
    @Override
    public void look() {}

    /** Does nothing: nobody is told. */
    @Override
    public void tell() {}

    @Override
    public WatchStatus status() {
        return progress.status(WatchStatus.CREDENTIAL, credential.name(), true);
    }
}
