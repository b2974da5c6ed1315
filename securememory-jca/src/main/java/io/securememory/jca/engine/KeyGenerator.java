package io.securememory.jca.engine;

import io.securememory.Secret;
import io.securememory.SecretView;
import java.math.BigInteger;
import java.security.GeneralSecurityException;

/** Makes private keys. */
public interface KeyGenerator {

    /**
     * A new key.
     *
     * @param shape what is public about it
     * @param numbers its secret numbers
     */
    record Generated(KeyShape shape, Secret numbers) {}

    /**
     * Makes a key of RSA.
     *
     * @param place any secret of the session whose locked memory is to be used
     * @param bits length of the modulus
     * @param publicExponent the public exponent
     * @param keep makes a secret of the numbers
     * @return the key
     * @throws GeneralSecurityException if there is no such key
     */
    Generated rsa(SecretView place, int bits, BigInteger publicExponent, SecretResult<Secret> keep)
            throws GeneralSecurityException;

    /**
     * Makes a key of an elliptic curve.
     *
     * @param place any secret of the session whose locked memory is to be used
     * @param curve the curve
     * @param keep makes a secret of the scalar
     * @return the key
     * @throws GeneralSecurityException if the random source fails
     */
    Generated ec(SecretView place, Curve curve, SecretResult<Secret> keep) throws GeneralSecurityException;
}
