package io.securememory.spring.boot.autoconfigure;

import io.securememory.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;

/**
 * Measures what the auto-configuration adds to the start of an application, in virtual machines of their own, taken in turns.
 * No test, because a busy machine would make it fail: run it with the number of turns as its argument, and with {@code
 * cpu} as the second one to count processor time of the thread that starts in the place of time on the clock.
 */
final class StartupCost {

    private static final String[] WITHOUT = {"--securememory.enabled=false"};
    private static final String[] WITH = {};
    private static final String[] WITH_SECRET = {"--securememory.secrets.key.location=classpath:declared-secret.txt"};
    private static final String[] JNA = {
        "--securememory.secrets.key.location=classpath:declared-secret.txt", "--securememory.native-access=jna"
    };

    private StartupCost() {}

    public static void main(String[] arguments) {
        int turns = Integer.parseInt(arguments[0]);
        String[][] variants = {WITHOUT, WITH, WITH_SECRET, JNA};
        long[][] micros = new long[variants.length][turns];
        for (int turn = 0; turn < turns; turn++) {
            for (int variant = 0; variant < variants.length; variant++) {
                micros[variant][turn] = start(variants[variant], arguments.length > 1);
            }
        }
        String[] names = {"without", "with", "with a secret", "with a secret, by JNA"};
        for (int variant = 0; variant < variants.length; variant++) {
            report(names[variant], micros[variant], micros[0]);
        }
    }

    /** What is added is the median of the differences within a turn, which a machine that slows down in between does not move. */
    private static void report(String name, long[] with, long[] without) {
        long[] added = new long[with.length];
        Arrays.setAll(added, turn -> with[turn] - without[turn]);
        long[] sorted = with.clone();
        Arrays.sort(sorted);
        Arrays.sort(added);
        int middle = added.length / 2;
        System.out.printf(
                "%-22s least %6.1f ms, median %6.1f ms; added: median %6.1f ms, half of them from %6.1f to %6.1f ms%n",
                name,
                sorted[0] / 1e3,
                sorted[middle] / 1e3,
                added[middle] / 1e3,
                added[added.length / 4] / 1e3,
                added[added.length * 3 / 4] / 1e3);
    }

    private static long start(String[] properties, boolean cpu) {
        String output = ChildJvm.onTestClassPath(Application.class)
                .withNativeAccess()
                .options("-Dcpu=" + cpu)
                .arguments(properties)
                .run()
                .output();
        return output.lines()
                .filter(line -> line.startsWith("started in "))
                .map(line -> Long.valueOf(line.split(" ")[2]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(output));
    }

    /** Says how long its context took. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) {
            long begin = nanoTime();
            new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .bannerMode(Banner.Mode.OFF)
                    .run(arguments);
            System.out.println("started in " + (nanoTime() - begin) / 1000 + " us");
        }

        private static long nanoTime() {
            return Boolean.getBoolean("cpu")
                    ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                    : System.nanoTime();
        }
    }
}
