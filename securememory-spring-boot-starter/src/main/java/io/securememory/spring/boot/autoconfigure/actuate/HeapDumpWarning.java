package io.securememory.spring.boot.autoconfigure.actuate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Warns once at start that heap dumps can be fetched from the web. */
final class HeapDumpWarning implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(HeapDumpWarning.class);

    @Override
    public void afterSingletonsInstantiated() {
        LOG.warn(
                "The actuator endpoint heapdump is exposed on the web. A heap dump contains no secret that rests in Secure Memory,"
                        + " but it contains every copy on the Java heap: passwords in properties, and what the application"
                        + " copied out of a secret. Take heapdump out of management.endpoints.web.exposure.include, or set"
                        + " management.endpoint.heapdump.access=none.");
    }
}
