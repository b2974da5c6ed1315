package io.securememory.spring.boot.autoconfigure;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All declared secrets of one application context, loaded when it is created. Holds nothing but references: the session
 * wipes.
 */
final class DeclaredSecrets {

    /** Of the bean. Qualified, because secrets are beans too and their names are the user's to choose. */
    static final String BEAN_NAME = "io.securememory.declaredSecrets";

    private final SortedMap<String, Secret> loaded = new TreeMap<>();
    private final Set<String> declared;

    /**
     * Loads all secrets but optional ones that are absent.
     *
     * @throws DeclaredSecretException if one cannot be loaded; those before it are wiped and closed
     */
    DeclaredSecrets(SecureMemory session, List<SecretDeclaration> declarations) {
        declared = Set.copyOf(declarations.stream().map(SecretDeclaration::name).toList());
        SecretLoader loader = new SecretLoader(session);
        try {
            declarations.stream()
                    .filter(secret -> !secret.isLeftOut())
                    .forEach(secret -> loaded.put(secret.name(), loader.load(secret)));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Throwable failure) {
        for (Secret secret : loaded.values()) {
            try {
                secret.close();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** See {@link SecretStore#get}. Called by name, too, from the bean definitions of the secrets. */
    Secret get(String name) {
        Secret secret = loaded.get(name);
        if (secret == null) {
            String reason = declared.contains(name)
                    ? "The secret '" + name + "' is optional, and its location held nothing when it was to be loaded."
                    : "No secret '" + name + "' is declared below securememory.secrets.";
            throw new NoSuchElementException(reason + " Loaded secrets: " + loaded.keySet());
        }
        return secret;
    }

    /** A store of these secrets. */
    SecretStore asStore() {
        return new Store();
    }

    private final class Store implements SecretStore {

        @Override
        public Secret get(String name) {
            return DeclaredSecrets.this.get(name);
        }

        @Override
        public Optional<Secret> find(String name) {
            return Optional.ofNullable(loaded.get(name));
        }

        @Override
        public Set<String> names() {
            return Collections.unmodifiableSet(loaded.keySet());
        }
    }
}
