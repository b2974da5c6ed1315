package io.securememory.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Searches files for what can be left of keys. Besides the forms that a {@link ResidueSearch} finds of any secret, this is a
 * block of HMAC, which is the key, or the hash of a long key, under one of two masks, and the text that JSON, a log or a
 * property can make of bytes.
 */
final class KeySearch implements AutoCloseable {

    private static final int[] MASKS = {0, 0x36, 0x5c};
    private static final int WORD = Integer.BYTES;

    private final SecureMemory session = SecureMemory.create();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    KeySearch add(String name, TestKey key) {
        addBlocks(name, key.bytes());
        if (key.isHashed()) {
            addBlocks(name + ", hashed", key.hash());
        }
        return this;
    }

    /** Adds a key that is no text. The array stays as it is. */
    KeySearch add(String name, byte[] key) {
        addBlocks(name, key);
        addText(name + " as numbers", Arrays.toString(key).replaceAll("[^0-9,-]", ""));
        addText(name + " as numbers with spaces", Arrays.toString(key).replaceAll("[\\[\\]]", ""));
        put(name + " as characters in UTF-8", new String(key, ISO_8859_1).getBytes(UTF_8));
        return this;
    }

    /** Adds a text of ASCII as it is. */
    KeySearch addText(String name, String text) {
        put(name, text.getBytes(US_ASCII));
        return this;
    }

    /** Whole words, from the first byte, as a hash has them. */
    private void addBlocks(String name, byte[] key) {
        for (int mask : MASKS) {
            byte[] block = Arrays.copyOf(key, (key.length + WORD - 1) / WORD * WORD);
            for (int i = 0; i < block.length; i++) {
                block[i] ^= (byte) mask;
            }
            put(mask == 0 ? name : name + " under mask " + Integer.toHexString(mask), block);
        }
    }

    private void put(String name, byte[] bytes) {
        secrets.put(name, session.secrets(Storage.SEALED).create(bytes));
    }

    /** Returns what is in files, by the name of what was added. */
    Map<String, List<Finding>> foundIn(List<Path> files) {
        ResidueSearch search = ResidueSearch.of(secrets.values().toArray(Secret[]::new))
                .named(secrets.keySet().toArray(String[]::new))
                .only(Place.GIVEN);
        files.forEach(search::alsoIn);
        ResidueReport report = search.run();
        assertThat(report.isProof()).as(report.toString()).isTrue();
        return report.findings().stream()
                .collect(Collectors.groupingBy(Finding::secret, TreeMap::new, Collectors.toList()));
    }

    @Override
    public void close() {
        session.close();
    }
}
