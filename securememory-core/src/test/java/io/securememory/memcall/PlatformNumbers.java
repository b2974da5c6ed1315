package io.securememory.memcall;

import io.securememory.SecureMemoryException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Prints what this library takes for granted about the systems it supports, from its own tables and from what it calls.
 * The scripts in {@code platforms} compare it with the systems' headers.
 *
 * <pre>
 * number SYSTEM VALUE NAME
 * function SYSTEM NAME RESULT PARAMETER...
 * </pre>
 *
 * <p>Results and parameters are {@code int}, {@code long}, or {@code word} if the library passes a machine word for
 * whatever the function declares.
 */
public final class PlatformNumbers {

    /** More than any error number. */
    private static final int ERRORS = 1000;

    private static final String WORDS = " word".repeat(6);

    private final String system;
    private final Platform platform;

    private PlatformNumbers(String system, Platform platform) {
        this.system = system;
        this.platform = platform;
    }

    /** Prints everything. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        for (Field field : Platform.class.getDeclaredFields()) {
            if (field.getType() == Platform.class) {
                String name = field.getName().toLowerCase(Locale.ROOT).replace('_', '-');
                new PlatformNumbers(name, (Platform) field.get(null)).print();
            }
        }
    }

    private void print() throws ReflectiveOperationException {
        if (platform.constants() == null) {
            printWindows();
            return;
        }
        printConstants(PosixMemCall.class);
        printComponents(platform.constants());
        printErrors(platform.constants().errors());
        // JnaLibC and ForeignLibC read two words.
        number("sizeof(struct rlimit)", 2L * Long.BYTES);
        number("offsetof(struct rlimit, rlim_max)", Long.BYTES);
        BsdSystem bsd = SimulatedLibraries.bsd(platform);
        if (bsd == null) {
            printConstants(LinuxConstants.class);
        } else {
            printComponents(bsd);
            if (bsd.dumps() == BsdSystem.DumpExclusion.BY_ADVICE) {
                number("MADV_NOCORE", BsdSystem.MADV_NOCORE);
            }
            if (bsd.lockLimitSetting() != null) {
                number("MAP_ANON", BsdSystem.MAP_ANON); // What KernelSetting maps.
                number("sizeof(size_t)", Long.BYTES); // Where it has the length of the value.
            }
        }
        printBound();
        printNamed();
    }

    private void number(String name, long value) {
        System.out.println("number " + system + " " + value + " " + name);
    }

    private void function(String name, String resultAndParameters) {
        System.out.println("function " + system + " " + name + resultAndParameters);
    }

    /** Prints the constants of a class that are the system's, and not its own. */
    private void printConstants(Class<?> type) throws IllegalAccessException {
        for (Field field : type.getDeclaredFields()) {
            boolean number = field.getType() == int.class || field.getType() == long.class;
            if (number && Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers())) {
                number(field.getName(), ((Number) field.get(null)).longValue());
            }
        }
    }

    private void printComponents(Record table) throws ReflectiveOperationException {
        for (RecordComponent component : table.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(table);
            if (value instanceof Number number) {
                number(component.getName(), number.longValue());
            } else if (value instanceof Errno error) {
                number(component.getName() + "." + error, numberOf(error));
            }
        }
    }

    private long numberOf(Errno error) {
        ErrorNumbers errors =
                java.util.Objects.requireNonNull(platform.constants()).errors();
        for (int i = 1; i < ERRORS; i++) {
            if (errors.meaningOf(i) == error) {
                return i;
            }
        }
        throw new AssertionError("no number means " + error);
    }

    private void printErrors(ErrorNumbers errors) {
        for (int i = 1; i < ERRORS; i++) {
            Errno meaning = errors.meaningOf(i);
            if (meaning != null) {
                number(meaning.name(), i);
            }
        }
    }

    /** Functions that JNA binds in advance. The foreign function and memory API passes words for all of them. */
    private void printBound() {
        Arrays.stream(JnaFunctions.class.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .forEach(method -> function(
                        method.getName().equals("random") ? platform.random().symbol() : method.getName(),
                        " " + method.getReturnType() + " "
                                + Arrays.stream(method.getParameterTypes())
                                        .map(Class::getName)
                                        .collect(Collectors.joining(" "))));
    }

    /** Functions that are found by name: what a MemCall asks for when each of its methods is called. */
    private void printNamed() {
        TreeSet<String> names = new TreeSet<>();
        LibC libC = SimulatedLibraries.of(platform, NativeAccess.JNA).libC();
        LibC noting = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, values) -> {
                    if (method.getName().equals("named")) {
                        names.add((String) values[0]);
                    }
                    try {
                        return method.invoke(libC, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        MemCall memCall = platform.open(new OnlyLibC(noting));
        MemoryRegion region = memCall.allocate(1);
        memCall.lockLimit();
        memCall.excludeFromDumps(region);
        memCall.excludeFromFork(region);
        try {
            memCall.hideFromKernel(region);
        } catch (SecureMemoryException e) { // This kernel has none; the functions were asked for all the same.
        }
        memCall.free(region);
        names.forEach(name -> function(name, WORDS));
    }

    private void printWindows() throws ReflectiveOperationException {
        printConstants(Kernel32.class);
        for (WindowsError error : WindowsError.values()) {
            number("ERROR_" + error, error.number());
        }
        ObservedWindows observed = new ObservedWindows();
        observed.callAll();
        for (Map.Entry<String, Long> each : observed.numbers().entrySet()) {
            number(each.getKey(), each.getValue());
        }
        observed.functions().forEach(name -> function(name, WORDS));
    }

    private record OnlyLibC(LibC libC) implements NativeLibraries {

        @Override
        public WindowsApi windows() {
            throw new AssertionError("not Windows");
        }
    }
}
