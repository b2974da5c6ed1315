package io.securememory.spring.boot.properties;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings for wiping secrets at other times than when the context closes.
 *
 * @param signals Signals of the operating system.
 * @param checkpoint What happens before the JVM writes a checkpoint (CRaC), which would contain all secrets. Either it is
 *     refused while there are any secrets, or everything is wiped and stays closed after the restore.
 */
@ConfigurationProperties(SecureMemorySettings.PREFIX)
public record SecureMemoryLifecycleProperties(
        @DefaultValue Signals signals,
        @DefaultValue("refuse") CheckpointPolicy checkpoint) {

    /** What happens before a checkpoint. */
    public enum CheckpointPolicy {
        /** The checkpoint fails while there are secrets. */
        REFUSE,
        /** Everything is wiped. */
        PURGE
    }

    /**
     * Signals of the operating system.
     *
     * @param enabled Whether the signals wipe everything at once, without waiting for the application to shut down.
     * @param names Names of the signals, with or without SIG. Each signal is also passed on to its previous handler, which
     *     shuts the JVM down in the case of HUP, INT and TERM.
     */
    public record Signals(
            @DefaultValue("false") boolean enabled,
            @DefaultValue({"HUP", "INT", "TERM"}) List<String> names) {

        /** Converts the names to upper case, without SIG, and removes duplicates. */
        public Signals {
            names = names.stream()
                    .map(name -> name.strip().toUpperCase(Locale.ROOT).replaceFirst("^SIG", ""))
                    .distinct()
                    .toList();
        }
    }
}
