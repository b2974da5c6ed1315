package io.securememory.spring.boot.properties;

import io.securememory.Storage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * One secret to load.
 *
 * @param location Where the text of the secret is: a path after {@code file:}, relative to the working directory unless it
 *     begins with a slash, or a resource after {@code classpath:}. Never the text itself.
 * @param generate Length in bytes of a random secret, which is made at each start. Set this instead of a location.
 * @param trim Whether a byte order mark at the start and one line break at the end are dropped from text. Bytes that are not
 *     text in UTF-8 are never trimmed, unless the encoding says that they are text.
 * @param encoding How the bytes of the secret are written at the location: as they are, as text in any character set, in
 *     hexadecimal digits, in Base64 or in PEM.
 * @param required Whether the start fails if there is nothing at the location. Otherwise, a file may appear later.
 * @param reloadInterval Time between two checks of the file, at least 100ms. When the content of the file changes, the secret
 *     gets the new content. Unset for never.
 * @param gracePeriod Time for which the previous content is accepted by whoever verifies, after new content was read. It is wiped
 *     when this time is over. 0 for none, or at least 100ms.
 * @param storage How this secret is kept while nobody reads it: protected or sealed. Unset for the storage of all secrets.
 * @param environment Name of an environment variable that holds the secret. It stays there, so a file is better.
 * @param command Program that writes the secret to its standard output, and its arguments, each as a word of its own. No shell
 *     is used.
 * @param source Name of a bean of type SecretSource that supplies the secret.
 * @param http HTTP server that answers with the secret.
 * @param timeout Longest time for one read from an HTTP server, with all attempts, or of a command. 10 seconds if it is unset.
 * @param allowWorldReadable Whether it is intended that every user may read the file. If not, such a file causes a warning.
 */
public record DeclaredSecret(
        @Nullable String location,
        @Nullable Integer generate,
        @DefaultValue("true") boolean trim,
        @DefaultValue("raw") SecretEncoding encoding,
        @DefaultValue("true") boolean required,
        @Nullable Duration reloadInterval,
        @DefaultValue("0s") Duration gracePeriod,
        @Nullable Storage storage,
        @Nullable String environment,
        @Nullable List<String> command,
        @Nullable String source,
        @Nullable Http http,
        @Nullable Duration timeout,
        @DefaultValue("false") boolean allowWorldReadable) {

    /**
     * HTTP server that answers with the secret.
     *
     * @param url URL of the secret, for example of a path in Vault. Redirects are not followed.
     * @param field Path to the text in the JSON of the answer, names with dots between. Unset to take the whole answer.
     * @param bundle Name of an SSL bundle of spring.ssl.bundle that knows whom to trust. Unset for what the JDK trusts.
     * @param tokenSecret Name of another declared secret, which is sent as the token.
     * @param tokenHeader Header that the token is sent in. In Authorization, the word Bearer comes before it.
     * @param retries Most attempts after one that has failed and may succeed later.
     * @param allowPlainText Whether a server on another machine may be asked without TLS.
     */
    public record Http(
            @Nullable String url,
            @Nullable String field,
            @Nullable String bundle,
            @Nullable String tokenSecret,
            @DefaultValue("X-Vault-Token") String tokenHeader,
            @DefaultValue("3") int retries,
            @DefaultValue("false") boolean allowPlainText) {

        /** Leaves out the text, because someone may have written a secret there by mistake. */
        @Override
        public String toString() {
            return "Http[retries=" + retries + ", allowPlainText=" + allowPlainText + "]";
        }
    }

    /** A secret of which nothing is declared. */
    static final DeclaredSecret PLAIN = new DeclaredSecret(
            null, null, true, SecretEncoding.RAW, true, null, Duration.ZERO, null, null, null, null, null, null, false);

    /** Tells whether it is declared where the secret comes from. */
    boolean hasSource() {
        return StringUtils.hasText(location)
                || generate != null
                || StringUtils.hasText(environment)
                || (command != null && !command.isEmpty())
                || StringUtils.hasText(source)
                || http != null;
    }

    /**
     * Returns the same declaration with a location.
     *
     * @param interval the time between two checks, if there is none yet
     */
    DeclaredSecret in(String newLocation, @Nullable Duration interval) {
        return new DeclaredSecret(
                newLocation,
                generate,
                trim,
                encoding,
                required,
                reloadInterval == null ? interval : reloadInterval,
                gracePeriod,
                storage,
                environment,
                command,
                source,
                http,
                timeout,
                allowWorldReadable);
    }

    /** Leaves out the text, because someone may have written the secret itself there by mistake. */
    @Override
    public String toString() {
        return "DeclaredSecret[generate=" + generate + ", trim=" + trim + ", encoding=" + encoding + ", required="
                + required + ", reloadInterval=" + reloadInterval + ", gracePeriod=" + gracePeriod + ", storage="
                + storage
                + ", http=" + http + ", timeout=" + timeout + ", allowWorldReadable=" + allowWorldReadable + "]";
    }
}
