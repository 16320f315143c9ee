package org.wucme.acme.internal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.ClockDifference;
import org.wucme.acme.Deadline;
import org.wucme.acme.ProblemType;
import org.wucme.acme.RetryPolicy;
import org.wucme.acme.Sleeper;
import org.wucme.acme.internal.text.OneLine;

/**
 * Carries requests to one CA: gives each a nonce of its own, signs it anew for every try, retries what may be retried, and
 * turns refusals into exceptions (RFC 8555 sections 6.2 to 6.7). Thread-safe; requests run in parallel, at most {@code
 * maxInFlight} at once.
 */
public final class AcmeTransport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeTransport.class);
    private static final MediaType JOSE = MediaType.get("application/jose+json");
    private static final int BAD_NONCES_WITHOUT_PAUSE = 8;
    private static final Duration BAD_NONCE_PAUSE = Duration.ofMillis(50);
    // No bound to meet: even a CA that refuses nine nonces of ten is done long before. It spares a CA that refuses all.
    private static final int MOST_BAD_NONCES = 200;

    private final Settings settings;
    private final Http http;
    private final Nonces nonces;
    // A permit is taken before a nonce is, so that no request holds a nonce while it waits for its turn.
    private final Semaphore inFlight;

    /** How a transport behaves; each part as on the builder of the client. */
    public record Settings(
            @Nullable OkHttpClient httpClient,
            Collection<X509Certificate> trustedRoots,
            Duration requestTimeout,
            RetryPolicy retry,
            int maxInFlight,
            String userAgent,
            String language,
            Clock clock,
            Sleeper sleeper,
            RandomGenerator random) {}

    /** A transport with these settings. */
    public AcmeTransport(Settings settings) {
        this.settings = settings;
        this.http = new Http(
                settings.httpClient(),
                settings.trustedRoots(),
                settings.requestTimeout(),
                settings.maxInFlight(),
                settings.clock(),
                settings.sleeper());
        this.nonces = new Nonces(settings.sleeper());
        this.inFlight = new Semaphore(settings.maxInFlight(), true);
    }

    /**
     * Reads something that needs no signature, such as the directory.
     *
     * @param doing what this does, for the log and for error messages
     */
    public HttpReply get(String doing, String url) throws IOException {
        return get(doing, url, "application/json");
    }

    /**
     * Reads something that needs no signature.
     *
     * @param doing what this does, for the log and for error messages
     * @param mediaType of the answer that is wanted
     */
    public HttpReply get(String doing, String url, String mediaType) throws IOException {
        httpsUrl(url);
        LOG.info("{}", doing);
        return exchangePersistently(doing, url, request(url, mediaType).get().build());
    }

    private HttpReply exchangePersistently(String doing, String url, Request request) throws IOException {
        Backoff backoff = newBackoff();
        while (true) {
            AcmeException failure;
            try {
                HttpReply reply = exchange(url, request);
                if (reply.isSuccess()) {
                    return reply;
                }
                failure = Refusals.toException(doing, reply);
            } catch (AcmeConnectionException e) {
                failure = e;
            }
            waitOrThrow(failure, backoff, true);
        }
    }

    /**
     * Sends a signed request until the CA takes it.
     *
     * @param newNonceUrl where a nonce comes from when the pool is empty
     */
    public HttpReply post(SignedRequest request, String newNonceUrl) throws IOException {
        httpsUrl(request.url());
        LOG.info("{}", request.doing());
        Backoff backoff = newBackoff();
        String nonce = null;
        int badNonces = 0;
        while (true) {
            AcmeException failure;
            boolean repeatable = request.repeatable();
            try {
                HttpReply reply = attempt(request, nonce, newNonceUrl);
                if (reply.isSuccess()) {
                    return reply;
                }
                failure = Refusals.toException(request.doing(), reply);
                if (isBadNonce(failure) && badNonces < MOST_BAD_NONCES && backoff.allowsWait(BAD_NONCE_PAUSE)) {
                    nonce = nonceAfterBadOne(reply, ++badNonces);
                    continue;
                }
                nonces.offer(reply.nonce());
            } catch (NoNonceException e) {
                failure = e.failure;
                repeatable = true;
            } catch (AcmeConnectionException e) {
                failure = e;
            }
            nonce = null;
            waitOrThrow(failure, backoff, repeatable);
        }
    }

    /**
     * Asks for nonces, without waiting for them, until there are as many as requests that will soon run at once.
     *
     * @param wanted nonces to have; a request that comes in between takes one and brings one
     */
    public void prefetchNonces(int wanted, String newNonceUrl) throws AcmeProtocolException {
        int missing = Math.min(wanted, settings.maxInFlight()) - nonces.size();
        for (int i = 0; i < missing; i++) {
            nonces.expect(http.sendAsync(headRequest(newNonceUrl), newNonceUrl));
        }
    }

    /** The root certificates that are trusted for the CA's own server. */
    public List<X509Certificate> trustedRoots() {
        return http.trustedRoots();
    }

    /** The shortest time in which a request was ever answered: what the way to the CA and back takes, or a little more. */
    public Duration roundTrip() {
        return Duration.ofNanos(http.roundTripNanos());
    }

    /**
     * Asks the CA for a nonce, so that {@link #clockDifference} is of now: both clocks may have been set since. The nonce
     * serves the next request.
     */
    public HttpReply compareClocks(String newNonceUrl) throws IOException {
        Request request = headRequest(newNonceUrl);
        LOG.debug("comparing this machine's clock with the CA's");
        return exchangePersistently(fetchingNonce(newNonceUrl), newNonceUrl, request);
    }

    /** Whether a nonce is at hand for the next request, or on its way. */
    public boolean hasNonces() {
        return nonces.size() > 0;
    }

    /** This machine's clock and the CA's when it answered last; empty if that is not known. */
    public Optional<ClockDifference> clockDifference() {
        return Optional.ofNullable(http.clockDifference());
    }

    /** The retries that one request may take, for callers that must look before they repeat it. */
    public Backoff newBackoff() {
        return new Backoff(settings.retry(), settings.sleeper(), settings.random());
    }

    private HttpReply attempt(SignedRequest request, @Nullable String givenNonce, String newNonceUrl)
            throws IOException, NoNonceException {
        acquirePermit();
        try {
            String nonce = givenNonce != null ? givenNonce : takeNonce(newNonceUrl);
            Request signed = request(request.url(), request.accept())
                    .post(new SignedBody(request.sign(nonce)))
                    .build();
            HttpReply reply = http.send(signed, request.url());
            if (reply.isSuccess()) {
                // Before the permit is free: whoever takes it next needs this nonce.
                nonces.offer(reply.nonce());
            }
            return reply;
        } finally {
            inFlight.release();
        }
    }

    private HttpReply exchange(String url, Request request) throws IOException {
        acquirePermit();
        try {
            HttpReply reply = http.send(request, url);
            nonces.offer(reply.nonce());
            return reply;
        } finally {
            inFlight.release();
        }
    }

    private void acquirePermit() throws InterruptedIOException {
        try {
            inFlight.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to send a request");
        }
    }

    private String takeNonce(String newNonceUrl) throws IOException, NoNonceException {
        String nonce = nonces.poll();
        while (nonce == null) {
            CompletableFuture<HttpReply> coming = nonces.pollComing();
            if (coming == null) {
                return fetchNonce(newNonceUrl);
            }
            try {
                nonce = Http.join(coming).nonce();
            } catch (AcmeException e) {
                LOG.debug("a nonce that was asked for ahead did not come: {}", e.getMessage());
            }
        }
        return nonce;
    }

    private String fetchNonce(String newNonceUrl) throws IOException, NoNonceException {
        HttpReply reply;
        try {
            reply = http.send(headRequest(newNonceUrl), newNonceUrl);
        } catch (AcmeConnectionException e) {
            throw new NoNonceException(e);
        }
        if (!reply.isSuccess()) {
            throw new NoNonceException(Refusals.toException(fetchingNonce(newNonceUrl), reply));
        }
        String nonce = reply.nonce();
        if (nonce == null) {
            throw new AcmeProtocolException("the CA sent no usable nonce from " + newNonceUrl);
        }
        return nonce;
    }

    // The nonce of the refusal itself is the one the CA remembers best (RFC 8555 section 6.5). A CA that refuses many
    // in a row gets a little time, and is asked for a fresh one.
    private @Nullable String nonceAfterBadOne(HttpReply refusal, int badNonces) throws InterruptedIOException {
        if (badNonces <= BAD_NONCES_WITHOUT_PAUSE) {
            return refusal.nonce();
        }
        nonces.offer(refusal.nonce());
        Duration pause = Duration.ofNanos(
                (long) (BAD_NONCE_PAUSE.toNanos() * settings.random().nextDouble()));
        Deadline.after(BAD_NONCE_PAUSE, settings.sleeper()).sleep(pause);
        return null;
    }

    private static boolean isBadNonce(AcmeException failure) {
        return failure instanceof AcmeProblemException refusal
                && refusal.problem().is(ProblemType.BAD_NONCE);
    }

    // Waits when another try is allowed, safe and useful; throws the failure otherwise.
    private void waitOrThrow(AcmeException failure, Backoff backoff, boolean repeatable) throws IOException {
        boolean safe = repeatable || !Refusals.mayHaveTakenEffect(failure);
        boolean hopeless =
                failure instanceof AcmeRateLimitException && failure.retryAt().isEmpty();
        if (!failure.isRetryable() || !safe || hopeless || !pause(failure, backoff)) {
            throw failure;
        }
    }

    /**
     * Waits before the next try: as long as the CA asked for, if it did.
     *
     * @return false, without a wait, if no other try is allowed, or none as late as the CA wants it
     */
    public boolean pause(AcmeException failure, Backoff backoff) throws InterruptedIOException {
        if (!backoff.allowsRetry()) {
            return false;
        }
        Instant retryAt = failure.retryAt().orElse(null);
        if (retryAt == null) {
            LOG.info("{}; trying again", failure.getMessage());
            backoff.sleep();
            return true;
        }
        Duration wait = Duration.between(settings.clock().instant(), retryAt);
        if (!backoff.allowsWait(wait)) {
            return false;
        }
        LOG.info("{}; trying again at {}", failure.getMessage(), retryAt);
        backoff.sleep(wait);
        return true;
    }

    private static String fetchingNonce(String newNonceUrl) {
        return "fetching a nonce at " + newNonceUrl;
    }

    private Request headRequest(String newNonceUrl) throws AcmeProtocolException {
        return request(newNonceUrl, "*/*").head().build();
    }

    private Request.Builder request(String url, String accept) throws AcmeProtocolException {
        return new Request.Builder()
                .url(httpsUrl(url))
                .header("User-Agent", settings.userAgent())
                .header("Accept-Language", settings.language())
                .header("Accept", accept);
    }

    // Every URL after the directory's is the CA's word: it must not lead us to plain text or to another protocol, nor
    // write more than one line into a log, which is why it is checked before it is logged.
    private static HttpUrl httpsUrl(String url) throws AcmeProtocolException {
        HttpUrl parsed = HttpReply.isUrl(url) ? HttpUrl.parse(url) : null;
        if (parsed == null || !parsed.isHttps()) {
            throw new AcmeProtocolException("the CA gave a URL that is not https: " + OneLine.of(url));
        }
        return parsed;
    }

    @Override
    public void close() {
        http.close();
    }

    /** OkHttp repeats a request by itself, after a 503 with {@code Retry-After: 0} for one, unless its body forbids it. */
    private static final class SignedBody extends RequestBody {
        private final byte[] jws;

        SignedBody(byte[] jws) {
            this.jws = jws;
        }

        @Override
        public MediaType contentType() {
            return JOSE;
        }

        @Override
        public long contentLength() {
            return jws.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(jws);
        }
    }

    /** No nonce could be had, so nothing was sent: trying again is safe whatever the request does. */
    private static final class NoNonceException extends Exception {
        private final transient AcmeException failure;

        NoNonceException(AcmeException failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
