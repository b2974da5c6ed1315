package io.securememory.jca.encoding;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;

/** A key for the JCA that wipes the copies that it has handed out. The caller wipes the array that it is made from. */
final class WipedKey implements SecretKey, AutoCloseable {

    private static final long serialVersionUID = 1L;

    private final String algorithm;
    private final transient byte[] bytes;
    private final transient List<byte[]> copies = new ArrayList<>();

    WipedKey(String algorithm, byte[] bytes) {
        this.algorithm = algorithm;
        this.bytes = bytes;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        byte[] copy = bytes.clone();
        copies.add(copy);
        return copy;
    }

    @Override
    public void close() {
        copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
        copies.clear();
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(WipedKey.class.getName());
    }
}
