package io.securememory.spring.boot.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Hashes passwords of users with a secret that is not in the database, called a pepper: who has stolen the hashes alone cannot
 * try passwords. What another encoder hashes is the HMAC with SHA-256 of the password, in Base64.
 *
 * <pre>{@code
 * PasswordEncoder encoder = new PepperedPasswordEncoder(new BCryptPasswordEncoder(), secretStore.get("pepper"));
 * }</pre>
 *
 * <p><b>Format.</b> 16 hexadecimal digits that tell which pepper it is, a dollar sign, and what the other encoder returns. The
 * digits are those of the HMAC with SHA-256 of a fixed text, so that they are the same in each instance of an application, and
 * tell nothing of a random pepper.
 *
 * <p><b>Rotation.</b> A pepper must be kept until each hash with it was replaced, which happens when its user logs in: {@link
 * #upgradeEncoding} asks for that. So give a new pepper another name, and the old one after it. A pepper that is replaced in
 * its file locks out all users.
 *
 * <p><b>Hashes without a pepper</b> never match. To replace those of another encoder when their users log in, use both in a
 * {@code DelegatingPasswordEncoder}.
 *
 * <p><b>Guarantees.</b> The pepper never comes to the heap. Of the password, no String is made, and its bytes are wiped.
 *
 * <p><b>Limits.</b> The other encoder gets the HMAC as text, and may leave copies of it. Nobody can tell the password from it
 * without the pepper. The password that is given is not wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads, if the other encoder is. The caller closes the peppers.
 */
public final class PepperedPasswordEncoder implements PasswordEncoder {

    /** The least length of a pepper in bytes: nobody can try all of them. */
    public static final int LEAST_PEPPER_BYTES = 32;

    private static final byte[] ID_TEXT = "io.securememory: id of a pepper".getBytes(US_ASCII);
    private static final int ID_DIGITS = 16;
    private static final char END_OF_ID = '$';

    private final PasswordEncoder delegate;
    private final Pepper current;
    private final List<Pepper> all;

    /** A pepper with what it computes. */
    private record Pepper(HmacSha256 hmac) {

        static Pepper of(Secret secret) {
            if (secret.length() < LEAST_PEPPER_BYTES) {
                throw new IllegalArgumentException("the pepper has " + secret.length() + " bytes, and needs "
                        + LEAST_PEPPER_BYTES + " random ones: openssl rand -out <file> " + LEAST_PEPPER_BYTES);
            }
            return new Pepper(new HmacSha256(secret));
        }

        /** Computed each time, because a declared secret may be another one than before. */
        String id() {
            return HexFormat.of().formatHex(hmac.sign(ID_TEXT), 0, ID_DIGITS / 2);
        }
    }

    /**
     * Makes an encoder.
     *
     * @param delegate hashes slowly and with salt, such as {@code BCryptPasswordEncoder}
     * @param current pepper of new hashes, at least 32 random bytes
     * @param previous peppers of old hashes
     * @throws IllegalArgumentException if a pepper is too short
     */
    public PepperedPasswordEncoder(PasswordEncoder delegate, Secret current, Secret... previous) {
        this.delegate = Objects.requireNonNull(delegate, "delegate");
        this.current = Pepper.of(current);
        this.all = Stream.concat(
                        Stream.of(this.current), Arrays.stream(previous).map(Pepper::of))
                .toList();
    }

    /**
     * Hashes a password with the current pepper.
     *
     * @throws IllegalArgumentException if it has a surrogate without its partner
     */
    @Override
    public @Nullable String encode(@Nullable CharSequence rawPassword) {
        if (rawPassword == null) {
            return null;
        }
        while (true) {
            String id = current.id();
            String hash = peppered(current, rawPassword, delegate::encode);
            if (id.equals(current.id())) { // Otherwise the file was replaced, and the hash may be of either content.
                return id + END_OF_ID + hash;
            }
        }
    }

    /**
     * Compares a password with a hash.
     *
     * @return false, too, if the hash has another form
     * @throws IllegalStateException if the pepper of the hash was not given to this encoder
     */
    @Override
    public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
        if (rawPassword == null || rawPassword.isEmpty() || encodedPassword == null || !hasId(encodedPassword)) {
            return false;
        }
        String id = encodedPassword.substring(0, ID_DIGITS);
        Pepper pepper = all.stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("No pepper has the id " + id + " of a stored hash. Give the"
                                + " encoder the pepper with which it was made, after the current one."));
        String hash = encodedPassword.substring(ID_DIGITS + 1);
        try {
            return peppered(pepper, rawPassword, mac -> delegate.matches(mac, hash));
        } catch (IllegalArgumentException e) {
            return false; // Characters that no password can have.
        }
    }

    /** Asks for another hash if this one is of a previous pepper, has another form, or if the other encoder asks for it. */
    @Override
    public boolean upgradeEncoding(@Nullable String encodedPassword) {
        if (encodedPassword == null || encodedPassword.isEmpty()) {
            return false;
        }
        return !hasId(encodedPassword)
                || !encodedPassword.startsWith(current.id())
                || delegate.upgradeEncoding(encodedPassword.substring(ID_DIGITS + 1));
    }

    private static boolean hasId(String encoded) {
        return encoded.length() > ID_DIGITS
                && encoded.charAt(ID_DIGITS) == END_OF_ID
                && encoded.chars().limit(ID_DIGITS).allMatch(HexFormat::isHexDigit);
    }

    private static <T extends @Nullable Object> T peppered(
            Pepper pepper, CharSequence password, Function<CharSequence, T> use) {
        byte[] bytes = utf8(password);
        try {
            return use.apply(new String(Base64.getEncoder().encode(pepper.hmac().sign(bytes)), US_ASCII));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Encodes into one array, which the caller wipes. */
    private static byte[] utf8(CharSequence password) {
        CharsetEncoder encoder = UTF_8.newEncoder();
        ByteBuffer room = ByteBuffer.allocate(Math.multiplyExact(password.length(), (int) encoder.maxBytesPerChar()));
        try {
            CoderResult result = encoder.encode(CharBuffer.wrap(password), room, true);
            if (result.isError()) {
                result.throwException();
            }
            return Arrays.copyOf(room.array(), room.position());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the password has a surrogate without its partner", e);
        } finally {
            Arrays.fill(room.array(), (byte) 0);
        }
    }
}
