package io.securememory.spring.boot.checkpoint;

/** Is told of checkpoints. */
public interface Resource {

    void beforeCheckpoint(Context context) throws Exception;

    void afterRestore(Context context) throws Exception;
}
