package io.securememory.spring.boot.autoconfigure.ssl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.CryptoEngine;
import io.securememory.testing.Await;
import io.securememory.testing.Certificates;
import io.securememory.testing.PemForms;
import java.lang.ref.WeakReference;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the users of a bundle get while its key is rotated, and what becomes of replaced keys. */
class FollowedKeysTest {

    @AutoClose
    private final SecureMemory session = SecureMemory.create();

    private final OpaqueKeys keys =
            new OpaqueKeys(session.secrets(Storage.SEALED), () -> CryptoEngine.choose(CryptoEngine.Choice.AUTO, null));

    private final FollowedPair pairs = new FollowedPair("web");
    private final FollowingKeyManager manager = new FollowingKeyManager(pairs);

    private PrivateKey key(String pem) {
        try (Secret text = session.secrets().create(pem.getBytes(US_ASCII))) {
            return keys.make(text, null);
        }
    }

    private void replace(Certificates pair) {
        pairs.replace(key(pair.keyPem()), List.of((X509Certificate) pair.certificate()));
    }

    @Test
    void anAliasThatAHandshakeHasAnswersWithItsOwnPairAfterAReplacement() {
        Certificates old = Certificates.of("EC");
        Certificates next = Certificates.another("EC");
        assertThat(manager.chooseServerAlias("EC", null, null)).isNull();
        replace(old);
        String first = manager.chooseServerAlias("EC", null, null);
        PrivateKey used = manager.getPrivateKey(first);
        replace(next);
        String second = manager.chooseEngineClientAlias(new String[] {"RSA", "EC"}, null, null);

        assertThat(second).isNotEqualTo(first);
        assertThat(manager.getPrivateKey(first)).isSameAs(used);
        assertThat(manager.getCertificateChain(first)).containsExactly((X509Certificate) old.certificate());
        assertThat(manager.getCertificateChain(second)).containsExactly((X509Certificate) next.certificate());
        assertThat(manager.getPrivateKey("web-3")).isNull();
        assertThat(manager.getCertificateChain(null)).isNull();
    }

    @Test
    void aliasesAreChosenByAlgorithmSignerAndIssuer() {
        replace(Certificates.of("EC"));
        Principal[] own = {new X500Principal("CN=localhost")};
        Principal[] other = {new X500Principal("CN=elsewhere")};
        assertThat(manager.chooseServerAlias("RSA", null, null)).isNull();
        assertThat(manager.chooseServerAlias("EC_EC", null, null)).isNotNull();
        assertThat(manager.chooseServerAlias("EC_RSA", null, null)).isNull();
        assertThat(manager.getServerAliases("EC", own)).hasSize(1);
        assertThat(manager.getClientAliases("EC", other)).isNull();
    }

    @Test
    void aReplacedKeyIsClosedWhenNobodyHasItAnyMore() {
        replace(Certificates.of("EC"));
        String alias = manager.chooseServerAlias("EC", null, null);
        WeakReference<PrivateKey> replaced = new WeakReference<>(manager.getPrivateKey(alias));
        long before = session.status().liveSecrets();
        replace(Certificates.another("EC"));
        assertThat(session.status().liveSecrets()).isEqualTo(before + 1);
        assertThat(manager.getPrivateKey(alias)).isSameAs(replaced.get());

        alias = null;
        Await.collected("the end of the replaced key", () -> {
            assertThat(manager.getPrivateKey("another alias")).isNull();
            return replaced.refersTo(null) && session.status().liveSecrets() == before;
        });
        assertThat(session.status().leakedTotal()).isZero();
    }

    /** However many there are, replaced keys take nothing of the memory that may be locked. */
    @Test
    void keysThatAreStillInUseLockNoMemory() {
        String pem = Certificates.of("RSA").keyPem();
        List<PrivateKey> first = List.of(key(pem));
        long locked = session.status().lockedBytes() - session.status().idleBytes();
        List<PrivateKey> inUse = IntStream.range(0, 50).mapToObj(i -> key(pem)).toList();
        assertThat(session.status().liveSealed()).isEqualTo(51);
        assertThat(session.status().lockedBytes() - session.status().idleBytes())
                .isLessThanOrEqualTo(locked);
        assertThat(inUse).doesNotContainAnyElementsOf(first);
    }

    @Test
    void aKeyThatIsTheSameStaysInUse() {
        String pem = Certificates.of("EC").keyPem();
        PrivateKey known = key(pem);
        assertThat(OpaqueKeys.sameOrNext(known, key(pem))).isSameAs(known);
        PrivateKey other = key(Certificates.another("EC").keyPem());
        assertThat(OpaqueKeys.sameOrNext(known, other)).isSameAs(other);
        session.purge();
        assertThat(known.isDestroyed()).isTrue();
        PrivateKey again = key(pem);
        assertThat(OpaqueKeys.sameOrNext(known, again)).isSameAs(again);
    }

    @Test
    void onlyWhatHasNoOtherFormIsOnTheHeap() {
        for (String opaque : List.of("rsa", "pss", "prime256v1", "secp521r1", "ED448", "X25519")) {
            assertThat(key(PemForms.file(opaque + ".pem")).getEncoded())
                    .as(opaque)
                    .isNull();
        }
        for (String heap : List.of("dsa", "brainpoolP256r1", "secp256k1")) {
            assertThat(OpaqueKeys.isOpaque(key(PemForms.file(heap + ".pem"))))
                    .as(heap)
                    .isFalse();
        }
    }
}
