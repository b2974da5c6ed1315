package io.securememory.spring.boot.secrets;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.properties.DeclaredSecret.Http;
import io.securememory.spring.boot.properties.Durations;
import io.securememory.spring.boot.properties.SecretNames;
import io.securememory.spring.boot.secrets.SecretLocation.OfOrigin;
import io.securememory.spring.boot.sources.BeanOrigin;
import io.securememory.spring.boot.sources.CommandOrigin;
import io.securememory.spring.boot.sources.EnvironmentOrigin;
import io.securememory.spring.boot.sources.HttpOrigin;
import io.securememory.spring.boot.sources.Origin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** The properties of one secret that comes neither from a location nor from random bytes. */
final class SourceProperties {

    /** Why a secret can have no timeout. */
    static final String NO_WAIT = "nothing is waited for";

    private static final String ENVIRONMENT = "environment";
    private static final String COMMAND = "command";
    private static final String SOURCE = "source";
    private static final String URL = "http.url";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);
    private static final int MAX_RETRIES = 100;

    private final String name;
    private final DeclaredSecret secret;
    private final List<String> set;

    SourceProperties(String name, DeclaredSecret secret) {
        this.name = name;
        this.secret = secret;
        List<String> command = secret.command();
        this.set = Stream.of(
                        StringUtils.hasText(secret.environment()) ? ENVIRONMENT : "",
                        command != null && !command.isEmpty() ? COMMAND : "",
                        StringUtils.hasText(secret.source()) ? SOURCE : "",
                        secret.http() != null ? URL : "")
                .filter(StringUtils::hasText)
                .toList();
    }

    /** Tells whether there are any. */
    boolean areSet() {
        return !set.isEmpty();
    }

    /**
     * Checks the properties.
     *
     * @throws io.securememory.spring.boot.DeclaredSecretException if one of them cannot be used, or there is another source
     */
    SecretDeclaration declaration() {
        List<String> all = Stream.concat(
                        set.stream(),
                        Stream.of(
                                StringUtils.hasText(secret.location()) ? "location" : "",
                                secret.generate() != null ? "generate" : ""))
                .filter(StringUtils::hasText)
                .toList();
        if (all.size() > 1) {
            throw SecretFailures.severalSources(name, all);
        }
        String property = set.get(0);
        Origin origin = origin(property);
        refuseOthers(property, origin);
        SecretDeclaration.checkInterval(name, secret.reloadInterval());
        SecretDeclaration.checkGracePeriod(name, secret.gracePeriod());
        return new SecretDeclaration(
                name,
                SecretNames.property(name, property),
                new OfOrigin(origin),
                secret.trim(),
                secret.encoding(),
                secret.required(),
                secret.reloadInterval(),
                secret.gracePeriod(),
                secret.storage(),
                false);
    }

    private void refuseOthers(String property, Origin origin) {
        boolean waits = property.equals(URL) || property.equals(COMMAND);
        refuse(secret.allowWorldReadable(), "allow-world-readable", property, "it is in no file");
        refuse(secret.timeout() != null && !waits, "timeout", property, NO_WAIT);
        refuse(
                !secret.required() && !property.equals(ENVIRONMENT),
                "required",
                property,
                "whether there is a secret is known only when it is read");
        String fixed = origin.whyFixed();
        if (fixed != null) {
            refuse(secret.reloadInterval() != null, "reload-interval", property, fixed);
            refuse(!secret.gracePeriod().isZero(), "grace-period", property, fixed);
        }
    }

    private void refuse(boolean isSet, String refused, String other, String reason) {
        if (isSet) {
            throw SecretFailures.meaningless(name, refused, other, reason);
        }
    }

    private Origin origin(String property) {
        return switch (property) {
            case ENVIRONMENT -> environment(text(secret.environment()));
            case COMMAND -> command();
            case SOURCE -> new BeanOrigin(text(secret.source()));
            default -> http();
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private Origin environment(String variable) {
        if (!EnvironmentOrigin.isName(variable)) {
            throw SecretFailures.badSource(
                    name,
                    ENVIRONMENT,
                    "is not the name of a variable" + SecretLocation.NOT_SHOWN,
                    "Write the name of the variable, of letters, digits and underscores, without a dollar sign.");
        }
        return new EnvironmentOrigin(variable);
    }

    private Origin command() {
        List<String> words = secret.command() == null ? List.of() : secret.command();
        if (!StringUtils.hasText(words.get(0)) || words.stream().anyMatch(word -> word.indexOf(0) >= 0)) {
            throw SecretFailures.badSource(
                    name,
                    COMMAND,
                    "does not begin with a program, or has a character that no argument has",
                    "Write the program and each of its arguments as a word of its own: in YAML, as a list.");
        }
        return new CommandOrigin(words, timeout());
    }

    private Duration timeout() {
        Duration timeout = secret.timeout() == null ? TIMEOUT : secret.timeout();
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw SecretFailures.badSource(
                    name,
                    "timeout",
                    "is " + Durations.inWords(timeout) + ", expected " + Durations.inWords(MIN_TIMEOUT) + " to "
                            + Durations.inWords(MAX_TIMEOUT),
                    "Set it to the longest time that a start may wait for this secret, for example 10s.");
        }
        return timeout;
    }

    private Origin http() {
        Http http = secret.http();
        if (http == null || !StringUtils.hasText(http.url())) {
            throw badUrl("is not set");
        }
        if (http.retries() < 0 || http.retries() > MAX_RETRIES) {
            throw SecretFailures.badSource(
                    name,
                    "http.retries",
                    "is " + http.retries() + ", expected 0 to " + MAX_RETRIES,
                    "Set it to the number of attempts after the first one.");
        }
        String field = StringUtils.hasText(http.field()) ? http.field() : null;
        try {
            return new HttpOrigin.Builder()
                    .bundle(StringUtils.hasText(http.bundle()) ? http.bundle() : null)
                    .token(StringUtils.hasText(http.tokenSecret()) ? http.tokenSecret() : null, http.tokenHeader())
                    .allowPlainText(http.allowPlainText())
                    .attempts(timeout(), http.retries())
                    .at(text(http.url()), field);
        } catch (HttpOrigin.SettingException e) {
            throw e.setting().equals("url") ? badUrl(e.problem()) : badSetting(e);
        }
    }

    private DeclaredSecretException badSetting(HttpOrigin.SettingException e) {
        return SecretFailures.badSource(
                name,
                "http." + e.setting(),
                e.problem() + SecretLocation.NOT_SHOWN,
                "Write names with dots between as the field, and the name of a header as the token-header.");
    }

    private DeclaredSecretException badUrl(String problem) {
        return SecretFailures.badSource(
                name,
                URL,
                problem + (problem.equals("is not set") ? "" : SecretLocation.NOT_SHOWN),
                "Set it to the URL of the secret, for example https://vault.example:8200/v1/secret/data/app. For a server that"
                        + " is reached over a protected network, "
                        + SecretNames.property(name, "http.allow-plain-text")
                        + "=true allows http:. A token comes from "
                        + SecretNames.property(name, "http.token-secret") + ", which names another declared secret.");
    }
}
