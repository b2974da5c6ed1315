package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Part {@code secureMemory} of the actuator endpoint {@code info}: the version, how native code is called, the kind of
 * memory, and whether every protection that is asked for is in force.
 *
 * <p><b>Guarantees.</b> Shows nothing else: no count, no limit, and nothing of a secret.
 *
 * <p><b>Limits.</b> Tries each protection on a page of its own with every request, which costs some milliseconds. The version
 * comes from the manifest of the jar, and is left out where there is none.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemoryInfoContributor implements InfoContributor {

    private final SecureMemory session;

    SecureMemoryInfoContributor(SecureMemory session) {
        this.session = session;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        String version = SecureMemory.class.getPackage().getImplementationVersion();
        if (version != null) {
            details.put("version", version);
        }
        SecureMemoryStatus status = session.status();
        details.put("nativeAccess", status.nativeAccess());
        details.put("backing", status.backing());
        details.put("protectionComplete", session.protection().isComplete());
        builder.withDetail("secureMemory", details);
    }
}
