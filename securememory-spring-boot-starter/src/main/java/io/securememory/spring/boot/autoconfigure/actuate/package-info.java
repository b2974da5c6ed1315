/**
 * Everything that operators see: actuator endpoints, health, information and metrics. Also the masking of properties.
 *
 * <p>Applications may refer to the auto-configurations, the endpoints, and the health and info contributors, to exclude or
 * replace them. Only the container creates instances.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
