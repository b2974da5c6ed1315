package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.SecretSource;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** What an {@link Origin} needs of the application context. */
public interface SourceAccess {

    /** Returns the guard whose memory the bytes come to. */
    MemGuard memGuard();

    /** Returns the factory for what the application reads itself. */
    SecretFactory secrets();

    /**
     * Returns another declared secret.
     *
     * @throws SourceException if it is not loaded
     */
    Secret secret(String name);

    /**
     * Returns a bean of the application.
     *
     * @throws SourceException if there is no such bean
     */
    SecretSource source(String bean);

    /**
     * Returns what makes engines for TLS, with the protocols and ciphers of the bundle.
     *
     * @param bundle name of an SSL bundle, or null for what the JDK trusts
     * @throws SourceException if there is no such bundle, or if it cannot be used
     */
    Supplier<SSLEngine> tls(@Nullable String bundle, String host, int port);
}
