package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.VersionedSecret;
import io.securememory.VersionedSecret.Version;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretRotationListener;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.secrets.SecretLocation.Generated;
import io.securememory.spring.boot.secrets.SecretLocation.OfFile;
import io.securememory.spring.boot.secrets.SecretLocation.OfOrigin;
import io.securememory.spring.boot.versions.FormerVersions;
import io.securememory.spring.boot.versions.GraceEnds;
import io.securememory.spring.boot.watch.SeenFile;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Instant;
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
 * All declared secrets of one application context. They are loaded when this object is created; an optional secret
 * that appears later is loaded then. Holds only references: the session wipes the secrets.
 */
public final class DeclaredSecrets implements AutoCloseable {

    /** Name of the bean. It is qualified, because secrets are beans, too, and users choose their names. */
    public static final String BEAN_NAME = "io.securememory.declaredSecrets";

    /** Secrets that cannot be read again. */
    private final SortedMap<String, FixedSecret> fixed = new TreeMap<>();

    /** Rotations of the secrets that can be read again, including those that are still absent. */
    private final SortedMap<String, SecretRotation> rotations = new TreeMap<>();

    private final Set<String> declared;
    private final Set<String> generated;
    private final ReplacedSecrets replaced;
    private final RotationAnnouncer announcer;
    private final InstantSource clock;
    private final GraceEnds graceEnds;
    private final Instant start;

    /**
     * Loads all secrets except optional ones that are absent and those that the application has replaced.
     *
     * @throws DeclaredSecretException if a secret cannot be loaded; those loaded before it are wiped and closed
     */
    DeclaredSecrets(
            SecureMemory session,
            List<SecretDeclaration> declarations,
            ReplacedSecrets replaced,
            ConfigurableListableBeanFactory beans,
            ResourceLoader resources,
            ApplicationEventPublisher eventPublisher,
            InstantSource clock) {
        this.replaced = replaced;
        this.clock = clock;
        graceEnds = new GraceEnds(clock);
        start = clock.instant();
        declared = Set.copyOf(declarations.stream().map(SecretDeclaration::name).toList());
        generated = declarations.stream()
                .filter(secret -> secret.location() instanceof Generated && !replaced.contains(secret.name()))
                .map(SecretDeclaration::name)
                .collect(Collectors.toCollection(TreeSet::new));
        announcer = new RotationAnnouncer(eventPublisher);
        SecretLoader loader = new SecretLoader(session, new ContextAccess(session, beans, resources, this::find));
        try {
            LoadOrder.of(declarations).stream()
                    .filter(secret -> !replaced.contains(secret.name()))
                    .forEach(secret -> load(secret, loader));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    /**
     * Checks the declarations and loads the secrets.
     *
     * @param beans may contain beans of the application that replace declared secrets
     * @param clock tells when each secret was read
     * @throws DeclaredSecretException if a declaration is wrong or a secret cannot be loaded; those loaded before it
     *     are wiped and closed
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
                beans,
                resources,
                eventPublisher,
                clock);
    }

    private void load(SecretDeclaration declaration, SecretLoader loader) {
        if (declaration.location() instanceof OfFile file) {
            load(declaration, new SeenFile(file::file), loader);
        } else if (declaration.location() instanceof OfOrigin) {
            load(declaration, SeenFile.withoutFile(), loader);
        } else if (!declaration.isLeftOut()) {
            String name = declaration.name();
            fixed.put(name, new FixedSecret(name, loader.load(declaration), clock));
        }
    }

    private void load(SecretDeclaration declaration, SeenFile seen, SecretLoader loader) {
        rotations.put(declaration.name(), new SecretRotation(declaration, seen, loader, announcer, graceEnds, clock));
    }

    /**
     * Closes the secrets that were loaded here. Beans that replace declared secrets are left out: they belong to the
     * application and may not exist yet.
     */
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

    /** See {@link SecretStore#get}. The bean definitions of the secrets also call this method, by its name. */
    Secret get(String name) {
        Secret secret = find(name);
        if (secret == null) {
            String reason = declared.contains(name)
                    ? "The secret '" + name + "' is optional, and nothing was at its location at the last check."
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

    private List<Secret> accepted(String name) {
        SecretRotation rotation = replaced.contains(name) ? null : rotations.get(name);
        List<Secret> accepted = rotation == null ? List.of() : rotation.accepted();
        if (!accepted.isEmpty()) {
            return accepted;
        }
        Secret only = get(name);
        return List.of(
                only instanceof VersionedSecret versioned
                        ? versioned.currentVersion().secret()
                        : only);
    }

    private List<SecretVersion> versions(String name) {
        SecretRotation rotation = replaced.contains(name) ? null : rotations.get(name);
        List<SecretVersion> versions = rotation == null ? List.of() : rotation.versions();
        if (!versions.isEmpty()) {
            return versions;
        }
        Secret only = get(name);
        FixedSecret one = replaced.contains(name) ? null : fixed.get(name);
        if (one != null) {
            return List.of(one.version());
        }
        Version version = only instanceof VersionedSecret versioned ? versioned.currentVersion() : new Version(1, only);
        return List.of(FormerVersions.describeOnly(version, start));
    }

    /** Returns the rotation of the secret with this name, or null if its content is never replaced. */
    public @Nullable SecretRotation rotation(String name) {
        return rotations.get(name);
    }

    /**
     * Adds an update of something that is made from a secret. It runs after the secret was read again, before
     * listeners are called.
     */
    public void addDependent(String name, Runnable update) {
        announcer.addDependent(name, update);
    }

    /** Returns the names of the secrets that are random bytes. */
    public Set<String> generated() {
        return Collections.unmodifiableSet(generated);
    }

    /** Returns the rotations of all secrets whose content can be replaced. */
    public Collection<SecretRotation> rotations() {
        return Collections.unmodifiableCollection(rotations.values());
    }

    /** Returns the status of each secret that cannot be read again and was wiped by a purge. */
    public List<WatchStatus> wiped() {
        return fixed.values().stream().flatMap(one -> one.wiped().stream()).toList();
    }

    private boolean reload(String name) {
        SecretRotation rotation = rotations.get(name);
        if (rotation == null) {
            get(name); // If there is no such secret at all, this says so.
            throw new IllegalStateException(
                    "The secret '" + name + "' does not come from a file, so there is nothing to"
                            + " reload. Secrets that can be read again: " + rotations.keySet());
        }
        return rotation.reload();
    }

    /** Ends the thread that wipes old versions; the session wipes them now. */
    @Override
    public void close() {
        graceEnds.close();
    }

    /** Returns a store of these secrets. */
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
        public List<SecretVersion> versions(String name) {
            return DeclaredSecrets.this.versions(name);
        }

        @Override
        public List<Secret> accepted(String name) {
            return DeclaredSecrets.this.accepted(name);
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
