package io.securememory.jca.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.PemForms;
import io.securememory.testing.Seed;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged anywhere: they are read or refused, nothing is said of their content, and nothing stays. */
@OnceInShortForm
class DamagedKeyTest {

    /** All sentences that a refusal consists of. Numbers in them are lengths and places. */
    private static final int MOST_SENTENCES = 40;

    private final SecureMemory session = SecureMemory.create();
    private final Secret passphrase = session.secrets().create("secret".toCharArray());

    /** What was said, without numbers. */
    private final Set<String> sentences = new TreeSet<>();

    private int read;

    @AfterEach
    void closeSession() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa1024.pem",
                "rsa-pkcs1.pem",
                "pss-sha512.pem",
                "prime256v1.pem",
                "secp384r1.pem",
                "secp521r1-sec1.pem",
                "prime256v1-no-public.pem",
                "ED25519.pem",
                "ED448.pem",
                "X25519.pem",
                "X448.pem",
                "rsa-iterations.pem"
            })
    void derIsReadOrRefused(String file) {
        byte[] der = Base64.getMimeDecoder().decode(PemForms.file(file).replaceAll("-.*-", ""));
        damageEverywhere(file, der, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prime256v1.pem", "secp521r1-sec1.pem", "ED25519.pem", "prime256v1-traditional.pem"})
    void textIsReadOrRefused(String file) {
        damageEverywhere(file, PemForms.file(file).getBytes(ISO_8859_1), 1);
    }

    private void damageEverywhere(String file, byte[] whole, int timesEach) {
        read(whole);
        assertThat(read).isEqualTo(1);
        for (int length = 1; length < whole.length; length++) {
            read(Arrays.copyOf(whole, length));
        }
        Random random = Seed.random(file);
        int times = Effort.of("damage.count", timesEach, 50);
        for (int at = 0; at < whole.length; at++) {
            for (int i = 0; i < times; i++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (i == 0 ? 1 << random.nextInt(Byte.SIZE) : 1 + random.nextInt(255));
                read(damaged);
            }
        }
        System.out.println(file + ": " + read + " read, refused with " + sentences);
        assertThat(sentences).hasSizeBetween(2, MOST_SENTENCES);
        assertThat(sentences).allMatch(sentence -> sentence.length() < 200 && sentence.matches("\\p{ASCII}+"));
        assertThat(session.status().purgesTotal()).isZero();
    }

    private void read(byte[] bytes) {
        try (Secret text = session.secrets().create(bytes.clone())) {
            try {
                ParsedKey key = PrivateKeyText.read((SourceSecret) text, passphrase);
                assertThat(session.status().liveSecrets()).isEqualTo(3);
                assertThat(key.numbers().length()).isEqualTo(key.shape().size());
                read++;
            } catch (MalformedSecretException e) {
                assertThat(session.status().liveSecrets()).isEqualTo(2);
                assertThat(e).hasNoCause().hasNoSuppressedExceptions();
                assertThat(e.position()).isBetween(0, bytesOf(text));
                sentences.add(e.problem().replaceAll("\\d+", "#"));
            }
        }
        assertThat(session.status().liveSecrets()).isEqualTo(1);
        assertThat(session.status().liveBuffers()).isZero();
    }

    /** What is made of a text may be longer by what is written around it. */
    private static int bytesOf(Secret text) {
        return text.length() + 40;
    }
}
