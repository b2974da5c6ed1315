package io.securememory.memguard;

import io.securememory.SecureMemory;
import io.securememory.memguard.internal.SealingEngine;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Takes the key of a session as needles, so that the key is in a window of native memory only, and wiped after. */
final class SessionKeys {

    private SessionKeys() {}

    /** Two needles: each half of the key's bytes. */
    static List<Needle> of(SecureMemory session, String name) throws ReflectiveOperationException {
        return of((MemGuard) field(session, "secretsGuard"), name);
    }

    static List<Needle> of(MemGuard guard, String name) throws ReflectiveOperationException {
        Object works = field(field(guard, "vault"), "works");
        Method accessor = works.getClass().getDeclaredMethod("coffer");
        accessor.setAccessible(true);
        Coffer coffer = (Coffer) accessor.invoke(works);
        ByteBuffer native_ = ByteBuffer.allocateDirect(SealingEngine.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        SealingEngine engine = new SealingEngine(native_, 0);
        Coffer.Viewer viewer = coffer.admit(engine);
        coffer.view(viewer);
        try {
            return List.of(
                    Needle.of(name + "-first", engine.left(0), engine.left(1)),
                    Needle.of(name + "-second", engine.left(2), engine.left(3)));
        } finally {
            engine.wipe();
            coffer.dismiss(viewer);
        }
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
