package org.wucme.acme.internal.http;

import java.time.Duration;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Sleeper;

/**
 * The pool of anti-replay nonces (RFC 8555 section 6.5): fed by every reply, newest first, dropped when old. Nonces that are
 * on their way count too. Thread-safe, without locks.
 */
final class Nonces {

    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]{1,512}");

    private final Sleeper time;
    private final Deque<Fresh> fresh = new ConcurrentLinkedDeque<>();
    private final Queue<Coming> coming = new ConcurrentLinkedQueue<>();

    Nonces(Sleeper time) {
        this.time = time;
    }

    static boolean isWellFormed(String nonce) {
        return BASE64URL.matcher(nonce).matches();
    }

    /** Adds a nonce, if there is one. */
    void offer(@Nullable String nonce) {
        if (nonce != null) {
            fresh.addFirst(new Fresh(nonce, time.nanoTime()));
        }
    }

    /** Adds the reply, still on its way, that will bring a nonce. */
    void expect(CompletableFuture<HttpReply> reply) {
        coming.add(new Coming(reply, time.nanoTime()));
    }

    /** Takes the newest nonce. */
    @Nullable
    String poll() {
        for (Fresh nonce = fresh.pollFirst(); nonce != null; nonce = fresh.pollFirst()) {
            if (isYoung(nonce.sinceNanos)) {
                return nonce.value;
            }
            // What lies below is older still.
            fresh.clear();
        }
        return null;
    }

    /** Takes a reply, perhaps still on its way, that brings a nonce for the taker alone. */
    @Nullable
    CompletableFuture<HttpReply> pollComing() {
        for (Coming reply = coming.poll(); reply != null; reply = coming.poll()) {
            if (isYoung(reply.sinceNanos)) {
                return reply.reply;
            }
        }
        return null;
    }

    /** How many nonces there are, or will be soon; those that are too old do not count. */
    int size() {
        fresh.removeIf(nonce -> !isYoung(nonce.sinceNanos));
        coming.removeIf(reply -> !isYoung(reply.sinceNanos));
        return fresh.size() + coming.size();
    }

    private boolean isYoung(long sinceNanos) {
        return time.nanoTime() - sinceNanos < MAX_AGE.toNanos();
    }

    private record Coming(CompletableFuture<HttpReply> reply, long sinceNanos) {}

    private record Fresh(String value, long sinceNanos) {
        @Override
        public String toString() {
            return "Fresh[hidden]";
        }
    }
}
