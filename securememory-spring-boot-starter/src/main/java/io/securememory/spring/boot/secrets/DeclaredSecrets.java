package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretRotationListener;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.secrets.SecretLocation.Generated;
import io.securememory.spring.boot.secrets.SecretLocation.OfFile;
import io.securememory.spring.boot.watch.SeenFile;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.io.ResourceLoader;

/**
 * All declared secrets of one application context, loaded when it is created, or when an optional one appears later. Holds
 * nothing but references: the session wipes.
 */
public final class DeclaredSecrets {

    /** Of the bean. Qualified, because secrets are beans too and their names are the user's to choose. */
    public static final String BEAN_NAME = "io.securememory.declaredSecrets";

    /** Those that come from no file. */
    private final SortedMap<String, FixedSecret> fixed = new TreeMap<>();

    /** Of those that come from files, those that are still absent included. */
    private final SortedMap<String, SecretRotation> rotations = new TreeMap<>();

    private final Set<String> declared;
    private final Set<String> generated;
    private final ReplacedSecrets replaced;
    private final RotationAnnouncer announcer;
    private final InstantSource clock;

    /**
     * Loads all secrets but optional ones that are absent, and those that the application has replaced.
     *
     * @throws DeclaredSecretException if one cannot be loaded; those before it are wiped and closed
     */
    DeclaredSecrets(
            SecureMemory session,
            List<SecretDeclaration> declarations,
            ReplacedSecrets replaced,
            ApplicationEventPublisher eventPublisher,
            InstantSource clock) {
        this.replaced = replaced;
        this.clock = clock;
        declared = Set.copyOf(declarations.stream().map(SecretDeclaration::name).toList());
        generated = declarations.stream()
                .filter(secret -> secret.location() instanceof Generated && !replaced.contains(secret.name()))
                .map(SecretDeclaration::name)
                .collect(Collectors.toCollection(TreeSet::new));
        announcer = new RotationAnnouncer(eventPublisher);
        SecretLoader loader = new SecretLoader(session);
        try {
            declarations.stream()
                    .filter(secret -> !replaced.contains(secret.name()))
                    .forEach(secret -> load(secret, loader));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    /**
     * Loads what is declared.
     *
     * @param beans where the application may have a bean of its own in the place of a secret
     * @param clock when each secret was read
     * @throws DeclaredSecretException if one is declared wrongly or cannot be loaded; those before it are wiped and closed
     */
    public static DeclaredSecrets load(
            SecureMemory session,
            Map<String, DeclaredSecret> declared,
            ResourceLoader resources,
            ConfigurableListableBeanFactory beans,
            ApplicationEventPublisher eventPublisher,
            InstantSource clock) {
        return new DeclaredSecrets(
                session,
                SecretDeclaration.all(declared, resources),
                new ReplacedSecrets(declared.keySet(), beans),
                eventPublisher,
                clock);
    }

    private void load(SecretDeclaration declaration, SecretLoader loader) {
        if (declaration.location() instanceof OfFile file) {
            SeenFile seen = new SeenFile(file::file);
            rotations.put(declaration.name(), new SecretRotation(declaration, seen, loader, announcer, clock));
        } else if (!declaration.isLeftOut()) {
            String name = declaration.name();
            fixed.put(name, new FixedSecret(name, loader.load(declaration), clock));
        }
    }

    /** What stands in for a declared secret is not of here, and may not even have been made. */
    private void closeAfter(Throwable failure) {
        for (String name : names()) {
            try {
                if (!replaced.contains(name)) {
                    get(name).close();
                }
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** See {@link SecretStore#get}. Called by name, too, from the bean definitions of the secrets. */
    Secret get(String name) {
        Secret secret = find(name);
        if (secret == null) {
            String reason = declared.contains(name)
                    ? "The secret '" + name + "' is optional, and its location held nothing when it was last looked at."
                    : "No secret '" + name + "' is declared below securememory.secrets.";
            throw new NoSuchElementException(reason + " Loaded secrets: " + names());
        }
        return secret;
    }

    private @Nullable Secret find(String name) {
        if (replaced.contains(name)) {
            return replaced.get(name);
        }
        SecretRotation rotation = rotations.get(name);
        if (rotation != null) {
            return rotation.secret();
        }
        FixedSecret one = fixed.get(name);
        return one == null ? null : one.secret();
    }

    private SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(fixed.keySet());
        rotations.values().stream()
                .filter(rotation -> rotation.secret() != null)
                .forEach(rotation -> names.add(rotation.name()));
        names.addAll(replaced.names());
        return Collections.unmodifiableSortedSet(names);
    }

    /** The one of this name, or null if its content is never replaced. */
    public @Nullable SecretRotation rotation(String name) {
        return rotations.get(name);
    }

    /** Adds what is made of a secret, and is to be made anew when that was read anew, before listeners are told. */
    public void addDependent(String name, Runnable update) {
        announcer.addDependent(name, update);
    }

    /** Names of those that are random bytes. */
    public Set<String> generated() {
        return Collections.unmodifiableSet(generated);
    }

    /** Those whose content can be replaced. */
    public Collection<SecretRotation> rotations() {
        return Collections.unmodifiableCollection(rotations.values());
    }

    /** Of those that come from no file and were wiped by a purge. */
    public List<WatchStatus> wiped() {
        return fixed.values().stream().flatMap(one -> one.wiped().stream()).toList();
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
    public SecretStore asStore() {
        return new Store();
    }

    private final class Store implements SecretStore {

        @Override
        public Secret get(String name) {
            return DeclaredSecrets.this.get(name);
        }

        @Override
        public Optional<Secret> find(String name) {
            return Optional.ofNullable(DeclaredSecrets.this.find(name));
        }

        @Override
        public Set<String> names() {
            return DeclaredSecrets.this.names();
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
