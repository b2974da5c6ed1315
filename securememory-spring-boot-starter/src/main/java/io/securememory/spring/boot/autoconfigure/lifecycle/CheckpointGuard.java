package io.securememory.spring.boot.autoconfigure.lifecycle;

import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemoryLifecycleProperties.CheckpointPolicy;
import io.securememory.spring.boot.watch.SecretWatch;
import java.util.Set;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps secrets out of checkpoints of the JVM (CRaC), which write all memory to a file.
 *
 * <p>No secret is loaded again after a restore: beans may already have used the secrets that were wiped, and the files
 * of the machine that wrote the checkpoint mean nothing on the machine that restores it. The application context must
 * be started again.
 */
final class CheckpointGuard implements Resource {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointGuard.class);

    private final SecureMemory session;
    private final SecretStore declared;
    private final @Nullable SecretWatch watch;
    private final CheckpointPolicy policy;
    private volatile boolean wiped;

    /** Whether the watch was running before the checkpoint. */
    private volatile boolean stopped;

    /**
     * @param watch the watch, which must stop because it would read declared secrets again after the wipe; null if
     * there is none
     */
    CheckpointGuard(SecureMemory session, SecretStore declared, @Nullable SecretWatch watch, CheckpointPolicy policy) {
        this.watch = watch;
        this.session = session;
        this.declared = declared;
        this.policy = policy;
    }

    /**
     * Registers this guard with the JVM, which holds only a weak reference to it, so that a closed context can be
     * collected.
     */
    CheckpointGuard register() {
        Core.getGlobalContext().register(this);
        return this;
    }

    /**
     * Wipes everything, including the key of sealed secrets.
     *
     * @throws CheckpointException if a secret is open and the policy is to refuse checkpoints, or if not everything
     *     could be wiped
     */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        wiped = false;
        SecureMemoryStatus before = session.status();
        long live = before.liveSecrets() + before.liveBuffers() + before.liveEnclaves();
        if (live > 0 && policy == CheckpointPolicy.REFUSE) {
            throw new CheckpointException(
                    "A checkpoint would write " + live + " open secrets or buffers of Secure Memory to"
                            + " a file. Close them first, or set securememory.checkpoint=purge, which closes them for good.");
        }
        stopped = watch != null && watch.isRunning();
        if (watch != null) {
            watch.destroy();
        }
        session.purge();
        wiped = live > 0;
        SecureMemoryStatus after = session.status();
        long left = after.liveSecrets() + after.liveBuffers();
        if (left > 0) {
            throw new CheckpointException(
                    left + " secrets or buffers of Secure Memory could not be wiped and released for"
                            + " the checkpoint, because they are in use.");
        }
        LOG.info("Secure memory purged for a checkpoint: {} secrets and buffers", live);
    }

    /**
     * Reports which declared secrets were wiped.
     *
     * @throws IllegalStateException if declared secrets were wiped: the restored application cannot work
     */
    @Override
    public void afterRestore(Context<? extends Resource> context) {
        Set<String> names = declared.names();
        if (wiped && !names.isEmpty()) {
            throw new IllegalStateException(
                    "The declared secrets " + names + " were wiped for the checkpoint and are not"
                            + " loaded again. Restart the application, or create its secrets at run time.");
        }
        if (stopped && watch != null) {
            watch.start();
        }
    }
}
