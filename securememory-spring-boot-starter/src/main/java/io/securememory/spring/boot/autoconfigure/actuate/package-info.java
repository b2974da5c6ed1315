/**
 * What operators see: the actuator endpoints, health, information and metrics, and the masking of properties.
 *
 * <p>The auto-configurations, endpoints, health and information may be named where they are excluded or replaced. They are made by
 * the container only.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
