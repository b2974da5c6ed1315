package io.securememory.spring.boot.autoconfigure.credentials;

import com.mongodb.AuthenticationMechanism;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Gives MongoDB's client the password when it is made. The client keeps a copy of the characters, and cannot be given others:
 * after a rotation, it goes on with the old ones.
 */
final class MongoHandOver implements MongoClientSettingsBuilderCustomizer, SmartInitializingSingleton, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(MongoHandOver.class);

    private static final String BLOCKING = "com.mongodb.client.MongoClient";
    private static final String REACTIVE = "com.mongodb.reactivestreams.client.MongoClient";
    private static final String REMEDY =
            "Use the MongoClient of Spring Boot: org.springframework.boot:spring-boot-starter-mongodb."
                    + " Give a client of your own a MongoCredential in Secret.withHeapChars, and remove the property.";

    private final DeclaredCredential credential;
    private final ConfigurableListableBeanFactory beans;
    private volatile boolean taken;

    MongoHandOver(DeclaredCredential credential, ConfigurableListableBeanFactory beans) {
        this.credential = credential;
        this.beans = beans;
        credential.onRotation(() -> LOG.warn(
                "The {} was replaced. MongoDB's client keeps the password with which it was made: restart the application"
                        + " before the server forgets that one",
                credential));
    }

    /** After the customizer of Spring Boot, which sets the name of the user. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(MongoClientSettings.Builder settings) {
        MongoCredential given = settings.build().getCredential();
        String user = given == null ? null : given.getUserName();
        if (given == null || user == null || user.isEmpty()) {
            throw credential.noUser("spring.mongodb.username");
        }
        settings.credential(
                credential.secret().withHeapChars(password -> with(password, user, given.getSource(), given)));
        taken = true;
    }

    private MongoCredential with(char[] password, String user, String source, MongoCredential given) {
        AuthenticationMechanism mechanism = given.getAuthenticationMechanism();
        if (mechanism == null) {
            return MongoCredential.createCredential(user, source, password);
        }
        return switch (mechanism) {
            case SCRAM_SHA_1 -> MongoCredential.createScramSha1Credential(user, source, password);
            case SCRAM_SHA_256 -> MongoCredential.createScramSha256Credential(user, source, password);
            case PLAIN -> MongoCredential.createPlainCredential(user, source, password);
            default ->
                throw Unasked.failure(
                        "The property " + credential.property() + " is set, and the mechanism "
                                + mechanism.getMechanismName() + " of MongoDB's client takes no password.",
                        "Set authMechanism in spring.mongodb.uri to SCRAM-SHA-256, or remove the property.");
        };
    }

    @Override
    public void afterSingletonsInstantiated() {
        ClassLoader loader = beans.getBeanClassLoader();
        String client = ClassUtils.isPresent(BLOCKING, loader) ? BLOCKING : REACTIVE;
        if (ClassUtils.isPresent(client, loader)) {
            Unasked.check(
                    credential.property(), ClassUtils.resolveClassName(client, loader), beans, () -> taken, REMEDY);
        }
    }
}
