package io.securememory.jca.spi;

import io.securememory.jca.engine.Digest;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/** Paddings of RSA encryption by their names in the JCA, with the JDK's default parameters. */
enum RsaCipherPadding {
    NONE("NoPadding", null, false),
    OAEP("OAEPPadding", Digest.SHA_1, false),
    OAEP_SHA_1("OAEPWithSHA-1AndMGF1Padding", Digest.SHA_1, true),
    OAEP_SHA_256("OAEPWithSHA-256AndMGF1Padding", Digest.SHA_256, true),
    OAEP_SHA_384("OAEPWithSHA-384AndMGF1Padding", Digest.SHA_384, true),
    OAEP_SHA_512("OAEPWithSHA-512AndMGF1Padding", Digest.SHA_512, true);

    private final String paddingName;
    private final @Nullable Digest digest;
    private final boolean fixed;

    /**
     * @param digest the default digest, or null for no padding
     * @param fixed whether parameters must have that digest
     */
    RsaCipherPadding(String paddingName, @Nullable Digest digest, boolean fixed) {
        this.paddingName = paddingName;
        this.digest = digest;
        this.fixed = fixed;
    }

    String paddingName() {
        return paddingName;
    }

    /** Returns the parameters if none are given. The mask's digest is SHA-1, as it is in the JDK. Null for no padding. */
    @Nullable
    OAEPParameterSpec parameters() {
        return digest == null
                ? null
                : new OAEPParameterSpec(
                        digest.standardName(), "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT);
    }

    boolean allows(Digest wanted) {
        return !fixed || wanted == digest;
    }
}
