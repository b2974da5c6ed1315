package io.securememory.test;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.util.HexFormat;

/** Searches without any framework, and with AssertJ if it is asked to. */
final class PlainProgram {

    private static final String[] LEAK = new String[1];

    private PlainProgram() {}

    public static void main(String[] arguments) {
        if (isPresent("org.springframework.core.SpringVersion") || isPresent("org.junit.jupiter.api.Test")) {
            throw new IllegalStateException("a framework is on the class path");
        }
        System.out.println("without frameworks");
        boolean asserts = arguments.length > 0;
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets().createRandom(32)) {
            System.out.println("clean: " + (asserts ? asserted(secret) : searched(secret)));
            LEAK[0] = secret.withHeapBytes(PlainProgram::hex);
            System.out.println("leaking: " + (asserts ? asserted(secret) : searched(secret)));
        }
    }

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, PlainProgram.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String searched(Secret secret) {
        ResidueReport report = ResidueSearch.of(secret).named("the-name").run();
        return report.unproven() + " " + report;
    }

    private static String asserted(Secret secret) {
        try {
            SecretAssert.assertThat(secret).as("the-name").hasNoResidue();
            return "passes";
        } catch (AssertionError e) {
            return e.getMessage();
        }
    }
}
