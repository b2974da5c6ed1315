package io.securememory.memcall;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Notes which of Windows' functions {@link Kernel32} calls, and where in their results it reads. Memory that a function
 * fills has in each place the distance to its beginning, so that a value that is read tells where it was read.
 */
final class ObservedWindows implements WindowsApi {

    private static final long PAGE = 0x10000;

    private final ByteBuffer page = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final Set<String> functions = new TreeSet<>();
    private final Map<String, Long> numbers = new TreeMap<>();

    /** Calls every method of {@link Kernel32}, with zeros. */
    void callAll() throws ReflectiveOperationException {
        Kernel32 kernel32 = new Kernel32(this);
        for (Method method : Kernel32.class.getDeclaredMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !Modifier.isPrivate(method.getModifiers())) {
                method.invoke(
                        kernel32,
                        Arrays.stream(method.getParameterTypes())
                                .map(type -> type == int.class ? (Object) 0 : (Object) 0L)
                                .toArray());
            }
        }
        numbers.put("offsetof(MEMORY_BASIC_INFORMATION, Protect)", (long) kernel32.protectionOf(PAGE));
        numbers.put("offsetof(SYSTEM_INFO, dwPageSize)", (long) kernel32.pageSize());
    }

    /** Names as LIBRARY.FUNCTION. */
    Set<String> functions() {
        return functions;
    }

    Map<String, Long> numbers() {
        return numbers;
    }

    @Override
    public NamedFunction find(String library, String function) {
        functions.add(library + "." + function);
        return (first, second, third, fourth, fifth) -> switch (function) {
            case "VirtualAlloc" -> PAGE;
            case "VirtualQuery" -> {
                numbers.put("sizeof(MEMORY_BASIC_INFORMATION)", third);
                yield fill(second, (int) third);
            }
            case "GetSystemInfo" -> fill(first, 48);
            case "GetProcessWorkingSetSize" -> {
                numbers.put("THIS_PROCESS", first);
                yield fill(second, Long.BYTES) & fill(third, Long.BYTES);
            }
            default -> 1;
        };
    }

    private long fill(long address, int size) {
        for (int i = 0; i < size; i += Integer.BYTES) {
            page.putInt((int) (address - PAGE) + i, i);
        }
        return size;
    }

    @Override
    public int lastError() {
        functions.add("kernel32.GetLastError");
        return 0;
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return page.duplicate();
    }

    @Override
    public @Nullable ScopedBuffer scopedBuffer(long address, int length) {
        return null;
    }

    @Override
    public String name() {
        return "observed";
    }
}
