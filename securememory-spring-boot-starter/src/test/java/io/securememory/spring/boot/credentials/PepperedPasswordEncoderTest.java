package io.securememory.spring.boot.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.lang.reflect.Proxy;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

class PepperedPasswordEncoderTest {

    private static final String PASSWORD =
            "Größe 🦊 und mehr als zweiundsiebzig Zeichen, von denen bcrypt die letzten nicht sähe";

    /** For an encoder that takes no more than 72 bytes. */
    private static final String SHORT = "Größe";

    private static final int LEAST_STRENGTH = 4;

    private final PasswordEncoder bcrypt = new BCryptPasswordEncoder(LEAST_STRENGTH);
    private SecureMemory session;
    private Secret first;
    private Secret second;
    private PasswordEncoder encoder;

    @BeforeEach
    void begin() {
        session = SecureMemory.create();
        first = session.secrets().createRandom(PepperedPasswordEncoder.LEAST_PEPPER_BYTES);
        second = session.secrets().createRandom(PepperedPasswordEncoder.LEAST_PEPPER_BYTES);
        encoder = new PepperedPasswordEncoder(bcrypt, first);
    }

    @AfterEach
    void end() {
        session.close();
    }

    @Test
    void onlyTheRightPasswordMatches() {
        String hash = encoder.encode(PASSWORD);

        assertThat(hash).matches("[0-9a-f]{16}\\$\\$2a\\$04\\$.{53}");
        assertThat(encoder.matches(PASSWORD, hash)).isTrue();
        assertThat(encoder.matches(CharBuffer.wrap(PASSWORD.toCharArray()), hash))
                .as("not a String")
                .isTrue();
        assertThat(encoder.matches(PASSWORD.substring(1), hash)).isFalse();
        assertThat(encoder.matches(PASSWORD.substring(0, PASSWORD.length() - 1), hash))
                .as("after what bcrypt looks at")
                .isFalse();
        assertThat(encoder.encode(PASSWORD)).as("salted").isNotEqualTo(hash);
        assertThat(encoder.upgradeEncoding(hash)).isFalse();
    }

    /** What is documented can be computed elsewhere. */
    @Test
    void theOtherEncoderHashesTheHmac() throws Exception {
        String hash = encoder.encode(PASSWORD);
        Mac mac = Mac.getInstance("HmacSHA256");
        first.<Void, Exception>withHeapBytes(key -> {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return null;
        });
        String expected = Base64.getEncoder().encodeToString(mac.doFinal(PASSWORD.getBytes(StandardCharsets.UTF_8)));

        assertThat(bcrypt.matches(expected, hash.substring(17))).isTrue();
    }

    /** The file of a pepper should not be replaced. If it is, no hash may have the id of one content and the HMAC of another. */
    @Test
    void aPepperThatIsReplacedBetweenIdAndHmacGivesAHashOfOneContent() {
        AtomicReference<Secret> content = new AtomicReference<>(first);
        AtomicBoolean due = new AtomicBoolean();
        Secret replaced = (Secret) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Secret.class}, (self, method, arguments) -> {
                    Object result = method.invoke(content.get(), arguments);
                    if (method.getName().startsWith("with") && due.compareAndSet(true, false)) {
                        content.set(second);
                    }
                    return result;
                });
        PasswordEncoder ofReplaced = new PepperedPasswordEncoder(bcrypt, replaced);
        due.set(true);

        String hash = ofReplaced.encode(PASSWORD);

        assertThat(due).isFalse();
        assertThat(new PepperedPasswordEncoder(bcrypt, second).matches(PASSWORD, hash))
                .isTrue();
    }

    @Test
    void aHashIsWorthNothingWithoutItsPepper() {
        String hash = encoder.encode(PASSWORD);

        assertThat(bcrypt.matches(PASSWORD, hash.substring(17))).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> new PepperedPasswordEncoder(bcrypt, second).matches(PASSWORD, hash))
                .withMessageContaining(hash.substring(0, 16))
                .withMessageNotContaining(hash.substring(17));
    }

    @Test
    void aHashOfAPreviousPepperMatchesAndIsToBeReplaced() {
        String old = encoder.encode(PASSWORD);
        PasswordEncoder rotated = new PepperedPasswordEncoder(bcrypt, second, first);

        assertThat(rotated.matches(PASSWORD, old)).isTrue();
        assertThat(rotated.matches("other", old)).isFalse();
        assertThat(rotated.upgradeEncoding(old)).isTrue();

        String replaced = rotated.encode(PASSWORD);
        assertThat(replaced).doesNotStartWith(old.substring(0, 16));
        assertThat(rotated.upgradeEncoding(replaced)).isFalse();
        assertThat(new PepperedPasswordEncoder(bcrypt, second).matches(PASSWORD, replaced))
                .isTrue();
    }

    @Test
    void aHashOfTheOtherEncodersOldSettingsIsToBeReplaced() {
        PasswordEncoder stronger = new PepperedPasswordEncoder(new BCryptPasswordEncoder(LEAST_STRENGTH + 1), first);

        assertThat(stronger.upgradeEncoding(encoder.encode(PASSWORD))).isTrue();
    }

    @Test
    void hashesWithoutAPepperMatchByADelegatingEncoderOnly() {
        String plain = bcrypt.encode(SHORT);
        assertThat(encoder.matches(SHORT, plain)).isFalse();
        assertThat(encoder.upgradeEncoding(plain)).isTrue();

        var both = new DelegatingPasswordEncoder("peppered", Map.of("peppered", encoder, "bcrypt", bcrypt));
        assertThat(both.matches(SHORT, "{bcrypt}" + plain)).isTrue();
        assertThat(both.upgradeEncoding("{bcrypt}" + plain)).isTrue();
        String peppered = both.encode(SHORT);
        assertThat(both.matches(SHORT, peppered)).isTrue();
        assertThat(both.upgradeEncoding(peppered)).isFalse();
    }

    @Test
    void whatIsNoPasswordNeverMatches() {
        String hash = encoder.encode(PASSWORD);

        assertThat(encoder.encode(null)).isNull();
        assertThat(encoder.matches(null, hash)).isFalse();
        assertThat(encoder.matches("", encoder.encode(""))).isFalse();
        assertThat(encoder.matches(PASSWORD, null)).isFalse();
        assertThat(encoder.matches(PASSWORD, "")).isFalse();
        assertThat(encoder.matches("\uD83E", hash)).isFalse();
        assertThat(encoder.upgradeEncoding(null)).isFalse();
        assertThat(encoder.upgradeEncoding("")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoder.encode("secret\uD83E"))
                .withMessageNotContaining("secret");
    }

    @Test
    void aShortPepperIsRefused() {
        Secret pepper = session.secrets().createRandom(PepperedPasswordEncoder.LEAST_PEPPER_BYTES - 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PepperedPasswordEncoder(bcrypt, pepper))
                .withMessageContaining("31 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> new PepperedPasswordEncoder(bcrypt, first, pepper));
    }
}
