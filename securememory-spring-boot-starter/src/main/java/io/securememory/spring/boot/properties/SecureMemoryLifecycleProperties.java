package io.securememory.spring.boot.properties;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of when secrets are wiped, besides when the context closes.
 *
 * @param signals Signals of the operating system.
 * @param checkpoint What happens before the virtual machine writes a checkpoint (CRaC), which would hold all secrets: it is
 *     refused while there are any, or everything is wiped and stays closed after the restore.
 */
@ConfigurationProperties(SecureMemorySettings.PREFIX)
public record SecureMemoryLifecycleProperties(
        @DefaultValue Signals signals,
        @DefaultValue("refuse") CheckpointPolicy checkpoint) {

    /** What happens before a checkpoint. */
    public enum CheckpointPolicy {
        /** It fails while there are secrets. */
        REFUSE,
        /** Everything is wiped. */
        PURGE
    }

    /**
     * Signals of the operating system.
     *
     * @param enabled Whether the signals wipe everything at once, without waiting for the application to shut down.
     * @param names Names of the signals, with or without SIG. Each is handed on to whoever handled it before, which for HUP, INT
     *     and TERM shuts down.
     */
    public record Signals(
            @DefaultValue("false") boolean enabled,
            @DefaultValue({"HUP", "INT", "TERM"}) List<String> names) {

        /** Brings the names to the form of the operating system's tools, without SIG. */
        public Signals {
            names = names.stream()
                    .map(name -> name.strip().toUpperCase(Locale.ROOT).replaceFirst("^SIG", ""))
                    .distinct()
                    .toList();
        }
    }
}
