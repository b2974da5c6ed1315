package io.securememory.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests with a time limit for the whole answer. The time limit of the JDK's client does not include the body.
 */
public final class Http {

    private Http() {}

    /** Sends a request, and returns the answer when its whole body has arrived. */
    public static <T> HttpResponse<T> send(HttpClient client, HttpRequest request, BodyHandler<T> handler) {
        return send(client, request, handler, Await.LIMIT);
    }

    /** Sends a request, with the given time limit. */
    public static <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, BodyHandler<T> handler, Duration limit) {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "no whole answer to " + request + " within " + limit.toMillis() + " ms\n"
                            + ThreadDumps.ofThisAndChildren(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the answer to " + request, e);
        } catch (ExecutionException e) {
            throw failure(request, e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static RuntimeException failure(HttpRequest request, @Nullable Throwable cause) {
        if (cause instanceof IOException e) {
            return new UncheckedIOException("no answer to " + request + ": " + e, e);
        }
        return new IllegalStateException("no answer to " + request, cause);
    }
}
