package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.spring.boot.DeclaredSecretException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that belong to the key of a bundle: the first one in their file, followed by each one that issued the one
 * before it.
 *
 * <p>Key stores refuse any other list, so that nobody could use the bundle. So other certificates are left out, with one
 * warning for each content of the file. Duplicates and another order need no warning.
 *
 * <p>Threading: not safe for use by several threads at once.
 */
final class ServedChain {

    private static final Logger LOG = LoggerFactory.getLogger(ServedChain.class);

    private static final int MOST_SHOWN = 5;
    private static final int LONGEST_NAME = 100;

    private final String bundle;
    private final WatchedCertificates source;

    /** All certificates that were read last. The next field is the chain made of them. */
    private List<X509Certificate> held = List.of();

    private List<X509Certificate> chain = List.of();

    private boolean warned;

    ServedChain(String bundle, WatchedCertificates source) {
        this.bundle = bundle;
        this.source = source;
    }

    /**
     * Returns the current chain.
     *
     * @return at least one certificate
     * @throws DeclaredSecretException if there are no certificates
     */
    List<X509Certificate> read() {
        List<X509Certificate> now = source.read();
        if (!now.equals(held)) {
            held = now;
            chain = of(now);
            warned = false;
        }
        return chain;
    }

    /**
     * Warns of certificates that are left out, once for each content. To be called when the chain is known to belong to the
     * key.
     */
    void warnOfLeftOut() {
        if (!warned && !new HashSet<>(chain).containsAll(held)) {
            LOG.warn(
                    "The SSL bundle '{}' leaves out certificates of {}, because they did not issue the certificate"
                            + " before them: number {}. Remove them from the file, or complete the chain.",
                    bundle,
                    source,
                    leftOut(held, chain));
        }
        warned = true;
    }

    /** Returns the positions, beginning at 1, and the names of certificates that are not in a chain. */
    static String leftOut(List<X509Certificate> held, List<X509Certificate> chain) {
        Set<X509Certificate> used = new HashSet<>(chain);
        List<Integer> places = IntStream.range(0, held.size())
                .filter(i -> !used.contains(held.get(i)))
                .boxed()
                .toList();
        String shown = places.stream()
                .limit(MOST_SHOWN)
                .map(i -> i + 1 + " ("
                        + shown(held.get(i).getSubjectX500Principal().getName()) + ")")
                .collect(Collectors.joining(", "));
        return places.size() > MOST_SHOWN ? shown + ", and " + (places.size() - MOST_SHOWN) + " more" : shown;
    }

    /** Returns a name that is safe to log: the maker of a certificate may write anything into its name. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder(name.isBlank() ? "no name" : name);
        for (int i = 0; i < shown.length(); i++) {
            if (Character.isISOControl(shown.charAt(i))) {
                shown.setCharAt(i, '?');
            }
        }
        if (shown.length() > LONGEST_NAME) {
            shown.setLength(LONGEST_NAME);
            shown.append("...");
        }
        return shown.toString();
    }

    /** Returns the chain. A list whose names already form a chain is taken as it is, like in Spring Boot. */
    static List<X509Certificate> of(List<X509Certificate> held) {
        List<X509Certificate> rest = new ArrayList<>(new LinkedHashSet<>(held));
        if (isChain(rest)) {
            return List.copyOf(rest);
        }
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate next = rest.get(0);
        while (next != null) {
            rest.remove(next);
            chain.add(next);
            next = issuer(next, rest);
        }
        return List.copyOf(chain);
    }

    private static boolean isChain(List<X509Certificate> certificates) {
        return IntStream.range(1, certificates.size())
                .allMatch(i -> isNamedAsIssuer(certificates.get(i), certificates.get(i - 1)));
    }

    private static boolean isNamedAsIssuer(X509Certificate issuer, X509Certificate of) {
        return of.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    }

    /**
     * Finds the issuer: of several certificates with its name, the one with the right key. If none has it, or this cannot be
     * computed, the first one.
     */
    private static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> rest) {
        boolean ofItself = isNamedAsIssuer(of, of);
        if (ofItself && isSignedBy(of, of)) {
            return null;
        }
        List<X509Certificate> named = rest.stream()
                .filter(certificate -> isNamedAsIssuer(certificate, of))
                .toList();
        return named.stream()
                .filter(certificate -> isSignedBy(of, certificate))
                .findFirst()
                .orElse(ofItself || named.isEmpty() ? null : named.get(0));
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
