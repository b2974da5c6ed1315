package io.securememory.spring.boot.autoconfigure.actuate;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the actuator endpoint that searches for copies of secrets.
 *
 * @param timeLimit Longest time of a search. What was not looked at by then is named in the result.
 */
@ConfigurationProperties("management.endpoint.securememoryresidue")
record SecureMemoryResidueProperties(@DefaultValue("60s") Duration timeLimit) {

    SecureMemoryResidueProperties {
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException(
                    "management.endpoint.securememoryresidue.time-limit is " + timeLimit + ", expected more than zero");
        }
    }
}
