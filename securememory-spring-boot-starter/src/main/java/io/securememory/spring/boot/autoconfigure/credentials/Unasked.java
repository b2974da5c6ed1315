package io.securememory.spring.boot.autoconfigure.credentials;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Fails the start of an application whose client would connect without the secret that a property names. */
final class Unasked {

    private Unasked() {}

    /**
     * Checks that a client is there and has taken what asks for the secret.
     *
     * @param property the property that names the secret
     * @param client type of the beans that connect
     * @param taken whether one of them has taken it
     * @param remedy what to do with a bean that has not, in whole sentences
     * @throws DeclaredSecretException if there is no such bean; or if there are some, and none of them has taken it. A bean
     *     that is made later, because of lazy initialization, may still do that.
     */
    static void check(
            String property,
            Class<?> client,
            ConfigurableListableBeanFactory beans,
            BooleanSupplier taken,
            String remedy) {
        if (taken.getAsBoolean()) {
            return;
        }
        String[] names = beans.getBeanNamesForType(client, true, false);
        if (names.length == 0) {
            throw failure(
                    "The property " + property + " is set, and there is no bean of " + client.getName() + ".", remedy);
        }
        for (String name : names) {
            Object bean = beans.getSingleton(name);
            if (bean != null) {
                throw failure(
                        "The property " + property + " is set, and the bean '" + name + "' of "
                                + bean.getClass().getName() + " connects without asking for the secret.",
                        remedy);
            }
        }
    }

    /** Makes the failure. */
    static DeclaredSecretException failure(String description, String remedy) {
        return new DeclaredSecretException(Reason.DECLARATION, description, remedy, null);
    }
}
