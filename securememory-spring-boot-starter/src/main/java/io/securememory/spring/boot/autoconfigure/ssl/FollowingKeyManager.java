package io.securememory.spring.boot.autoconfigure.ssl;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the key and certificates that a bundle has now. So whoever was made from the bundle once follows it.
 *
 * <p>It chooses like the JDK's own SunX509: by the algorithm of the certificate, by who signed it where that is asked for, and
 * by its issuers.
 *
 * <p>Threading: safe.
 */
final class FollowingKeyManager extends X509ExtendedKeyManager {

    private final FollowedPair pairs;

    FollowingKeyManager(FollowedPair pairs) {
        this.pairs = pairs;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chosen(List.of(keyType), issuers);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chosen(Arrays.asList(keyTypes), issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chosen(List.of(keyType), issuers);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chosen(Arrays.asList(keyTypes), issuers);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chosen(List.of(keyType), issuers);
    }

    private @Nullable String chosen(List<String> keyTypes, Principal @Nullable [] issuers) {
        FollowedPair.Current current = pairs.current();
        if (current == null) {
            return null;
        }
        List<X509Certificate> chain = current.pair().chain();
        boolean fits = keyTypes.stream().anyMatch(type -> isOf(type, chain)) && isIssued(chain, issuers);
        return fits ? current.alias() : null;
    }

    /** A type is the algorithm of the key, and perhaps, after a low line, that of the key that signed the certificate. */
    private static boolean isOf(String keyType, List<X509Certificate> chain) {
        int line = keyType.indexOf('_');
        String own = line < 0 ? keyType : keyType.substring(0, line);
        if (!chain.get(0).getPublicKey().getAlgorithm().equals(own)) {
            return false;
        }
        if (line < 0) {
            return true;
        }
        String signer = keyType.substring(line + 1);
        return chain.size() > 1
                ? chain.get(1).getPublicKey().getAlgorithm().equals(signer)
                : chain.get(0).getSigAlgName().contains("with" + signer);
    }

    private static boolean isIssued(List<X509Certificate> chain, Principal @Nullable [] issuers) {
        return issuers == null
                || issuers.length == 0
                || chain.stream().anyMatch(one -> Arrays.asList(issuers).contains(one.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        FollowedPair.Pair pair = alias == null ? null : pairs.of(alias);
        return pair == null ? null : pair.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        FollowedPair.Pair pair = alias == null ? null : pairs.of(alias);
        return pair == null ? null : pair.key();
    }
}
