package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.SecretSource;
import javax.net.ssl.SSLContext;
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
     * Returns a new context for TLS.
     *
     * @param bundle name of an SSL bundle, or null for what the JDK trusts
     * @throws SourceException if there is no such bundle
     */
    SSLContext sslContext(@Nullable String bundle);
}
