package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProtectionCheck;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Part {@code secureMemory} of the actuator endpoint {@code info}: the version, how native code is called, the kind of memory,
 * what computes with keys, and for each protection and each setting of the machine a sentence.
 *
 * <p><b>Guarantees.</b> Shows nothing else: no count, no limit, and nothing of a secret.
 *
 * <p><b>Limits.</b> The protections are those of the last check. {@link SecureMemoryEndpoint} says why one failed, and what a
 * risk is. The version comes from the manifest of the jar, and is left out if there is none.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecureMemoryInfoContributor implements InfoContributor {

    private final SecureMemory session;
    private final ProtectionCheck check;
    private final ChosenEngine engine;

    SecureMemoryInfoContributor(SecureMemory session, ProtectionCheck check, ChosenEngine engine) {
        this.session = session;
        this.check = check;
        this.engine = engine;
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
        details.put("crypto", crypto());
        ProtectionReport report = engine.addTo(check.last().report());
        details.put("protectionComplete", report.isComplete());
        Map<String, String> protections = new LinkedHashMap<>();
        report.items().forEach(item -> protections.put(item.name(), sentence(item)));
        details.put("protections", protections);
        builder.withDetail("secureMemory", details);
    }

    private Map<String, String> crypto() {
        ChosenEngine.Found found = engine.found();
        Map<String, String> crypto = new LinkedHashMap<>();
        crypto.put("engine", found.engine());
        if (!found.version().isEmpty()) {
            crypto.put("version", found.version());
        }
        return crypto;
    }

    /**
     * Describes an item. The reason of a failure is left out, because it contains limits and error numbers that not everyone
     * should see. So is what a risk is, because it says where the machine is weak.
     */
    private static String sentence(ProtectionReport.Item item) {
        return switch (item.state()) {
            case FAILED -> "Not in force. The endpoint securememory and the log say why, and what to do.";
            case RISK -> "A setting makes secrets easier to reach. The endpoint securememory says how, and what to do.";
            default -> item.detail();
        };
    }
}
