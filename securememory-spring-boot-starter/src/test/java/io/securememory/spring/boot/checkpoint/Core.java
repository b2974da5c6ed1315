package io.securememory.spring.boot.checkpoint;

/** What writes and restores a checkpoint: here it runs an action in the place of writing. */
public final class Core {

    private static final Context GLOBAL = new Context();

    private static volatile Runnable image = () -> {};

    private Core() {}

    public static Context getGlobalContext() {
        return GLOBAL;
    }

    public static void checkpointRestore() throws CheckpointException, RestoreException {
        GLOBAL.checkpointAndRestore(image);
    }

    /** Forgets all who have registered, for another application in the same virtual machine. */
    public static void forgetAll() {
        GLOBAL.clear();
    }

    /** Sets what happens in the moment in which memory would be written to a file. */
    public static void onImage(Runnable action) {
        image = action;
    }
}
