package io.securememory.spring.boot.autoconfigure.actuate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the actuator endpoint.
 *
 * @param showNames Whether the endpoint shows the names of declared secrets.
 */
@ConfigurationProperties("management.endpoint.securememory")
record SecureMemoryEndpointProperties(@DefaultValue("false") boolean showNames) {}
