package io.securememory.residue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Applications that use secrets so that nothing is left of them. */
enum Clean {
    WEB(directory -> Material.key(directory, "key"), ServletApplication::begin),

    REACTIVE(directory -> Material.key(directory, "key"), ReactiveApplication::begin),

    JDBC(directory -> Material.text(directory, "password"), DatabaseApplication::begin),

    COLUMN(directory -> Material.key(directory, "key"), ColumnApplication::begin),

    TLS_SERVER(directory -> Material.pair(directory, "key"), TlsApplication::serve),

    TLS_CLIENT(directory -> Material.pair(directory, "key"), TlsApplication::call),

    JWT(
            directory -> {
                Material.key(directory, "key");
                Material.pair(directory, "pair");
            },
            TokenApplication::begin),

    SCHEDULED(ScheduledApplication::prepare, ScheduledApplication::begin),

    PLAIN(
            directory -> {
                Material.key(directory, "key");
                Material.text(directory, "password");
            },
            PlainApplication::begin),

    STREAM(directory -> Material.key(directory, "key"), PlainApplication::stream);

    private final Preparation preparation;
    private final Action action;

    Clean(Preparation preparation, Action action) {
        this.preparation = preparation;
        this.action = action;
    }

    /** Writes the files of this application into a directory of its own. */
    void prepare(Path parent) throws IOException {
        preparation.in(Files.createDirectory(parent.resolve(name())));
    }

    Kept begin(Given given) throws Exception {
        return action.with(given);
    }
}
