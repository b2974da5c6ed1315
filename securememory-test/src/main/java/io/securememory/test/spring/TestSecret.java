package io.securememory.test.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a made-up secret for a test with a Spring context, in the place of the one that the application declares under
 * {@code securememory.secrets}.
 *
 * <pre>{@code
 * @SpringBootTest
 * @TestSecret(name = "db-password")
 * class LoginIT {
 *     @Test
 *     void nothingStays(@Autowired @NamedSecret("db-password") Secret password) {
 *         // use the application
 *         assertThat(password).as("db-password").hasNoResidue();
 *     }
 * }
 * }</pre>
 *
 * <p><b>Guarantees.</b> The application loads the secret from a file, like any other secret. Only the owner of the
 * process can read the file; it is deleted when the context is closed. The file that the application declares is neither
 * read nor required. Test classes with equal declarations share a cached context. Declarations on superclasses,
 * interfaces and, for nested classes, enclosing classes count as well; of several with one name the nearest is used. In a
 * test of a slice, such as {@code @WebMvcTest}, the starter's auto-configuration is part of the slice.
 *
 * <p><b>Limits.</b> If the JVM is killed, the file remains. A {@link #value} is written in source code, and so it is in
 * class files, in annotations, and in what Spring reads of class files.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(TestSecret.All.class)
public @interface TestSecret {

    /**
     * Returns the name.
     *
     * @return the secret's name below {@code securememory.secrets}
     */
    String name();

    /**
     * Returns the content. Without it, each context gets random letters, digits, {@code -} and {@code _}, of which nothing
     * is in source code or on the heap.
     *
     * @return a made-up text, which is written in UTF-8
     */
    String value() default "";

    /**
     * Returns the length of a random content. Is not used if there is a {@link #value}.
     *
     * @return the number of characters, at least 1; each has 6 bits of randomness
     */
    int length() default 32;

    /** Several declarations on one class. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @interface All {

        /**
         * Returns the declarations.
         *
         * @return the declarations
         */
        TestSecret[] value();
    }
}
