package io.securememory.memguard;

import io.securememory.SecureMemory;
import io.securememory.crypto.SealingEngine;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes the key of a session as needles, so that the key is in a window of native memory only, and wiped after. */
final class SessionKeys {

    private SessionKeys() {}

    /** Two needles: each half of the key's bytes. */
    static List<Needle> of(SecureMemory session, String name) {
        return of((MemGuard) field(session, "secretsGuard"), name);
    }

    static List<Needle> of(MemGuard guard, String name) {
        List<Needle> needles = new ArrayList<>();
        use(guard, engine -> {
            needles.add(Needle.of(name + "-first", engine.left(0), engine.left(1)));
            needles.add(Needle.of(name + "-second", engine.left(2), engine.left(3)));
        });
        return needles;
    }

    /** Runs an action with the key of a session's secrets in an engine. */
    static void use(SecureMemory session, Consumer<SealingEngine> action) {
        use((MemGuard) field(session, "secretsGuard"), action);
    }

    private static void use(MemGuard guard, Consumer<SealingEngine> action) {
        Coffer coffer = SealingProbe.coffer(guard);
        ByteBuffer memory = ByteBuffer.allocateDirect(SealingEngine.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        SealingEngine engine = new SealingEngine(memory, 0, () -> null);
        Coffer.Viewer viewer = coffer.admit(engine);
        coffer.view(viewer);
        try {
            action.accept(engine);
        } finally {
            engine.wipe();
            coffer.dismiss(viewer);
        }
    }

    private static Object field(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
