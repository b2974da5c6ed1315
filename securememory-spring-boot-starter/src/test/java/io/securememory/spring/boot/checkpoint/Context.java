package io.securememory.spring.boot.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tells resources in the order that CRaC prescribes: the last one first before a checkpoint, and the first one first after it. */
public final class Context {

    private final List<Resource> resources = new ArrayList<>();

    public void register(Resource resource) {
        resources.add(resource);
    }

    void clear() {
        resources.clear();
    }

    /** Also those are told that come after one that fails, and all of them that the application goes on. */
    void checkpointAndRestore(Runnable image) throws CheckpointException, RestoreException {
        List<Resource> backwards = new ArrayList<>(resources);
        Collections.reverse(backwards);
        CheckpointException refused = new CheckpointException();
        for (Resource resource : backwards) {
            try {
                resource.beforeCheckpoint(this);
            } catch (Exception e) {
                refused.addSuppressed(e);
            }
        }
        if (refused.getSuppressed().length == 0) {
            image.run();
        }
        RestoreException failed = new RestoreException();
        for (Resource resource : resources) {
            try {
                resource.afterRestore(this);
            } catch (Exception e) {
                failed.addSuppressed(e);
            }
        }
        if (refused.getSuppressed().length > 0) {
            throw refused;
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}
