package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key streams and tags against the vectors of RFC 8439. */
@OnEverySystem
class ChaCha20Test {

    @Test
    void blocksOfTheKeyStreamAreThoseOfRfc8439() {
        ByteBuffer memory = ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN);

        // Appendix A.1, test vectors 1, 3 and 5.
        ChaCha20Block.compute(memory, 0, 0, 0, 0, 32, 1, 96);
        assertThat(hex(memory, 32, 16)).isEqualTo("76b8e0ada0f13d90405d6ae55386bd28");
        memory.put(31, (byte) 1);
        ChaCha20Block.compute(memory, 0, 1, 0, 0, 32, 1, 96);
        assertThat(hex(memory, 32, 16)).isEqualTo("3aeb5224ecf849929b9d828db1ced4dd");
        memory.put(31, (byte) 0);
        ChaCha20Block.compute(memory, 0, 0, 0, 2L << 56, 32, 1, 96);
        assertThat(hex(memory, 32, 16)).isEqualTo("c2c64d378cd536374ae204b9ef933fcd");
    }

    @Test
    void blocksInOneGoAreTheSameAsOneByOne() {
        ByteBuffer memory = ByteBuffer.allocateDirect(2048).order(ByteOrder.LITTLE_ENDIAN);
        byte[] key = new byte[32];
        new Random(3).nextBytes(key);
        memory.put(0, key);
        int counter = -5;

        ChaCha20Block.compute(memory, 0, counter, 77, 1234567890123L, 256, 16, 160);

        for (int block = 0; block < 16; block++) {
            ChaCha20Block.compute(memory, 0, counter + block, 77, 1234567890123L, 32, 1, 160);
            assertThat(hex(memory, 256 + block * 64, 64)).isEqualTo(hex(memory, 32, 64));
        }
    }

    /** Sections 2.8.2 and A.5. */
    @ParameterizedTest
    @CsvSource({
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f,07000000,4041424344454647,"
                + "50515253c0c1c2c3c4c5c6c7,d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9"
                + "671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594"
                + "5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116,1ae10b594f09e26a7e902ecbd0600691",
        "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0,00000000,0102030405060708,"
                + "f33388860000000000004e91,64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d"
                + "43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd"
                + "60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b"
                + "5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273"
                + "f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff7798"
                + "7130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b,eead9d67890cbb22392336fea1851f38"
    })
    void tagsAreThoseOfRfc8439(String key, String prefix, String nonce, String associated, String cipher, String tag) {
        ByteBuffer memory = ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN);
        byte[] data = HexFormat.of().parseHex(cipher);
        byte[] extra = HexFormat.of().parseHex(associated);
        memory.put(0, HexFormat.of().parseHex(key));

        ChaCha20Block.compute(memory, 0, 0, (int) little(prefix), little(nonce), 32, 1, 128);
        memory.put(32 + Poly1305.ASSOCIATED, Arrays.copyOf(extra, Poly1305.BLOCK));
        memory.putLong(32 + Poly1305.LENGTHS, extra.length).putLong(40 + Poly1305.LENGTHS, data.length);
        Poly1305.compute(memory, 32, data, 0, data.length, 192);

        assertThat(hex(memory, 192, Poly1305.TAG_SIZE)).isEqualTo(tag);
    }

    private static long little(String hex) {
        return ByteBuffer.wrap(Arrays.copyOf(HexFormat.of().parseHex(hex), 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    static String hex(ByteBuffer memory, int from, int length) {
        byte[] bytes = new byte[length];
        memory.get(from, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
