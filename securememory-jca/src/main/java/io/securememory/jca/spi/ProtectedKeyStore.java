package io.securememory.jca.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A key store for servers that want one. It holds the key objects themselves, and is never written anywhere.
 *
 * <p>Aliases do not depend on case. Passwords mean nothing here: there is nothing that they could protect.
 */
final class ProtectedKeyStore extends KeyStoreSpi {

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** A key with its chain, or a trusted certificate. */
    private record Entry(@Nullable Key key, List<Certificate> chain, Instant created) {}

    private static String name(String alias) {
        return alias.toLowerCase(Locale.ROOT);
    }

    private @Nullable Entry entry(String alias) {
        return entries.get(name(alias));
    }

    @Override
    public @Nullable Key engineGetKey(String alias, char @Nullable [] password) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.key();
    }

    @Override
    public Certificate @Nullable [] engineGetCertificateChain(String alias) {
        Entry entry = entry(alias);
        return entry == null || entry.key() == null ? null : entry.chain().toArray(new Certificate[0]);
    }

    @Override
    public @Nullable Certificate engineGetCertificate(String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.chain().get(0);
    }

    @Override
    public @Nullable Date engineGetCreationDate(String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : Date.from(entry.created());
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char @Nullable [] password, Certificate @Nullable [] chain)
            throws KeyStoreException {
        if (!(key instanceof ProtectedPrivateKey)) {
            throw new KeyStoreException("The key is not in protected memory; make one with ProtectedKeys.");
        }
        if (chain == null || chain.length == 0) {
            throw new KeyStoreException("A private key needs its certificate chain.");
        }
        entries.put(name(alias), new Entry(key, List.of(chain), Instant.now()));
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate @Nullable [] chain) throws KeyStoreException {
        throw new KeyStoreException("A key in an array is not in protected memory; make one with ProtectedKeys.");
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) throws KeyStoreException {
        Entry present = entry(alias);
        if (present != null && present.key() != null) {
            throw new KeyStoreException("The alias '" + alias + "' is that of a key.");
        }
        entries.put(name(alias), new Entry(null, List.of(certificate), Instant.now()));
    }

    @Override
    public void engineDeleteEntry(String alias) {
        entries.remove(name(alias));
    }

    @Override
    public Enumeration<String> engineAliases() {
        return Collections.enumeration(entries.keySet());
    }

    @Override
    public boolean engineContainsAlias(String alias) {
        return entry(alias) != null;
    }

    @Override
    public int engineSize() {
        return entries.size();
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
        Entry entry = entry(alias);
        return entry != null && entry.key() != null;
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
        Entry entry = entry(alias);
        return entry != null && entry.key() == null;
    }

    @Override
    public @Nullable String engineGetCertificateAlias(Certificate certificate) {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue().chain().get(0).equals(certificate)) {
                return entry.getKey();
            }
        }
        return null;
    }

    @Override
    public void engineStore(@Nullable OutputStream target, char @Nullable [] password) throws IOException {
        throw new IOException("A key store of keys in protected memory cannot be written.");
    }

    @Override
    public void engineLoad(@Nullable InputStream source, char @Nullable [] password) throws IOException {
        if (source != null) {
            throw new IOException("A key store of keys in protected memory cannot be read: load it with null,"
                    + " and add keys of ProtectedKeys.");
        }
    }

    @Override
    public void engineLoad(KeyStore.@Nullable LoadStoreParameter parameter) throws IOException {
        if (parameter != null) {
            throw new IOException("A key store of keys in protected memory takes no parameter: load it with null.");
        }
    }
}
