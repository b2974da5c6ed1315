package io.securememory.spring.boot.sources;

import io.securememory.spring.boot.DeclaredSecretException.Reason;

/** What the statuses of HTTP mean for a secret. */
final class HttpStatus {

    private HttpStatus() {}

    /** Returns the failure for a status that is not 200. */
    static SourceException failure(int status) {
        String answered = "the server answered with status " + status;
        return switch (status) {
            case 401, 403 ->
                SourceException.of(
                        Reason.REFUSED,
                        answered + ": it refuses the token, or what the token may read.",
                        "Renew the token, or let its policy read this path. Without token-secret, no token is sent.");
            case 404, 410 ->
                SourceException.of(
                        Reason.MISSING,
                        answered + ": there is no secret at this URL, or it was deleted.",
                        "Write the secret there, or correct the URL. Vault's KV version 2 has it at /v1/<mount>/data/<path>.");
            case 408, 425, 429 -> passing(status, answered + ": it asks to come back later.");
            default -> {
                if (status >= 500) {
                    yield passing(status, answered + ", which says that something is wrong there.");
                }
                yield SourceException.of(
                        Reason.REFUSED,
                        answered + (status / 100 == 3 ? ": it sends on to another URL." : "."),
                        status / 100 == 3
                                ? "Set the URL to where the secret is now: the token is sent nowhere else."
                                : "Only status 200 brings a secret. Compare the URL with what the server offers.");
            }
        };
    }

    private static SourceException passing(int status, String problem) {
        return SourceException.passing(
                Reason.UNREACHABLE,
                problem,
                status == 503
                        ? "See the log of the server. Vault answers so while it is sealed."
                        : "See the log of the server.",
                null);
    }
}
