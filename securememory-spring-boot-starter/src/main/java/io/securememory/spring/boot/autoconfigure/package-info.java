/**
 * Auto-configuration of Secure Memory: the session, its factories, declared secrets, actuator endpoint, health and metrics.
 */
@NullMarked
package io.securememory.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
