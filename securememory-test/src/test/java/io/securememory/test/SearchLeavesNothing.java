package io.securememory.test;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A program that leaks a secret, searches, wipes its leaks, and lets another process look for what is left. */
final class SearchLeavesNothing {

    private static final byte[] BYTES = new byte[64];
    private static final char[] CHARACTERS = new char[64];
    private static final byte[] DIGITS = new byte[128];
    private static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(64);

    private SearchLeavesNothing() {}

    /** @param arguments what happens, and the secret with each bit inverted, in hexadecimal */
    public static void main(String[] arguments) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(arguments[1]);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
            BYTES[i] = bytes[i];
            CHARACTERS[i] = (char) (bytes[i] & 0xff);
            DIGITS[2 * i] = (byte) Character.forDigit((bytes[i] & 0xf0) >> 4, 16);
            DIGITS[2 * i + 1] = (byte) Character.forDigit(bytes[i] & 0xf, 16);
        }
        DIRECT.put(0, bytes);
        SecureMemory memory = SecureMemory.create();
        Secret secret = memory.secrets().create(bytes);
        System.out.println("searching");
        try {
            search(arguments[0], memory, secret);
        } catch (RuntimeException e) {
            System.out.println("failed: " + e);
        }
        if (!arguments[0].equals("kept")) {
            wipe();
        }
        memory.close();
        try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            System.out.println("dumps: "
                    + left.filter(each -> each.toString().contains("residue")).toList());
        }
        System.out.println("wiped");
        System.in.read();
    }

    private static void search(String what, SecureMemory memory, Secret secret) {
        Consumer<String> progress = line -> {
            if (what.equals("purge") && line.contains("heap dump")) {
                memory.purge();
            }
        };
        Secret searched = what.equals("other") ? memory.secrets().createRandom(32) : secret;
        ResidueSearch search = ResidueSearch.of(searched).onProgress(progress);
        ResidueReport report = (what.equals("missing") ? search.alsoIn(Path.of("no-such-file")) : search).run();
        System.out.println(report);
    }

    private static void wipe() {
        Arrays.fill(BYTES, (byte) 0);
        Arrays.fill(CHARACTERS, '\0');
        Arrays.fill(DIGITS, (byte) 0);
        DIRECT.put(0, new byte[64]);
    }
}
