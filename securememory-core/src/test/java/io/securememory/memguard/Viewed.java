package io.securememory.memguard;

import io.securememory.SecretConsumer;

/** What the contracts of views look at. */
enum Viewed {
    BUFFER {
        @Override
        <E extends Exception> void read(MemGuard guard, byte[] bytes, SecretConsumer<E> action) throws E {
            try (LockedBuffer buffer = guard.moveFrom(bytes.clone())) {
                buffer.withBytes(view -> {
                    action.accept(view);
                    return null;
                });
            }
        }
    },
    MUTATED_BUFFER {
        @Override
        <E extends Exception> void read(MemGuard guard, byte[] bytes, SecretConsumer<E> action) throws E {
            try (LockedBuffer buffer = guard.allocate(bytes.length)) {
                buffer.copyIn(0, bytes);
                buffer.mutate(action::accept);
            }
        }
    },
    ENCLAVE {
        @Override
        <E extends Exception> void read(MemGuard guard, byte[] bytes, SecretConsumer<E> action) throws E {
            try (Enclave enclave = guard.seal(bytes.clone())) {
                enclave.withBytes(view -> {
                    action.accept(view);
                    return null;
                });
            }
        }
    };

    abstract <E extends Exception> void read(MemGuard guard, byte[] bytes, SecretConsumer<E> action) throws E;
}
