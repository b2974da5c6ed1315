package io.securememory.spring.boot.autoconfigure;

import io.securememory.jca.CryptoEngineException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do when nothing can compute with keys. */
final class CryptoEngineFailureAnalyzer extends AbstractFailureAnalyzer<CryptoEngineException> {

    private static final String ACTION = """
            Do one of these.
            - Install OpenSSL 3.0 or later: the package libssl3 of Debian and Ubuntu, openssl-libs of Fedora and Red Hat, \
            libcrypto3 of Alpine. LibreSSL and BoringSSL cannot be used.
            - Set securememory.crypto.library to the absolute path of libcrypto's file, if it is not where the system looks for \
            it.
            - Set securememory.crypto.engine=bouncycastle, or auto. Then BouncyCastle computes with keys, which are on the heap \
            meanwhile.""";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CryptoEngineException cause) {
        return new FailureAnalysis("Keys in protected memory cannot be used: " + cause.getMessage(), ACTION, cause);
    }
}
