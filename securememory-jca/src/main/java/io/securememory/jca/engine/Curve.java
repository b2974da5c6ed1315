package io.securememory.jca.engine;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Elliptic curves that keys can be of: those that the JDK knows, too, as it has to verify with the public keys.
 *
 * <p>Source: RFC 5480 section 2.1.1.1 and FIPS 186-5.
 */
public enum Curve {
    /** NIST P-256. */
    P_256("secp256r1", "P-256", 415, 32, "2a8648ce3d030107"),
    /** NIST P-384. */
    P_384("secp384r1", "P-384", 715, 48, "2b81040022"),
    /** NIST P-521. */
    P_521("secp521r1", "P-521", 716, 66, "2b81040023");

    private final String standardName;
    private final String group;
    private final int number;
    private final int size;
    private final String identifier;

    Curve(String standardName, String group, int number, int size, String identifier) {
        this.standardName = standardName;
        this.group = group;
        this.number = number;
        this.size = size;
        this.identifier = identifier;
    }

    /**
     * Finds a curve.
     *
     * @param identifier bytes of its object identifier, as hexadecimal digits
     * @return the curve, if it is supported
     */
    public static Optional<Curve> byIdentifier(String identifier) {
        return Arrays.stream(values())
                .filter(curve -> curve.identifier.equals(identifier))
                .findFirst();
    }

    /**
     * Finds a curve.
     *
     * @param name its name in the JCA, or that of NIST
     * @return the curve, if it is supported
     */
    public static Optional<Curve> byName(String name) {
        return Arrays.stream(values())
                .filter(curve -> curve.standardName.equalsIgnoreCase(name) || curve.group.equalsIgnoreCase(name))
                .findFirst();
    }

    /**
     * Finds the curve of some parameters.
     *
     * @param parameters of a key
     * @return the curve, if it is supported
     */
    public static Optional<Curve> of(ECParameterSpec parameters) {
        return Arrays.stream(values())
                .filter(curve -> curve.parameters().getCurve().equals(parameters.getCurve()))
                .findFirst();
    }

    /**
     * Returns the name in the JCA.
     *
     * @return for example {@code secp256r1}
     */
    public String standardName() {
        return standardName;
    }

    /**
     * Returns the name in OpenSSL.
     *
     * @return for example {@code P-256}
     */
    public String group() {
        return group;
    }

    /**
     * Returns the number in OpenSSL (NID).
     *
     * @return the number
     */
    public int number() {
        return number;
    }

    /**
     * Returns the length of a scalar and of a coordinate.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the object identifier.
     *
     * @return its bytes, as hexadecimal digits
     */
    public String identifier() {
        return identifier;
    }

    /**
     * Returns the JDK's parameters.
     *
     * @return the parameters
     */
    public ECParameterSpec parameters() {
        return Objects.requireNonNull(Parameters.OF_CURVES.get(this));
    }

    /** The parameters, found once. */
    private static final class Parameters {

        static final Map<Curve, ECParameterSpec> OF_CURVES = new EnumMap<Curve, ECParameterSpec>(
                Arrays.stream(values()).collect(Collectors.toMap(Function.<Curve>identity(), Curve::find)));
    }

    private ECParameterSpec find() {
        try {
            AlgorithmParameters found = AlgorithmParameters.getInstance("EC");
            found.init(new ECGenParameterSpec(standardName));
            return found.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no curve " + standardName, e);
        }
    }
}
