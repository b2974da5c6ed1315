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
 * Keeps secrets out of checkpoints of the virtual machine (CRaC), which write all memory to a file.
 *
 * <p>Nothing is loaded again after a restore: beans have taken what they need of the secrets that were wiped, and a file of
 * the machine that wrote the checkpoint says nothing on the one that restores it. The context must be started anew.
 */
final class CheckpointGuard implements Resource {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointGuard.class);

    private final SecureMemory session;
    private final SecretStore declared;
    private final @Nullable SecretWatch watch;
    private final CheckpointPolicy policy;
    private volatile boolean wiped;

    /** Whether the watch ran before. */
    private volatile boolean stopped;

    /** @param watch which would read declared secrets again after the wipe, or null if there is none */
    CheckpointGuard(SecureMemory session, SecretStore declared, @Nullable SecretWatch watch, CheckpointPolicy policy) {
        this.watch = watch;
        this.session = session;
        this.declared = declared;
        this.policy = policy;
    }

    /** Registers with the virtual machine, which holds this weakly, so that a closed context is forgotten. */
    CheckpointGuard register() {
        Core.getGlobalContext().register(this);
        return this;
    }

    /**
     * Wipes everything, also the key of what is sealed.
     *
     * @throws CheckpointException if there is a secret and checkpoints are refused, or if not everything could be wiped
     */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        wiped = false;
        SecureMemoryStatus before = session.status();
        long live = before.liveSecrets() + before.liveBuffers() + before.liveEnclaves();
        if (live > 0 && policy == CheckpointPolicy.REFUSE) {
            throw new CheckpointException(
                    "A checkpoint would write " + live + " open secrets or buffers of Secure Memory to"
                            + " a file. Close them before, or set securememory.checkpoint=purge, after which they stay closed.");
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
     * Says what is gone.
     *
     * @throws IllegalStateException if declared secrets were wiped: the restored application cannot work
     */
    @Override
    public void afterRestore(Context<? extends Resource> context) {
        Set<String> names = declared.names();
        if (wiped && !names.isEmpty()) {
            throw new IllegalStateException(
                    "The declared secrets " + names + " were wiped for the checkpoint and are not"
                            + " loaded again. Restart the application, or make its secrets at run time.");
        }
        if (stopped && watch != null) {
            watch.start();
        }
    }
}
