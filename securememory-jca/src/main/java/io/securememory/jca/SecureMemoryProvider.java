package io.securememory.jca;

import io.securememory.SecureMemory;
import io.securememory.jca.spi.ProviderServices;
import java.security.Provider;
import java.util.Objects;

/**
 * The provider of the Java Cryptography Architecture (JCA) that computes with keys in protected memory, see {@link
 * ProtectedKeys}.
 *
 * <pre>{@code
 * Security.addProvider(new SecureMemoryProvider(session));
 * Signature signature = Signature.getInstance("SHA256withRSA");
 * signature.initSign(ProtectedKeys.privateKey(secret));
 * }</pre>
 *
 * <p><b>Guarantees.</b> Its services are offered for keys of {@link ProtectedKeys} only. Added at the end of the list of
 * providers, it changes nothing for other keys, and loads no native library.
 *
 * <p><b>Limits.</b> It signs, and does not verify: public keys are used by other providers. Oracle's JDK accepts
 * services for {@code Cipher}, {@code Mac} and {@code KeyAgreement} only from signed jars, and this one is not signed;
 * other builds of OpenJDK accept them.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemoryProvider extends Provider {

    /** The provider's usual name. */
    public static final String NAME = "SecureMemory";

    private static final long serialVersionUID = 1L;
    private static final String VERSION = "1.0";

    /**
     * Creates the provider. The caller adds it to the list of providers, and removes it.
     *
     * @param session the session whose keys will be used; keys of other sessions can be used, too
     */
    public SecureMemoryProvider(SecureMemory session) {
        this(session, NAME);
    }

    /**
     * Creates the provider under a name of its own. That is needed where another class loader has added its provider
     * under the usual name: the list of the JVM takes each name once, and that one takes no keys of this class loader.
     *
     * @param session the session whose keys will be used; keys of other sessions can be used, too
     * @param name the name
     */
    public SecureMemoryProvider(SecureMemory session, String name) {
        super(name, VERSION, "Keys in protected memory that sign, decrypt and agree");
        Objects.requireNonNull(session, "session");
        ProviderServices.of(this).forEach(this::putService);
    }
}
