package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.SecretSource;
import io.securememory.spring.boot.sources.SourceAccess;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** What files need: the memory of a session, and nothing else of an application. */
final class SessionAccess implements SourceAccess {

    private final SecureMemory session;

    SessionAccess(SecureMemory session) {
        this.session = session;
    }

    @Override
    public MemGuard memGuard() {
        return session.memGuard();
    }

    @Override
    public SecretFactory secrets() {
        return session.secrets();
    }

    @Override
    public Secret secret(String name) {
        throw new IllegalStateException("no other secrets are known here");
    }

    @Override
    public SecretSource source(String bean) {
        throw new IllegalStateException("no beans are known here");
    }

    @Override
    public Supplier<SSLEngine> tls(@Nullable String bundle, String host, int port) {
        throw new IllegalStateException("no bundles are known here");
    }
}
