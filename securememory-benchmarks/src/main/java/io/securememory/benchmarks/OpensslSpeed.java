package io.securememory.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast OpenSSL's own program encrypts with ChaCha20-Poly1305, in blocks as long as the parts of a stream. */
final class OpensslSpeed {

    private static final List<String> COMMAND =
            List.of("openssl", "speed", "-evp", "chacha20-poly1305", "-seconds", "1", "-bytes", "16384");

    /** Thousands of bytes per second, at the end of the line with the name of the cipher. */
    private static final Pattern RATE = Pattern.compile("(?im)^chacha20-poly1305\\s+([0-9.]+)k\\s*$");

    private static final double THOUSAND = 1_000;
    private static final double NANOSECONDS = 1e9;
    private static final double MIB = 1 << 20;

    private OpensslSpeed() {}

    /**
     * Runs the program.
     *
     * @throws Unavailable if it is not installed, or does not know these options
     */
    static List<Double> nanosecondsPerMib(int samples) throws InterruptedException, Unavailable {
        List<Double> result = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            result.add(MIB / bytesPerSecond(output()) * NANOSECONDS);
        }
        return result;
    }

    private static String output() throws InterruptedException, Unavailable {
        try {
            return Command.output(COMMAND);
        } catch (IOException e) {
            throw new Unavailable("openssl speed does not run here: " + e.getMessage());
        }
    }

    static double bytesPerSecond(String output) throws Unavailable {
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) {
            throw new Unavailable("openssl speed prints no rate of ChaCha20-Poly1305; a version from 3.0 on is needed");
        }
        return Double.parseDouble(rate.group(1)) * THOUSAND;
    }
}
