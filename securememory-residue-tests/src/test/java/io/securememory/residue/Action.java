package io.securememory.residue;

/** Does with secrets what applications do. */
@FunctionalInterface
interface Action {

    /** Returns what the application keeps while it runs. */
    Kept with(Given given) throws Exception;
}
