package io.securememory.test.spring;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Makes the starter part of a context that has no auto-configuration but that of a slice. The file {@code
 * META-INF/spring/....StarterForTests.imports} lists what it needs.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration
class StarterForTests {}
