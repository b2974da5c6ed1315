package io.securememory;

import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.EnclaveStream;
import io.securememory.memguard.LockedBuffer;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a servlet container does: runs applications, each in a class loader of its own, on a thread that lives on, and drops
 * them. Says so when the class loaders are gone.
 */
final class Redeployment {

    private static final int DEPLOYMENTS = 3;

    private Redeployment() {}

    /** Arguments: the access to native code, whose the library is, and what becomes of the session. */
    public static void main(String[] arguments) throws Exception {
        boolean shared = arguments[1].equals("shared");
        try (SecureMemory another = shared ? SecureMemory.create() : null) {
            List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
            for (int i = 0; i < DEPLOYMENTS; i++) {
                dropped.add(deploy(shared, arguments));
            }
            endThreadsOfJna();
            for (WeakReference<ClassLoader> loader : dropped) {
                Await.collected("the end of a class loader", () -> loader.refersTo(null));
            }
            System.out.println("all class loaders are gone, " + (another == null ? "no session" : another));
        }
    }

    private static WeakReference<ClassLoader> deploy(boolean shared, String[] arguments) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader container = thread.getContextClassLoader();
        try (URLClassLoader loader = new ApplicationLoader(shared)) {
            thread.setContextClassLoader(loader);
            Class<?> application = loader.loadClass(Application.class.getName());
            application.getMethod("main", String[].class).invoke(null, (Object) arguments);
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(container);
        }
    }

    /**
     * Waits until nothing is registered with JNA's cleaner. Its thread then ends after half a minute, which only the long form
     * waits for; the short one ends the thread itself.
     */
    private static void endThreadsOfJna() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("JNA Cleaner")) {
                Await.collected("an end of what JNA cleans", () -> hasNothingToClean(thread));
                if (!Effort.isThorough()) {
                    thread.interrupt();
                }
                Await.end(thread);
            }
        }
    }

    private static boolean hasNothingToClean(Thread thread) {
        try {
            Object cleaner = field(thread.getClass(), "this$0").get(thread);
            return !thread.isAlive()
                    || field(cleaner.getClass(), "firstCleanable").get(cleaner) == null;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Has the whole class path, or, where the library is shared, the application alone. */
    private static final class ApplicationLoader extends URLClassLoader {

        ApplicationLoader(boolean shared) throws Exception {
            super(classPath(), shared ? Redeployment.class.getClassLoader() : ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }

    /** The application. Uses all that the library keeps something for. */
    public static final class Application {

        private Application() {}

        /** Starts and, unless it is to forget that, stops. */
        public static void main(String[] arguments) throws Exception {
            SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
                    .nativeAccess(NativeAccess.valueOf(arguments[0]))
                    .build());
            Secret secret = session.secrets().create("made up".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Secret sealed = session.secrets(Storage.SEALED).createRandom(5_000);
            LockedBuffer buffer = session.memGuard().allocate(10);
            int first = secret.withBytes(view -> view.asByteBuffer().get(0));
            int second = sealed.withBytes(view -> view.get(0) & 0xFF);
            new HmacSha256(secret).sign(new byte[] {(byte) first, (byte) second});
            buffer.melt();
            try (EnclaveStream stream = session.memGuard().newStream()) {
                stream.outputStream().write(arguments[0].length());
            }
            session.protection();
            if (arguments[2].equals("closed")) {
                session.close();
            }
        }
    }
}
