package io.securememory.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A provider whose keys are on the heap: what the JDK chooses, or BouncyCastle, which is named and never registered. */
@State(Scope.Benchmark)
public class HeapProvider {

    /** Whose it is. */
    public enum Library {
        JDK,
        BOUNCYCASTLE
    }

    @Param({"JDK", "BOUNCYCASTLE"})
    Library library;

    private Provider bouncyCastle;

    @Setup(Level.Trial)
    public void create() {
        if (library == Library.BOUNCYCASTLE) {
            bouncyCastle = new BouncyCastleProvider();
        }
    }

    KeyPairGenerator keyPairGenerator(String algorithm) throws GeneralSecurityException {
        return bouncyCastle == null
                ? KeyPairGenerator.getInstance(algorithm)
                : KeyPairGenerator.getInstance(algorithm, bouncyCastle);
    }

    Signature signature(String algorithm) throws GeneralSecurityException {
        return bouncyCastle == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, bouncyCastle);
    }

    Cipher cipher(String algorithm) throws GeneralSecurityException {
        return bouncyCastle == null ? Cipher.getInstance(algorithm) : Cipher.getInstance(algorithm, bouncyCastle);
    }

    Mac mac(String algorithm) throws GeneralSecurityException {
        return bouncyCastle == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, bouncyCastle);
    }
}
