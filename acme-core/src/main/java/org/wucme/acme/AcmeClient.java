package org.wucme.acme;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.internal.http.AcmeTransport;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.http.Refusals;
import org.wucme.acme.internal.http.SignedRequest;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Oddities;
import org.wucme.acme.internal.octets.Base64Url;
import org.wucme.acme.internal.octets.Der;
import org.wucme.acme.pki.Signer;

/**
 * A connection to one CA, and what anybody may ask it. What needs an account is on {@link Account}.
 *
 * <p>Thread-safe: one client serves many threads, whose requests really run in parallel. Every method that talks to the CA
 * blocks, and can be interrupted: it then throws {@link java.io.InterruptedIOException}, and the thread's flag stays set.
 *
 * <p>Close it when done; an {@link OkHttpClient} that was handed in stays the caller's.
 */
public final class AcmeClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeClient.class);

    private static final Set<Integer> GONE =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_BAD_METHOD, HttpURLConnection.HTTP_GONE);

    private final Ca ca;
    private final AcmeTransport transport;
    private final PollingPolicy polling;
    private final Clock clock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final Duration propagation;
    private final NewAccounts newAccounts;
    private final DirectorySource source;
    private final DirectoryCopy directory;
    private final Oddities oddities = new Oddities();
    private final Duration maxClockDifference;
    private final AtomicBoolean isClockLogged = new AtomicBoolean();
    private final ChallengeContext challengeContext = ChallengeContext.inMemory();

    private AcmeClient(Builder builder) {
        this.ca = builder.ca;
        this.polling = builder.polling;
        this.clock = builder.clock;
        this.sleeper = builder.sleeper;
        this.random = builder.random;
        this.maxClockDifference = builder.maxClockDifference;
        this.propagation = builder.propagation;
        this.newAccounts = new NewAccounts(propagation, sleeper);
        this.transport = new AcmeTransport(new AcmeTransport.Settings(
                builder.httpClient,
                List.copyOf(builder.trustedRoots),
                builder.requestTimeout,
                builder.retry,
                builder.maxInFlight,
                builder.userAgent,
                builder.locale.toLanguageTag(),
                builder.clock,
                builder.sleeper,
                builder.random));
        this.source = new DirectorySource(ca, transport, oddities, clock, builder.maxDirectoryAge);
        this.directory = new DirectoryCopy(source, clock, builder.known);
        if (builder.directoryCache != null) {
            source.keepIn(builder.directoryCache);
        }
    }

    /** A client for a CA, with defaults that are right for Let's Encrypt. */
    public static AcmeClient of(Ca ca) {
        return builder(ca).build();
    }

    /** A client for a CA, to be configured. */
    public static Builder builder(Ca ca) {
        return new Builder(ca);
    }

    /** The CA that this client talks to. */
    public Ca ca() {
        return ca;
    }

    /**
     * Fetches the directory (RFC 8555 section 7.1.1); a copy that this client fetched less than 12 hours ago serves as well,
     * and so does an older one while another thread fetches it. The first call takes what a {@link Builder#directoryCache} has,
     * which serves until {@link Builder#maxDirectoryAge}, a day by default.
     */
    public Directory fetchDirectory() throws IOException {
        return directory.get();
    }

    /**
     * Fetches the directory from the CA itself, whatever a cache has; one that it gave to this client within the last minute
     * serves as well. For what must not rest on an old copy, such as the agreement to the terms of service.
     */
    public Directory fetchCurrentDirectory() throws IOException {
        return directory.confirmed();
    }

    /**
     * Keeps the directory in a cache from now on, unless the builder of this client named one: for those who were given the
     * client, as a certificate manager is.
     */
    public void keepDirectoryIn(DirectoryCache cache) {
        source.keepInUnlessTold(cache);
    }

    /** What of the directory is used. */
    interface DirectoryPart<P> {
        P of(Directory directory) throws IOException;
    }

    /** Something that is done with a part of the directory. */
    interface DirectoryUse<P, T> {
        T with(P part) throws IOException;
    }

    /**
     * Does something that rests on a copy of the directory; once more if that shows that the copy may be out of date, and the
     * CA's directory is another indeed.
     */
    <P, T> T using(DirectoryPart<P> part, DirectoryUse<P, T> use) throws IOException {
        Directory copy = fetchDirectory();
        try {
            return use.with(part.of(copy));
        } catch (AcmeException e) {
            Directory current = isDoubtful(e, copy) ? currentOr(copy, e) : copy;
            if (current.equals(copy) || (Refusals.mayHaveTakenEffect(e) && !Refusals.wasNeverSent(e))) {
                throw e;
            }
            LOG.info("the directory of {} has changed, so this is tried again: {}", ca.directoryUrl(), e.getMessage());
            return use.with(part.of(current));
        }
    }

    private Directory currentOr(Directory copy, AcmeException failure) throws IOException {
        try {
            return directory.doubted();
        } catch (AcmeException e) {
            failure.addSuppressed(e);
            return copy;
        }
    }

    // What is at a URL that is none of the CA's anymore, or what one finds that it does not offer.
    private boolean isDoubtful(AcmeException failure, Directory copy) {
        if (failure instanceof AcmeProblemException refusal) {
            return isDoubtful(refusal.problem());
        }
        // What the CA itself has just said rarely is the reason why it does not answer.
        return failure instanceof AcmeProtocolException
                || failure instanceof NotOfferedException
                || (failure instanceof AcmeConnectionException && !directory.isFirstHand(copy));
    }

    private static boolean isDoubtful(Problem problem) {
        boolean isOfAnotherServer = problem.is(ProblemType.UNKNOWN) && !problem.isRateLimit();
        return isOfAnotherServer
                || GONE.contains(problem.status())
                || problem.is(ProblemType.MALFORMED)
                || problem.is(ProblemType.INVALID_PROFILE);
    }

    /**
     * Creates an account (RFC 8555 section 7.3); if the key has one already, that one is returned.
     *
     * @throws AcmeException if the CA is known to need a contact and none is given
     * @throws AcmeUserActionException if a human must agree to the CA's terms, or if the CA wants the account bound to one that
     *     it knows and the registration has none; where the directory says so, the key's account is looked up, and nothing
     *     else is sent
     * @throws AcmeProblemException if the CA refuses otherwise: {@code malformed} when the terms are not agreed to, {@code
     *     invalidContact} and others
     */
    public Account register(Registration registration) throws IOException {
        ca.requireContacts(registration.contacts());
        Directory directory = fetchCurrentDirectory();
        String url = directory.requiredNewAccount();
        String doing = "registering account at " + url;
        JwsKey key = JwsKey.of(registration.key());
        ExternalAccount externalAccount = registration.externalAccount();
        if (externalAccount == null && directory.externalAccountRequired()) {
            return presentAccount(key, new AcmeUserActionException(doing, externalAccountRequired(directory), null));
        }
        Map<String, Object> payload = new LinkedHashMap<>();
        if (!registration.contacts().isEmpty()) {
            payload.put("contact", registration.contacts());
        }
        if (registration.termsAgreed()) {
            payload.put("termsOfServiceAgreed", true);
        }
        if (externalAccount != null) {
            payload.put("externalAccountBinding", externalAccount.bind(key, url));
        }
        // Repeatable: a key has one account, however often it asks for one.
        SignedRequest request =
                SignedRequest.post(doing, url, key, null, Json.encode(payload)).asRepeatable();
        try {
            Account account = new Account(this, post(request).location(), key);
            newAccounts.add(account.url());
            return account;
        } catch (AcmeProblemException e) {
            if (externalAccount == null || e.isRetryable()) {
                throw e;
            }
            return presentAccount(key, e);
        }
    }

    // The key of an external account may serve once only: whoever registers again, as a server does when it starts,
    // needs none, and may come with one that is spent.
    private Account presentAccount(JwsKey key, AcmeProblemException otherwise) throws IOException {
        Optional<Account> present;
        try {
            present = findAccount(key);
        } catch (AcmeProblemException e) {
            if (e.isRetryable()) {
                throw e;
            }
            otherwise.addSuppressed(e);
            throw otherwise;
        }
        return present.orElseThrow(() -> otherwise);
    }

    private static Problem externalAccountRequired(Directory directory) {
        return new Problem(
                ProblemType.EXTERNAL_ACCOUNT_REQUIRED.uri(),
                null,
                "an account must be bound to one that the CA knows already",
                0,
                directory.website(),
                null,
                List.of());
    }

    /** Looks up the account that a key has at this CA (RFC 8555 section 7.3.1); empty if it has none. */
    public Optional<Account> findAccount(KeyPair accountKey) throws IOException {
        return findAccount(Signer.of(accountKey));
    }

    /** Looks up the account of a key that signs where it lives, as {@link #findAccount(KeyPair)}. */
    public Optional<Account> findAccount(Signer accountKey) throws IOException {
        return findAccount(JwsKey.of(accountKey));
    }

    Optional<Account> findAccount(JwsKey key) throws IOException {
        return using(Directory::requiredNewAccount, url -> findAccount(key, url));
    }

    private Optional<Account> findAccount(JwsKey key, String url) throws IOException {
        byte[] payload = Json.encode(Map.of("onlyReturnExisting", true));
        try {
            HttpReply reply = post(SignedRequest.post("retrieving account at " + url, url, key, null, payload)
                    .asRepeatable());
            return Optional.of(new Account(this, reply.location(), key));
        } catch (AcmeProblemException e) {
            if (isUnknownAccount(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * An account that is known already; asks the CA nothing.
     *
     * @param url its identity, exactly as the CA gave it when it was created
     */
    public Account account(String url, KeyPair accountKey) {
        return account(url, Signer.of(accountKey));
    }

    /** An account that is known already, whose key signs where it lives; asks neither the CA nor the key. */
    public Account account(String url, Signer accountKey) {
        return new Account(this, url, JwsKey.of(accountKey));
    }

    /**
     * Fetches the current certificate of an order that the CA renews by itself and lets anybody read (STAR, RFC 8739 section
     * 3.4): those that serve the certificate need no account.
     *
     * @param url {@link Order#starCertificateUrl()}
     * @throws AcmeProblemException if there is none any more: {@code autoRenewalCanceled} or {@code autoRenewalExpired}; or
     *     if not anybody may read it
     */
    public StarCertificate fetchStarCertificate(String url) throws IOException {
        return StarCertificates.read(
                url, transport.get("fetching certificate at " + url, url, "application/pem-certificate-chain"));
    }

    /**
     * Revokes a certificate by its own key, for when the account is lost (RFC 8555 section 7.6).
     *
     * @return false if it had been revoked already
     */
    public boolean revoke(X509Certificate certificate, KeyPair certificateKey, RevocationReason reason)
            throws IOException {
        return revoke(certificate, Signer.of(certificateKey), reason);
    }

    /**
     * Revokes a certificate by its own key, which signs where it lives, as {@link #revoke(X509Certificate, KeyPair,
     * RevocationReason)}.
     */
    public boolean revoke(X509Certificate certificate, Signer certificateKey, RevocationReason reason)
            throws IOException {
        return revoke(certificate, JwsKey.of(certificateKey), null, reason);
    }

    /**
     * Asks when the CA would like a certificate to be renewed (RFC 9773 section 4.1). Nothing is sent for a certificate that
     * has expired; none that was replaced already should be asked for. A failure is no reason not to renew: see {@link
     * #askRenewalInfo}.
     *
     * @param certificate a certificate that this CA issued
     * @throws AcmeRenewalInfoException if the CA does not offer this, cannot be asked or answers nonsense; says when to ask
     *     again
     */
    public RenewalInfo fetchRenewalInfo(X509Certificate certificate) throws IOException {
        return new RenewalInfoRequest(this, certificate).send();
    }

    /**
     * Asks as {@link #fetchRenewalInfo} does, for callers who decide about a renewal: that there is no answer is an answer.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted; nothing else is thrown
     */
    public RenewalAnswer askRenewalInfo(X509Certificate certificate) throws IOException {
        try {
            return new RenewalAnswer.Suggested(fetchRenewalInfo(certificate));
        } catch (AcmeRenewalInfoException e) {
            return new RenewalAnswer.Unavailable(
                    String.valueOf(e.getMessage()), e.retryAt().orElseThrow());
        }
    }

    boolean revoke(X509Certificate certificate, JwsKey key, @Nullable String kid, RevocationReason reason)
            throws IOException {
        return using(Directory::requiredRevokeCert, url -> revoke(certificate, key, kid, reason, url));
    }

    private boolean revoke(
            X509Certificate certificate, JwsKey key, @Nullable String kid, RevocationReason reason, String url)
            throws IOException {
        byte[] payload =
                Json.encode(Map.of("certificate", Base64Url.encode(Der.of(certificate)), "reason", reason.code()));
        String doing = "revoking certificate " + certificate.getSerialNumber().toString(16) + " for reason " + reason
                + " at " + url;
        try {
            // Repeatable: the second time, the CA says that it is revoked already.
            post(SignedRequest.post(doing, url, key, kid, payload).asRepeatable());
            return true;
        } catch (AcmeProblemException e) {
            if (e.problem().is(ProblemType.ALREADY_REVOKED)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * This machine's clock and the CA's, as they were when the CA answered last; asks nothing. Empty if the CA has not
     * answered yet, or does not say the time.
     */
    public Optional<ClockDifference> clockDifference() {
        return transport.clockDifference();
    }

    /**
     * Makes sure that a certificate that is requested now will not look expired, or not valid yet, because of a clock; so does
     * every order, before it is made and before it is finalized. If the CA's last answer shows a difference that is too large,
     * the CA is asked once more: the clock may have been set since.
     *
     * @throws AcmeClockException if {@link #clockDifference} is more than {@link Builder#maxClockDifference}
     * @throws IOException if the CA was asked, and did not answer
     */
    public void requireRightClock() throws IOException {
        boolean isUnknown = clockDifference().isEmpty();
        // The nonce of the reply is for the request that comes next: without one, asking costs nothing.
        if (isUnknown
                ? !transport.hasNonces()
                : clockDifference().filter(this::isTooLarge).isPresent()) {
            using(Directory::newNonce, transport::compareClocks);
        }
        ClockDifference difference = clockDifference().orElse(null);
        if (difference == null) {
            return;
        }
        if (isTooLarge(difference)) {
            throw new AcmeClockException(difference);
        }
        if (difference.isHarmful() && isClockLogged.compareAndSet(false, true)) {
            LOG.warn("{}. Certificates may look expired, or not valid yet", difference.describe());
        }
    }

    private boolean isTooLarge(ClockDifference difference) {
        return !difference.isAtMost(maxClockDifference);
    }

    /** Ends all that is in progress, and closes what this client opened. */
    @Override
    public void close() {
        transport.close();
    }

    HttpReply post(SignedRequest request) throws IOException {
        Backoff backoff = newBackoff(newAccounts.remaining(request.account()));
        while (true) {
            try {
                return using(Directory::newNonce, url -> transport.post(request, url));
            } catch (AcmeProblemException e) {
                if (!isUnknownAccount(e) || !backoff.allowsRetry()) {
                    throw e;
                }
            }
            LOG.info("the account {} is new, and not every server of the CA knows it; waiting", request.account());
            backoff.sleep();
        }
    }

    private static boolean isUnknownAccount(AcmeProblemException refusal) {
        return refusal.problem().is(ProblemType.ACCOUNT_DOES_NOT_EXIST);
    }

    /** The pauses of a wait until all servers of the CA know what one of them has done. */
    Backoff newPropagationBackoff() {
        return newBackoff(propagation);
    }

    private Backoff newBackoff(Duration patience) {
        RetryPolicy policy =
                new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(500), Duration.ofSeconds(5), patience);
        return new Backoff(policy, sleeper, random);
    }

    /** The body of a reply; what it is names it in messages. */
    Json json(HttpReply reply, String what) throws AcmeProtocolException {
        return reply.json(what, oddities);
    }

    AcmeTransport transport() {
        return transport;
    }

    /** What is handed to solvers if a request does not say. */
    ChallengeContext challengeContext() {
        return challengeContext;
    }

    PollingPolicy polling() {
        return polling;
    }

    Timing timing() {
        return new Timing(clock, sleeper, random, transport::roundTrip, transport::newBackoff);
    }

    /** Configures a client. Not thread-safe; what it builds is. */
    public static final class Builder {

        private static final int DEFAULT_MAX_IN_FLIGHT = 16;

        private final Ca ca;
        private @Nullable OkHttpClient httpClient;
        private Collection<X509Certificate> trustedRoots = List.of();
        private Duration requestTimeout = Duration.ofSeconds(90);
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private PollingPolicy polling;
        private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;
        private String userAgent = UserAgent.LIBRARY;
        private Locale locale = Locale.getDefault();
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.SYSTEM;
        private RandomGenerator random = new SystemRandom();
        private Duration maxClockDifference = ClockDifference.ACCEPTED;
        private DirectoryCopy.@Nullable Fetched known;
        private @Nullable DirectoryCache directoryCache;
        private Duration maxDirectoryAge = Duration.ofDays(1);
        private Duration propagation = Duration.ofSeconds(30);

        private Builder(Ca ca) {
            this.ca = Objects.requireNonNull(ca, "ca");
            this.polling = ca.polling();
        }

        /**
         * The HTTP client whose connections, proxy and TLS settings are used. It stays the caller's; redirects, silent
         * retries and time limits are set as ACME needs them.
         */
        public Builder httpClient(OkHttpClient client) {
            this.httpClient = client;
            return this;
        }

        /** Root certificates to trust for the CA's own server, beside those that the platform trusts. */
        public Builder trustedRoots(Collection<X509Certificate> roots) {
            this.trustedRoots = roots;
            return this;
        }

        /** Longest time of one request, its answer read to the end; 90 s by default, since some CAs validate meanwhile. */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeout = timeout;
            return this;
        }

        /** How requests are retried. */
        public Builder retry(RetryPolicy policy) {
            this.retry = policy;
            return this;
        }

        /** How orders are waited for when a call does not say; {@link Ca#polling()} by default. */
        public Builder polling(PollingPolicy policy) {
            this.polling = policy;
            return this;
        }

        /**
         * Most requests that run at once; 16 by default. As many nonces are asked for at once, and Let's Encrypt gives 20 a
         * second to an address: with more than 20, its rate limit may slow all of them down.
         */
        public Builder maxInFlight(int requests) {
            if (requests < 1) {
                throw new IllegalArgumentException("at least one request must be allowed");
            }
            this.maxInFlight = requests;
            return this;
        }

        /**
         * Name and version of the program that uses this library, such as {@code myserver/1.2}, for the User-Agent header
         * field (RFC 8555 section 6.1); this library's own are added.
         *
         * @throws IllegalArgumentException if it is blank, or not printable ASCII
         */
        public Builder userAgent(String program) {
            this.userAgent = UserAgent.of(program);
            return this;
        }

        /** The language for the CA's messages; the platform's by default. */
        public Builder locale(Locale language) {
            this.locale = language;
            return this;
        }

        /**
         * How far this machine's clock may differ from the CA's, by the {@code Date} header of its replies, for a certificate
         * to be requested; {@link ClockDifference#ACCEPTED} by default. Smaller differences from half an hour on are logged.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxClockDifference(Duration difference) {
            if (difference.isNegative()) {
                throw new IllegalArgumentException("clocks cannot differ by less than nothing: " + difference);
            }
            this.maxClockDifference = difference;
            return this;
        }

        /**
         * How long servers of the CA may take to learn what another one of them has done with an account; 30 s by default.
         * That long, a change of its key waits until the account's URL accepts the new key, and a request by an account that
         * this client has just registered is repeated when it is refused since the account does not exist. Zero: nothing is
         * waited for.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder propagation(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("no server can know of a change before it is made: " + longest);
            }
            this.propagation = longest;
            return this;
        }

        /** Where the time of day comes from. */
        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** How the client waits. */
        public Builder sleeper(Sleeper how) {
            this.sleeper = how;
            return this;
        }

        /** Where jitter comes from; must be thread-safe. */
        public Builder random(RandomGenerator source) {
            this.random = source;
            return this;
        }

        /**
         * A directory that {@link AcmeClient#fetchDirectory} gave to an earlier client of the same CA: while it is younger
         * than 12 hours, the new client begins without fetching it again.
         *
         * @param fetchedAt when the CA sent it
         */
        public Builder directory(Directory directory, Instant fetchedAt) {
            this.known = DirectoryCopy.Fetched.before(directory, fetchedAt, fetchedAt.plus(DirectoryCopy.MAX_AGE));
            return this;
        }

        /**
         * Where the directory is kept from one run of the program to the next: {@link #maxDirectoryAge}, or shorter if the CA
         * says so (RFC 9111 section 4.2.1); not at all if it says {@code no-store}. That it is to be revalidated ({@code
         * no-cache}, {@code max-age=0}), as Let's Encrypt says, is no such limit: this client fetches it again whenever a reply
         * gives reason to doubt what is kept. By default it is kept nowhere, or where a certificate manager has it from its
         * store; {@link DirectoryCache#NONE} keeps that one out.
         */
        public Builder directoryCache(DirectoryCache cache) {
            this.directoryCache = Objects.requireNonNull(cache, "cache");
            return this;
        }

        /**
         * How old a directory from the {@link #directoryCache} may be, if the CA does not want it to be younger; a day by
         * default. Zero: none is used.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxDirectoryAge(Duration age) {
            if (age.isNegative()) {
                throw new IllegalArgumentException("a directory cannot be used before it was fetched: " + age);
            }
            this.maxDirectoryAge = age;
            return this;
        }

        /** The client; opens no connection yet. */
        public AcmeClient build() {
            return new AcmeClient(this);
        }
    }

    private static final class SystemRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
