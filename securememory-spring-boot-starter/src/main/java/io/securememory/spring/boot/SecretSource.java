package io.securememory.spring.boot;

import io.securememory.Secret;
import io.securememory.SecretFactory;

/**
 * Supplies a declared secret that is in no file, for example from the client of a key management service. A bean of this
 * type is named by {@code securememory.secrets.<name>.source}.
 *
 * <pre>{@code
 * @Bean
 * SecretSource databasePassword(KmsClient kms) {
 *     return secrets -> secrets.create(kms.decrypt("database").asByteArray());
 * }
 * }</pre>
 *
 * <p><b>What happens to it.</b> The bytes are treated as those of a file: {@code encoding}, {@code trim} and
 * {@code storage} apply, {@code reload-interval} and {@link SecretStore#reload} read it again, and equal bytes are no
 * rotation. After a failure, the old content stays in use.
 *
 * <p><b>Ownership.</b> The returned secret is closed as soon as its bytes were copied, in native memory. Return a new one
 * each time, and never one that is used elsewhere. {@link SecretFactory#create(byte[])} wipes the array that it gets; what
 * a client keeps of it is the client's.
 *
 * <p><b>Failures.</b> Any exception means that there is no content now. Messages and logs name its class only. It is the
 * cause of the {@link DeclaredSecretException}, so its message should not have any content of the secret.
 *
 * <p><b>Limits.</b> Nothing ends a source that does not return: it should have a timeout of its own. It is called at the
 * start, before declared secrets are beans. A source that needs one of them has to look it up in a {@link SecretStore}
 * later, by an {@code ObjectProvider}; at the start, there is none.
 *
 * <p><b>Threading.</b> Called by one thread at a time for each secret that names it.
 */
@FunctionalInterface
public interface SecretSource {

    /**
     * Reads the secret as it is now.
     *
     * @param secrets makes the secret, in the memory of the application context's session
     * @return a new secret, which the caller closes
     * @throws Exception if it cannot be read; an {@link InterruptedException} leaves the thread interrupted
     */
    Secret read(SecretFactory secrets) throws Exception;
}
