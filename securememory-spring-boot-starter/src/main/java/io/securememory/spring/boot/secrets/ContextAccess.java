package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretSource;
import io.securememory.spring.boot.sources.SourceAccess;
import io.securememory.spring.boot.sources.SourceException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * What sources other than files need of an application context.
 *
 * <p>SSL bundles are made of their properties and not taken from the bean: that has bundles whose keys are declared secrets,
 * and so needs the secrets first.
 */
final class ContextAccess implements SourceAccess {

    private static final String BUNDLES = "spring.ssl.bundle.";

    private final SecureMemory session;
    private final ConfigurableListableBeanFactory beans;
    private final ResourceLoader resources;
    private final Function<String, @Nullable Secret> finder;

    /** @param finder finds a secret that is loaded, or returns null */
    ContextAccess(
            SecureMemory session,
            ConfigurableListableBeanFactory beans,
            ResourceLoader resources,
            Function<String, @Nullable Secret> finder) {
        this.session = session;
        this.beans = beans;
        this.resources = resources;
        this.finder = finder;
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
        Secret secret = finder.apply(name);
        if (secret == null) {
            throw SourceException.of(
                    Reason.MISSING,
                    "its token, the secret '" + name + "', is not loaded.",
                    "Declare the token as a secret of its own, for example at a file, and let token-secret name it.");
        }
        if (secret.isClosed()) {
            throw SourceException.of(
                    Reason.MISSING,
                    "its token, the secret '" + name + "', was wiped by a purge, or closed.",
                    "Read the token again by SecretStore.reload, or give it a reload-interval.");
        }
        return secret;
    }

    /** The bean is destroyed after the secrets. */
    @Override
    public SecretSource source(String bean) {
        try {
            SecretSource source = beans.getBean(bean, SecretSource.class);
            beans.registerDependentBean(bean, DeclaredSecrets.BEAN_NAME);
            return source;
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException e) {
            throw SourceException.of(
                    Reason.DECLARATION,
                    "there is no bean of this name and of type io.securememory.spring.boot.SecretSource.",
                    "Declare one, for example by a method with @Bean that returns a SecretSource and has this name.",
                    e);
        }
    }

    @Override
    public Supplier<SSLEngine> tls(@Nullable String bundle, String host, int port) {
        try {
            SslBundle named = bundle == null ? null : bundle(bundle);
            SSLContext context = named == null ? SSLContext.getDefault() : named.createSslContext();
            SslOptions options = named == null ? SslOptions.NONE : named.getOptions();
            engine(context, options, host, port); // So that options that cannot be used are told of now.
            return () -> engine(context, options, host, port);
        } catch (IllegalArgumentException e) {
            throw SourceException.of(
                    Reason.DECLARATION,
                    "the options of the " + named(String.valueOf(bundle))
                            + " name ciphers or protocols that this JVM has not.",
                    "Correct options.ciphers and options.enabled-protocols of the bundle.",
                    e);
        } catch (NoSuchAlgorithmException | IllegalStateException e) {
            throw SourceException.of(
                    Reason.DECLARATION,
                    "what it trusts cannot be loaded: "
                            + (bundle == null ? "the trust store of the JDK." : named(bundle) + "."),
                    "See whether the files of the trust store are there, and of its type.",
                    e);
        }
    }

    private static SSLEngine engine(SSLContext context, SslOptions options, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        String[] ciphers = options.getCiphers();
        if (ciphers != null) {
            engine.setEnabledCipherSuites(ciphers);
        }
        String[] protocols = options.getEnabledProtocols();
        if (protocols != null) {
            engine.setEnabledProtocols(protocols);
        }
        return engine;
    }

    private SslBundle bundle(String name) {
        Binder binder = Binder.get(beans.getBean(Environment.class));
        PemSslBundleProperties pem =
                bound(binder, "pem", PemSslBundleProperties.class).get(name);
        if (pem != null) {
            return PropertiesSslBundle.get(pem, resources);
        }
        JksSslBundleProperties jks =
                bound(binder, "jks", JksSslBundleProperties.class).get(name);
        if (jks != null) {
            return PropertiesSslBundle.get(jks, resources);
        }
        throw SourceException.of(
                Reason.DECLARATION,
                "there is no " + named(name) + ".",
                "Declare the bundle below spring.ssl.bundle.pem or spring.ssl.bundle.jks. Bundles that are made in another way,"
                        + " and those of securememory.ssl, exist only after the secrets.");
    }

    /** Binds all of a kind: the names are then as Spring Boot reads them. */
    private static <T> Map<String, T> bound(Binder binder, String kind, Class<T> type) {
        return binder.bind(BUNDLES + kind, Bindable.mapOf(String.class, type)).orElseGet(Map::of);
    }

    private static String named(String bundle) {
        return "SSL bundle '" + bundle + "'";
    }
}
