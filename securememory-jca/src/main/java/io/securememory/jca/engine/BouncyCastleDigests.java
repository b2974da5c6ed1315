package io.securememory.jca.engine;

import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;

/** Digests of BouncyCastle. */
final class BouncyCastleDigests {

    private BouncyCastleDigests() {}

    /** Returns a new object that computes a digest. */
    static org.bouncycastle.crypto.Digest of(Digest digest) {
        return switch (digest) {
            case SHA_1 -> new SHA1Digest();
            case SHA_224 -> new SHA224Digest();
            case SHA_256 -> new SHA256Digest();
            case SHA_384 -> new SHA384Digest();
            case SHA_512 -> new SHA512Digest();
        };
    }
}
