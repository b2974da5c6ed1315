package io.securememory.jca.spi;

import io.securememory.jca.engine.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The services for secret keys. */
final class SecretKeyServices {

    private static final List<Digest> DIGESTS = List.of(Digest.SHA_256, Digest.SHA_384, Digest.SHA_512);
    private static final int[] KEY_LENGTHS = {16, 24, 32};

    private SecretKeyServices() {}

    /**
     * A service.
     *
     * @param type for example {@code Cipher}
     * @param algorithm its name
     * @param aliases other names
     * @param implementation its class
     * @param takesKeys whether it is offered for keys in protected memory only
     * @param maker makes its objects
     */
    record Row(
            String type,
            String algorithm,
            List<String> aliases,
            Class<?> implementation,
            boolean takesKeys,
            Supplier<Object> maker) {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (Digest digest : DIGESTS) {
            String name = digest.shortName();
            rows.add(
                    new Row("Mac", "Hmac" + name, List.of(), ProtectedMac.class, true, () -> new ProtectedMac(digest)));
            rows.add(derivation("HKDF-" + name, digest, false));
            rows.add(derivation("PBKDF2WithHmac" + name, digest, true));
        }
        rows.add(gcm("AES/GCM/NoPadding", 0));
        rows.add(wrap("AES/KW/NoPadding", "AESWrap", 0));
        for (int length : KEY_LENGTHS) {
            int bits = length * Byte.SIZE;
            rows.add(gcm("AES_" + bits + "/GCM/NoPadding", length));
            rows.add(wrap("AES_" + bits + "/KW/NoPadding", "AESWrap_" + bits, length));
        }
        rows.add(new Row(
                "Cipher",
                "ChaCha20-Poly1305",
                List.of(),
                ProtectedChaCha20Poly1305.class,
                true,
                ProtectedChaCha20Poly1305::new));
        return rows;
    }

    private static Row derivation(String name, Digest digest, boolean fromPasswords) {
        return new Row(
                "SecretKeyFactory",
                name,
                List.of(),
                ProtectedKeyFactory.class,
                false,
                () -> new ProtectedKeyFactory(digest, fromPasswords));
    }

    private static Row gcm(String name, int keyLength) {
        return new Row("Cipher", name, List.of(), ProtectedAesGcm.class, true, () -> new ProtectedAesGcm(keyLength));
    }

    private static Row wrap(String name, String alias, int keyLength) {
        return new Row(
                "Cipher", name, List.of(alias), ProtectedKeyWrap.class, true, () -> new ProtectedKeyWrap(keyLength));
    }
}
