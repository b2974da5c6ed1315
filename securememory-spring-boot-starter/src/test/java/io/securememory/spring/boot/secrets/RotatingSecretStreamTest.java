package io.securememory.spring.boot.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stream of a rotated secret copies through nothing of its own, and gives its copy back at the end. */
class RotatingSecretStreamTest {

    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private final SecureMemory session = SecureMemory.create();
    private final Secret secret = session.secrets().create(BYTES.clone());
    private final InputStream in = new RotatingSecretInputStream(secret);

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void allBytesAreReadAndTheCopyIsGone() throws IOException {
        assertThat(in.readAllBytes()).isEqualTo(BYTES);
        assertThat(session.status().liveSecrets()).isEqualTo(1);
        assertThat(in.readAllBytes()).isEmpty();
    }

    @Test
    void someBytesAreReadAndTheCopyStaysUntilTheEnd() throws IOException {
        assertThat(in.readNBytes(0)).isEmpty();
        assertThat(in.readNBytes(3)).containsExactly(1, 2, 3);
        assertThat(session.status().liveSecrets()).isEqualTo(2);
        assertThat(in.readNBytes(9)).containsExactly(4, 5, 6, 7, 8);
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }

    @Test
    void arraysOfATransferAreWiped() throws IOException {
        List<byte[]> arrays = new ArrayList<>();
        ByteArrayOutputStream content = new ByteArrayOutputStream();

        long count = in.transferTo(new OutputStream() {
            @Override
            public void write(int value) {
                content.write(value);
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                arrays.add(source);
                content.write(source, offset, length);
            }
        });

        assertThat(count).isEqualTo(BYTES.length);
        assertThat(content.toByteArray()).isEqualTo(BYTES);
        assertThat(arrays).isNotEmpty().allSatisfy(array -> assertThat(array).containsOnly(0));
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }

    @Test
    void transferEndsWhenTheSecretIsClosed() {
        Secret large = session.secrets().createRandom(10_000);
        ByteArrayOutputStream content = new ByteArrayOutputStream();

        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> new RotatingSecretInputStream(large).transferTo(new OutputStream() {
                    @Override
                    public void write(int value) {
                        content.write(value);
                    }

                    @Override
                    public void write(byte[] source, int offset, int length) {
                        content.write(source, offset, length);
                        large.close();
                    }
                }));

        assertThat(content.size()).isLessThan(10_000);
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }
}
