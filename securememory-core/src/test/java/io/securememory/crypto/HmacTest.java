package io.securememory.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.SecureMemoryException;
import io.securememory.libcrypto.LibCryptos;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HMACs with and without a library, against RFC 4231 and the JDK. */
class HmacTest {

    private static final int COUNT = Effort.of("hmac.count", 1_000, 20_000);
    private static final int LONGEST_KEY = 300;
    private static final int LONGEST_MESSAGE = 9_000;

    private final Map<String, @Nullable LibDigests> libraries = new LinkedHashMap<>();

    HmacTest() {
        libraries.put("none", null);
        for (String access : new String[] {"ffm", "jna"}) {
            LibCrypto library = LibCryptos.find(access);
            if (library != null) {
                libraries.put(access, library.digests());
            }
        }
    }

    private static byte[] compute(@Nullable LibDigests library, HashFunction function, byte[] key, byte[] message) {
        ByteBuffer memory = ByteBuffer.allocateDirect(Hmac.workSize(library, function, message.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        return Hmac.compute(library, function, memory, 0, source(key), key.length, message);
    }

    private static ByteSource source(byte[] key) {
        return (offset, target, index, length) -> TracelessCopy.copy(key, offset, target, index, length);
    }

    private static String jdkName(HashFunction function) {
        return "Hmac" + function.name().replace("_", "");
    }

    private static byte[] hex(String text) {
        int star = text.indexOf('*');
        return HexFormat.of()
                .parseHex(star < 0 ? text : text.substring(0, star).repeat(Integer.parseInt(text.substring(star + 1))));
    }

    /** Test cases 1, 2, 4 and 6 of RFC 4231. */
    @ParameterizedTest
    @CsvSource({
        "SHA_256, 0b*20, 4869205468657265, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "SHA_384, 0b*20, 4869205468657265, afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
                + "faea9ea9076ede7f4af152e8b2fa9cb6",
        "SHA_512, 0b*20, 4869205468657265, 87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        "SHA_384, 4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + " af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "SHA_512, 4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + " 164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        "SHA_384, 0102030405060708090a0b0c0d0e0f10111213141516171819, cd*50,"
                + " 3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        "SHA_512, 0102030405060708090a0b0c0d0e0f10111213141516171819, cd*50,"
                + " b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
                + "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        "SHA_256, aa*131, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374,"
                + " 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "SHA_384, aa*131, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374,"
                + " 4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        "SHA_512, aa*131, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374,"
                + " 80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
    })
    void itIsWhatRfc4231Says(HashFunction function, String key, String message, String expected) {
        libraries.forEach((name, library) -> {
            if (Hmac.isAvailable(function, library)) {
                assertThat(compute(library, function, hex(key), hex(message)))
                        .as(name)
                        .isEqualTo(hex(expected));
            }
        });
    }

    @Test
    void itIsWhatTheJdkComputes() throws Exception {
        long seed = Seed.of("HMACs");
        Random random = new Random(seed);
        for (int i = 0; i < COUNT; i++) {
            byte[] key = new byte[1 + random.nextInt(LONGEST_KEY)];
            byte[] message = new byte[random.nextInt(i % 10 == 0 ? LONGEST_MESSAGE : LONGEST_KEY)];
            random.nextBytes(key);
            random.nextBytes(message);
            for (HashFunction function : HashFunction.values()) {
                assertSameAsJdk(function, key, message, "seed " + seed + ", number " + i);
            }
        }
    }

    /** Where one more block is needed, or one more piece. */
    @Test
    void itIsWhatTheJdkComputesForEveryLengthNearTheEdges() throws Exception {
        byte[] key = "0123456789abcdef".repeat(270).getBytes(US_ASCII);
        for (HashFunction function : HashFunction.values()) {
            for (int edge : new int[] {64, 128, 256, 2_048, 4_096}) {
                for (int length = edge - 20; length <= edge + 3; length++) {
                    byte[] bytes = java.util.Arrays.copyOf(key, length);
                    assertSameAsJdk(function, bytes, new byte[10], "key of " + length);
                    assertSameAsJdk(function, new byte[] {1}, bytes, "message of " + length);
                }
            }
        }
    }

    private void assertSameAsJdk(HashFunction function, byte[] key, byte[] message, String description)
            throws Exception {
        Mac jdk = Mac.getInstance(jdkName(function));
        jdk.init(new SecretKeySpec(key, "any"));
        byte[] expected = jdk.doFinal(message);
        for (Map.Entry<String, @Nullable LibDigests> each : libraries.entrySet()) {
            if (Hmac.isAvailable(function, each.getValue())) {
                assertThat(compute(each.getValue(), function, key, message))
                        .as("%s, %s, %s", function, each.getKey(), description)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void withoutALibraryThereIsSha256Only() {
        assertThat(Hmac.isAvailable(HashFunction.SHA_256, null)).isTrue();
        for (HashFunction function : new HashFunction[] {HashFunction.SHA_384, HashFunction.SHA_512}) {
            assertThat(Hmac.isAvailable(function, null)).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> compute(null, function, new byte[1], new byte[1]))
                    .withMessageContaining("libcrypto 3");
        }
    }

    /** It must not reach over the end of its memory: behind it is what it is computed from, or another page. */
    @Test
    void itUsesNoOtherMemoryThanItsOwn() {
        for (LibDigests library : libraries.values()) {
            for (int length : new int[] {0, 1, 55, 56, 64, 2_039, 2_040, 2_047, 2_048, 5_000}) {
                int size = Hmac.workSize(library, HashFunction.SHA_256, length);
                ByteBuffer memory =
                        ByteBuffer.allocateDirect(size + 2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                memory.putLong(0, -1).putLong(size + Long.BYTES, -1);

                Hmac.compute(
                        library,
                        HashFunction.SHA_256,
                        memory,
                        Long.BYTES,
                        source(new byte[100]),
                        100,
                        new byte[length]);

                assertThat(memory.getLong(0)).isEqualTo(-1);
                assertThat(memory.getLong(size + Long.BYTES)).isEqualTo(-1);
            }
        }
    }

    private LibDigests anyLibrary() {
        LibDigests library = libraries.get("jna");
        assumeThat(library).as("not run: this machine has no libcrypto 3").isNotNull();
        return library;
    }

    @Test
    void whatFailsInTheLibraryFailsTheSignature() {
        LibDigests library = anyLibrary();
        for (int failing = 1; failing <= 5; failing++) {
            LibDigests broken = new Changed(library, failing, false);
            assertThatExceptionOfType(SecureMemoryException.class)
                    .as("call %d", failing)
                    .isThrownBy(() -> compute(broken, HashFunction.SHA_256, new byte[100], new byte[100]))
                    .withMessageContaining("libcrypto.so.3 failed to compute");
        }
        LibDigests whole = new Changed(library, 6, false);
        assertThat(compute(whole, HashFunction.SHA_256, new byte[100], new byte[100]))
                .isEqualTo(compute(null, HashFunction.SHA_256, new byte[100], new byte[100]));
    }

    @Test
    void aLibraryWithOtherContextsIsNotUsed() {
        LibDigests library = anyLibrary();

        assertThat(Hmac.isRightWith(library)).isTrue();
        assertThat(Hmac.isRightWith(new Changed(library, 0, true))).isFalse();
    }

    /** Computes nothing in one of its calls, or begins with other contexts. */
    private static final class Changed implements LibDigests {
        private final LibDigests library;
        private final int failing;
        private final boolean otherContexts;
        private int count;

        Changed(LibDigests library, int failing, boolean otherContexts) {
            this.library = library;
            this.failing = failing;
            this.otherContexts = otherContexts;
        }

        @Override
        public byte[] freshContext(HashFunction function) {
            byte[] context = library.freshContext(function).clone();
            if (otherContexts && function == HashFunction.SHA_512) {
                context[0]++;
            }
            return context;
        }

        @Override
        public int updateDigest(HashFunction function, long context, long data, long length) {
            count++;
            return count == failing ? 0 : library.updateDigest(function, context, data, length);
        }

        @Override
        public long addressOf(ByteBuffer buffer) {
            return library.addressOf(buffer);
        }

        @Override
        public RuntimeException failure() {
            return library.failure();
        }
    }
}
