package io.securememory.spring.boot.autoconfigure;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretRotationListener;
import io.securememory.spring.boot.SecretStore;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;

/**
 * All declared secrets of one application context, loaded when it is created. Holds nothing but references: the session
 * wipes.
 */
final class DeclaredSecrets {

    /** Of the bean. Qualified, because secrets are beans too and their names are the user's to choose. */
    static final String BEAN_NAME = "io.securememory.declaredSecrets";

    private final SortedMap<String, Secret> loaded = new TreeMap<>();

    /** Of those that come from files. */
    private final SortedMap<String, SecretRotation> rotations = new TreeMap<>();

    private final Set<String> declared;
    private final RotationAnnouncer announcer;

    /**
     * Loads all secrets but optional ones that are absent.
     *
     * @throws DeclaredSecretException if one cannot be loaded; those before it are wiped and closed
     */
    DeclaredSecrets(
            SecureMemory session, List<SecretDeclaration> declarations, ApplicationEventPublisher eventPublisher) {
        declared = Set.copyOf(declarations.stream().map(SecretDeclaration::name).toList());
        announcer = new RotationAnnouncer(eventPublisher);
        SecretLoader loader = new SecretLoader(session);
        try {
            declarations.stream().filter(secret -> !secret.isLeftOut()).forEach(secret -> load(secret, loader));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private void load(SecretDeclaration declaration, SecretLoader loader) {
        Path file = declaration.location().file();
        if (file == null) {
            loaded.put(declaration.name(), loader.load(declaration));
        } else {
            SecretRotation rotation = new SecretRotation(declaration, file, loader, announcer);
            rotations.put(declaration.name(), rotation);
            loaded.put(declaration.name(), rotation.secret());
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

    /** Those whose content can be replaced. */
    Collection<SecretRotation> rotations() {
        return Collections.unmodifiableCollection(rotations.values());
    }

    private boolean reload(String name) {
        SecretRotation rotation = rotations.get(name);
        if (rotation == null) {
            get(name); // If there is no such secret at all, this says so.
            throw new IllegalStateException(
                    "The secret '" + name + "' does not come from a file, so there is nothing to"
                            + " reload. Secrets from files: " + rotations.keySet());
        }
        return rotation.reload();
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

        @Override
        public boolean reload(String name) {
            return DeclaredSecrets.this.reload(name);
        }

        @Override
        public void addListener(SecretRotationListener listener) {
            announcer.add(Objects.requireNonNull(listener, "listener"));
        }

        @Override
        public void removeListener(SecretRotationListener listener) {
            announcer.remove(Objects.requireNonNull(listener, "listener"));
        }
    }
}
