package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The form in which a driver of JDBC takes a password: the one that leaves the least. */
enum PasswordForm {
    /** The driver asks a plugin for characters, and wipes them. */
    PLUGIN {
        @Override
        @Nullable
        Connection connect(Driver driver, String url, Properties properties, Secret password) throws SQLException {
            try (LentSecret lent = new LentSecret(password)) {
                properties.setProperty("authenticationPluginClassName", PostgresPasswordPlugin.class.getName());
                properties.setProperty(PostgresPasswordPlugin.LENT_ID, lent.id());
                return driver.connect(url, properties);
            }
        }
    },
    /** The driver takes characters in the place of a text. */
    CHARACTERS {
        @Override
        @Nullable
        Connection connect(Driver driver, String url, Properties properties, Secret password) throws SQLException {
            char[] characters = password.withHeapChars(char[]::clone);
            try {
                properties.put(PASSWORD, characters);
                return driver.connect(url, properties);
            } finally {
                Arrays.fill(characters, '\0');
                properties.remove(PASSWORD);
            }
        }
    },
    /** A text, which stays on the heap until the garbage collector uses its memory again. */
    TEXT {
        @Override
        @Nullable
        Connection connect(Driver driver, String url, Properties properties, Secret password) throws SQLException {
            try {
                properties.setProperty(PASSWORD, password.withHeapChars(String::new));
                return driver.connect(url, properties);
            } finally {
                properties.remove(PASSWORD);
            }
        }
    };

    static final String PASSWORD = "password";

    /** Returns the best form for the driver of this address. */
    static PasswordForm of(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:postgresql:")) {
            return PLUGIN;
        }
        return lower.startsWith("jdbc:h2:") ? CHARACTERS : TEXT;
    }

    /**
     * Opens a connection.
     *
     * @param properties without the password; changed
     * @return the connection, or null if the driver does not know the address
     */
    abstract @Nullable Connection connect(Driver driver, String url, Properties properties, Secret password)
            throws SQLException;
}
