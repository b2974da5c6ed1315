package io.securememory.spring.boot.properties;

import io.securememory.Storage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
 *     when this time is over. 0 for none.
 * @param storage How this secret is kept while nobody reads it: protected or sealed. Unset for the storage of all secrets.
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
        @DefaultValue("false") boolean allowWorldReadable) {

    /** Leaves out the location, because someone may have written the secret itself there by mistake. */
    @Override
    public String toString() {
        return "DeclaredSecret[generate=" + generate + ", trim=" + trim + ", encoding=" + encoding + ", required="
                + required + ", reloadInterval=" + reloadInterval + ", gracePeriod=" + gracePeriod + ", storage="
                + storage + ", allowWorldReadable="
                + allowWorldReadable + "]";
    }
}
