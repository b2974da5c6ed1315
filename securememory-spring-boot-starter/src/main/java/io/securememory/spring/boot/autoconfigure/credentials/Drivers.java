package io.securememory.spring.boot.autoconfigure.credentials;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/** Finds drivers of JDBC, by the name of their class or by an address. */
final class Drivers {

    private Drivers() {}

    /**
     * Returns a driver.
     *
     * @param className the name of its class, or null for one that knows the address
     * @param pool the name of the pool, for messages
     * @throws io.securememory.spring.boot.DeclaredSecretException if there is none
     */
    static Driver of(@Nullable String className, String url, String pool) {
        try {
            return className == null ? DriverManager.getDriver(url) : BeanUtils.instantiateClass(type(className));
        } catch (SQLException | ClassNotFoundException | RuntimeException | LinkageError e) {
            throw Unasked.failure(
                    "The pool '" + pool + "' has no driver of JDBC"
                            + (className == null ? " that knows its address." : ": " + className + " cannot be used."),
                    "Add the database's driver to the dependencies, and check spring.datasource.url and"
                            + " spring.datasource.driver-class-name.");
        }
    }

    private static Class<? extends Driver> type(String className) throws ClassNotFoundException {
        return ClassUtils.forName(className, Thread.currentThread().getContextClassLoader())
                .asSubclass(Driver.class);
    }
}
