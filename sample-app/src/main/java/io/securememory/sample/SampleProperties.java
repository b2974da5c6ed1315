package io.securememory.sample;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of this service.
 *
 * @param maxPayload maximum size of a payload to sign or verify
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("1MB") DataSize maxPayload) {

    /** Refuses a limit that no array can hold. */
    SampleProperties {
        if (maxPayload.toBytes() < 1 || maxPayload.toBytes() >= Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("sample.max-payload is " + maxPayload + ", expected 1B to 2047MB");
        }
    }
}
