package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.SecureMemoryException;
import io.securememory.libcrypto.LibCryptos;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which keys a library gets and where its results are, seen by a library that writes down its calls; and what fails in it. */
class LibraryCipherTest {

    private static final int LENGTH = 3_000;

    private final ByteBuffer work = ByteBuffer.allocateDirect(SealingEngine.WORK_SIZE + SealingEngine.FREE_SIZE)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private Recorder recorder;
    private SealingEngine engine;

    @BeforeEach
    void engine() {
        LibCrypto library = LibCryptos.find("jna");
        assumeThat(library).as("not run: this machine has no libcrypto 3").isNotNull();
        recorder = new Recorder(library);
        engine = new SealingEngine(work, 0, () -> recorder);
        engine.setFree(SealingEngine.FREE_SIZE);
        for (int word = 0; word < 4; word++) {
            engine.putLeft(word, 77 + word);
        }
    }

    /** Elsewhere it would be on the heap, while the library has the key that it is under. */
    @Test
    void whatIsUnderOneKeyAloneStaysWhereThePlaintextWas() {
        engine.sealInPlace(1, plain, 0, LENGTH);

        long from = recorder.addressOf(plain);
        assertThat(recorder.calls).first().isEqualTo("stream with a key");
        assertThat(recorder.calls.subList(1, recorder.calls.indexOf("stream with zeros")))
                .isNotEmpty()
                .allMatch(call -> call.equals("update in place within the text"));
        assertThat(recorder.texts).allMatch(text -> text >= from && text < from + LENGTH);
    }

    @Test
    void theLibraryHasNoInnerKeyOfWhatIsEncryptedElsewhere() {
        byte[] sealed = engine.seal(1, new byte[LENGTH], 0, LENGTH);

        assertThat(recorder.calls).doesNotContain("stream with a key").contains("aead with a key");
        assertThat(engine.open(sealed, plain, 0)).isTrue();
    }

    /** The other way round, so that nothing of the text is made before its tag is right. */
    @Test
    void theInnerKeyComesAfterTheOuterOneIsGone() {
        byte[] sealed = engine.seal(1, new byte[LENGTH], 0, LENGTH);
        recorder.calls.clear();

        assertThat(engine.open(sealed, plain, 0)).isTrue();
        assertThat(recorder.calls)
                .containsSubsequence(
                        "aead with a key", "aead with zeros", "stream with a key", "stream with zeros", "free");
        recorder.calls.clear();
        sealed[100]++;
        assertThat(engine.open(sealed, plain, 0)).isFalse();
        assertThat(recorder.calls).doesNotContain("stream with a key").last().isEqualTo("free");
    }

    /** Whichever call fails: nothing is sealed or opened, the context is freed, and there are zeros. */
    @ParameterizedTest
    @EnumSource
    void whatFailsInTheLibraryFailsTheUse(Use use) {
        byte[] sealed = engine.seal(1, filled(), 0, LENGTH);
        recorder.count = 0;
        byte[] array = new byte[LENGTH];
        assertThat(use.run(this, sealed, array)).isTrue();
        int calls = recorder.count;

        for (int failing = 1; failing <= calls; failing++) {
            recorder.count = 0;
            recorder.failing = failing;
            Arrays.fill(array, (byte) 0);

            String answer = answer(use, sealed, array);

            boolean isWrongTag = recorder.failed.equals("finish") && use.opens;
            assertThat(answer)
                    .as("call %d, %s", failing, recorder.failed)
                    .contains(isWrongTag ? "false" : "libcrypto.so.3 failed to compute");
            assertThat(recorder.open).as("contexts").isZero();
            assertThat(array).containsOnly(0);
        }
    }

    private String answer(Use use, byte[] sealed, byte[] array) {
        try {
            return Boolean.toString(use.run(this, sealed, array));
        } catch (SecureMemoryException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What an engine is used for. */
    enum Use {
        SEAL_ELSEWHERE(false) {
            @Override
            boolean run(LibraryCipherTest test, byte[] sealed, byte[] array) {
                return test.engine.seal(1, filled(), 0, LENGTH).length == sealed.length;
            }
        },
        SEAL_IN_PLACE(false) {
            @Override
            boolean run(LibraryCipherTest test, byte[] sealed, byte[] array) {
                return test.engine.sealInPlace(1, test.plain, 0, LENGTH).length == sealed.length;
            }
        },
        OPEN_TO_AN_ARRAY(true) {
            @Override
            boolean run(LibraryCipherTest test, byte[] sealed, byte[] array) {
                return test.engine.open(sealed, array, 0);
            }
        },
        OPEN(true) {
            @Override
            boolean run(LibraryCipherTest test, byte[] sealed, byte[] array) {
                return test.engine.open(sealed, test.plain, 0);
            }
        };

        private final boolean opens;

        Use(boolean opens) {
            this.opens = opens;
        }

        abstract boolean run(LibraryCipherTest test, byte[] sealed, byte[] array);
    }

    private static byte[] filled() {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    /** Writes down what a library is asked for, and fails at a call. */
    private final class Recorder implements LibCrypto {
        private final LibCrypto library;
        private final List<String> calls = new ArrayList<>();
        private final List<Long> texts = new ArrayList<>();
        private int count;
        private int failing;
        private String failed = "";
        private int open;

        Recorder(LibCrypto library) {
            this.library = library;
        }

        private boolean fails(String call) {
            count++;
            if (count == failing) {
                failed = call;
            }
            return count == failing;
        }

        @Override
        public String version() {
            return library.version();
        }

        @Override
        public RuntimeException failure() {
            return library.failure();
        }

        @Override
        public int worthwhileFrom() {
            return SHORTEST;
        }

        @Override
        public long chaCha20Poly1305() {
            return library.chaCha20Poly1305();
        }

        @Override
        public long chaCha20() {
            return library.chaCha20();
        }

        @Override
        public long newCipherContext() {
            if (fails("new")) {
                return 0;
            }
            open++;
            return library.newCipherContext();
        }

        @Override
        public void freeCipherContext(long context) {
            calls.add("free");
            open--;
            library.freeCipherContext(context);
        }

        @Override
        public int initCipher(long context, long cipher, long key, long iv, int encrypt) {
            int at = (int) (key - addressOf(work));
            boolean zeros = true;
            for (int i = 0; i < ChaCha20Block.KEY_SIZE; i++) {
                zeros &= work.get(at + i) == 0;
            }
            calls.add((cipher == chaCha20() ? "stream" : "aead") + " with " + (zeros ? "zeros" : "a key"));
            return fails("init") ? 0 : library.initCipher(context, cipher, key, iv, encrypt);
        }

        @Override
        public int controlCipher(long context, int command, int argument, long memory) {
            return fails("control") ? 0 : library.controlCipher(context, command, argument, memory);
        }

        @Override
        public int updateCipher(long context, long out, long outLength, long in, int inLength) {
            long from = addressOf(plain);
            boolean within = in >= from && in + inLength <= from + LENGTH;
            if (within) {
                texts.add(in);
            }
            calls.add(in == out && within ? "update in place within the text" : "update");
            return fails("update") ? 0 : library.updateCipher(context, out, outLength, in, inLength);
        }

        @Override
        public int finishCipher(long context, long out, long outLength) {
            return fails("finish") ? 0 : library.finishCipher(context, out, outLength);
        }

        @Override
        public LibDigests digests() {
            return library.digests();
        }

        @Override
        public long addressOf(ByteBuffer buffer) {
            return library.addressOf(buffer);
        }
    }
}
