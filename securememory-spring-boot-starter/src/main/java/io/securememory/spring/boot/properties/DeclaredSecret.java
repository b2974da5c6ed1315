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
 * @param generate Length in bytes of a random secret, which is made at each start, in place of a location.
 * @param trim Whether a byte order mark at the start and one line break at the end are dropped from text. What is not text
 *     in UTF-8 is never trimmed unless its encoding says that it is text.
 * @param encoding How the bytes of the secret are written at the location: as they are, as text in any character set, in
 *     hexadecimal digits, in Base64 or in PEM.
 * @param required Whether the start fails if there is nothing at the location. Otherwise a file may come later.
 * @param reloadInterval Time between two looks at the file, from 100ms. When it has another content, the secret has it,
 *     too. Unset for never.
 * @param storage How this secret rests. Unset for the storage of all secrets.
 * @param allowWorldReadable Whether it is known and right that every user may read the file, which is warned of otherwise.
 */
public record DeclaredSecret(
        @Nullable String location,
        @Nullable Integer generate,
        @DefaultValue("true") boolean trim,
        @DefaultValue("raw") SecretEncoding encoding,
        @DefaultValue("true") boolean required,
        @Nullable Duration reloadInterval,
        @Nullable Storage storage,
        @DefaultValue("false") boolean allowWorldReadable) {

    /** Leaves out the location, which holds the secret's text if someone took the property for it. */
    @Override
    public String toString() {
        return "DeclaredSecret[generate=" + generate + ", trim=" + trim + ", encoding=" + encoding + ", required="
                + required + ", reloadInterval=" + reloadInterval + ", storage=" + storage + ", allowWorldReadable="
                + allowWorldReadable + "]";
    }
}
