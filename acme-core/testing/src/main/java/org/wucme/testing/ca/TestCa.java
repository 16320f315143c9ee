package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for tests: RFC 8555 over HTTPS (HTTP/2 and HTTP/1.1) on an ephemeral port of the loopback
 * interface. It verifies every JWS strictly, validates challenges for real, handles requests concurrently, and can be
 * told to misbehave. Every setting may be turned while it runs, from any thread.
 *
 * <p>It is deterministic where it can be: a certificate is issued before finalize is answered, and with
 * {@link #alwaysValid} a challenge is decided before its POST is answered; what the client sees of it is told by
 * {@link #pollsUntilReady}, {@link #pollsUntilValid} and {@link #finalizeAtOnce}.
 *
 * <pre>{@code
 * try (TestCa ca = TestCa.start()) {
 *     ca.validateHttp01At(responder.port());
 *     ca.fault(Endpoint.NEW_ORDER, Fault.resetAfter());
 *     // a client of ca.directoryUrl() that trusts ca.tlsRoot()
 *     assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
 * }
 * }</pre>
 */
public final class TestCa implements AutoCloseable {
    /** The host of a CA that is {@link Builder#far}. */
    public static final String FAR_HOST = "far-ca.invalid";

    private final Settings settings;
    private final Urls urls;
    private final Registry registry;
    private final Nonces nonces;
    private final Faults faults = new Faults();
    private final RequestLog log = new RequestLog();
    private final ChallengeValidator validator;
    private final Issuer issuer;
    private final @Nullable Listener listener;
    private final RequestHandler handler;
    private final InProcess inProcess;
    private final ExecutorService background = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "TestCa validation");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * An account as the CA knows it.
     *
     * @param thumbprint of its key (RFC 7638), base64url
     */
    public record AccountInfo(String url, String status, List<String> contact, String thumbprint) {}

    /**
     * What the CA advertises of automatic renewal (RFC 8739 section 3.2).
     *
     * @param minLifetime shortest lifetime of a certificate
     * @param maxDuration longest time from the first certificate to the end of the last
     * @param allowCertificateGet whether certificates may be read without an account
     */
    public record AutoRenewal(Duration minLifetime, Duration maxDuration, boolean allowCertificateGet) {
        ObjectNode toJson() {
            return Json.object()
                    .put("min-lifetime", minLifetime.toSeconds())
                    .put("max-duration", maxDuration.toSeconds())
                    .put("allow-certificate-get", allowCertificateGet);
        }
    }

    private TestCa(Builder builder, @Nullable Listener listener, String base) {
        this.listener = listener;
        settings = new Settings(builder);
        nonces = new Nonces(settings.random);
        TestCa model = builder.model;
        issuer = model == null ? new Issuer(settings, builder.alternateChains) : new Issuer(settings, model.issuer);
        urls = new Urls(base);
        registry = new Registry(urls);
        validator = new ChallengeValidator(urls);
        // In process, a challenge is decided by the time that its POST is answered: one thread, one order of events.
        Executor validating = listener == null ? Runnable::run : background;
        CertificateService certificates = new CertificateService(registry, urls);
        Acme acme = new Acme(
                settings,
                urls,
                nonces,
                new JwsCheck(registry, nonces),
                new AccountService(registry, settings, urls),
                new OrderService(registry, settings, urls, issuer),
                new AuthorizationService(registry, settings, urls, validator, validating),
                certificates,
                new StarService(registry, settings, issuer, certificates),
                new RenewalService(registry, settings));
        handler = new RequestHandler(acme, settings, faults, log, builder.sleeper);
        inProcess = new InProcess(handler, urls);
    }

    /** Starts a CA with the defaults of {@link Builder}. */
    public static TestCa start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Cuts all connections and stops listening. */
    @Override
    public void close() {
        handler.close();
        if (listener != null) {
            listener.close();
        }
        background.shutdownNow();
    }

    public String directoryUrl() {
        return urls.directory();
    }

    /** The root below which the CA's own HTTPS certificate lies. */
    public X509Certificate tlsRoot() {
        return listener().root();
    }

    /** Sockets that trust {@link #tlsRoot}, and nothing else. */
    public SSLSocketFactory sslSocketFactory() {
        return Jdk.tls(null, trustManager()).getSocketFactory();
    }

    /** Trusts {@link #tlsRoot}, and nothing else. */
    public X509TrustManager trustManager() {
        return listener().trust();
    }

    private Listener listener() {
        if (listener == null) {
            throw new IllegalStateException(directoryUrl() + " is a CA in process: it has no HTTPS certificate");
        }
        return listener;
    }

    /**
     * Handles one request without any socket, in the caller's thread, as if it had come over HTTPS: with its effects, faults,
     * waits, and its line in the log. Works for each CA, and is all that leads to one of {@link Builder#inProcess}. An adapter
     * for a client is a few lines, for instance an OkHttp interceptor that does not call {@code proceed}.
     *
     * @throws IOException if the CA was told to cut the connection or to stall ({@link Fault} says which exceptions), if the
     *     request is not for this CA, or if the thread was interrupted while the CA was waiting
     * @throws IllegalArgumentException if the URL or a header field is malformed
     */
    public CaResponse handle(CaRequest request) throws IOException {
        return inProcess.handle(request);
    }

    /** The root of the certificates issued, in their default chain. */
    public X509Certificate issuerRoot() {
        return issuer.roots().get(0);
    }

    /** The roots of the alternate chains, in the order of their links. */
    public List<X509Certificate> alternateRoots() {
        return issuer.roots().subList(1, issuer.roots().size());
    }

    /** Where http-01 challenges are looked for, whatever the name: this port of 127.0.0.1. */
    public TestCa validateHttp01At(int port) {
        validator.http01At(port);
        return this;
    }

    /** Where tls-alpn-01 challenges are looked for, whatever the name: this port of 127.0.0.1. */
    public TestCa validateTlsAlpn01At(int port) {
        validator.tlsAlpn01At(port);
        return this;
    }

    /** Adds a TXT record for one of the DNS challenges, for instance at {@code _acme-challenge.example.org}. */
    public TestCa txt(String name, String value) {
        validator.addTxt(name, value);
        return this;
    }

    public TestCa removeTxt(String name, String value) {
        validator.removeTxt(name, value);
        return this;
    }

    /** The TXT records at a name. */
    public Set<String> txt(String name) {
        return validator.txt(name);
    }

    /** The generation of dns-persist-01 that new authorizations and the directory are of; default the first. */
    public TestCa dnsPersist(DnsPersistDraft draft) {
        settings.dnsPersistDraft = draft;
        return this;
    }

    /**
     * The subject of the mail that the CA sent for email-reply-00, when the authorization was made; for an address in
     * several orders, of the last.
     *
     * @throws IllegalArgumentException if no authorization is for that address
     */
    public String mailSubject(String address) {
        List<AuthorizationState> toAddress = registry.authorizations().stream()
                .filter(authorization -> authorization.identifier.equals(new Identifier("email", address)))
                .toList();
        if (toAddress.isEmpty()) {
            throw new IllegalArgumentException("No mail was sent to " + address);
        }
        return EmailReply00Check.subject(
                toAddress.get(toAddress.size() - 1).challenges.get(0));
    }

    /** Lets the CA receive a mail: a reply for email-reply-00. Its sender and signature are taken for good. */
    public TestCa mail(String subject, String body) {
        validator.mail(subject, body);
        return this;
    }

    /**
     * Lets this function decide about challenges, in the place of the network; null ends that. {@link #alwaysValid} goes first.
     */
    public TestCa validateBy(@Nullable Validation decision) {
        validator.validateBy(decision);
        return this;
    }

    /** Whether challenges are taken for met without a look. */
    public TestCa alwaysValid(boolean always) {
        settings.alwaysValid = always;
        return this;
    }

    /** Whether newOrder uses valid authorizations that the account holds already. */
    public TestCa reuseAuthorizations(boolean reuse) {
        settings.reuseAuthorizations = reuse;
        return this;
    }

    /** Whether new authorizations are valid from the start, and new orders ready. */
    public TestCa ordersReadyAtOnce(boolean ready) {
        settings.ordersReadyAtOnce = ready;
        return this;
    }

    /** Whether finalize answers with a valid order; otherwise with one {@code processing}, valid at the next poll. */
    public TestCa finalizeAtOnce(boolean atOnce) {
        settings.finalizeAtOnce = atOnce;
        return this;
    }

    /** How many polls of an order still show it {@code pending} when all its authorizations are valid; default 0. */
    public TestCa pollsUntilReady(int polls) {
        settings.pollsUntilReady = polls;
        return this;
    }

    /** How many polls of an order show it {@code processing} after finalize; default 0. */
    public TestCa pollsUntilValid(int polls) {
        settings.pollsUntilValid = polls;
        return this;
    }

    /** Makes orders that are finalized from now on invalid, with this problem; null ends that. */
    public TestCa issuanceFails(@Nullable String problemType) {
        settings.issuanceProblem =
                problemType == null ? null : new Problem(400, problemType, "TestCa was told not to issue");
        return this;
    }

    /**
     * Lets the next so many validations fail without a decision: the challenge stays with this status ({@code pending} or
     * {@code processing}) and an error until the client answers it again (RFC 8555 section 8.2).
     */
    public TestCa leaveUndecided(String status, int times) {
        settings.undecidedStatus = status;
        settings.undecidedTimes.set(times);
        return this;
    }

    /** The type of the problem of challenges that are left undecided from now on; {@code connection} by default. */
    public TestCa undecidedProblem(String type) {
        settings.undecidedProblem = type;
        return this;
    }

    /** Lets replies to the answer of a challenge that is left undecided show the result already, as step-ca's do. */
    public TestCa repliesAfterValidation() {
        settings.repliesAfterValidation = true;
        return this;
    }

    /**
     * The Retry-After of replies that show something pending or processing there, and of renewal information; null for none
     * (default).
     */
    public TestCa retryAfter(Endpoint endpoint, @Nullable String value) {
        if (value == null) {
            settings.retryAfter.remove(endpoint);
        } else {
            settings.retryAfter.put(endpoint, value);
        }
        return this;
    }

    /** A DNS name, with all below it, or an address that is answered with rejectedIdentifier. */
    public TestCa block(String identifier) {
        settings.blocked.add(identifier);
        return this;
    }

    /** The time that each request waits before it is handled; default zero. */
    public TestCa latency(Duration latency) {
        settings.latency = latency;
        return this;
    }

    /**
     * Handles requests in rounds: those that arrive side by side wait until none has arrived for this time and the process
     * had nothing to do, so that {@link #depth} and {@link #maxInFlight} do not depend on how long a busy machine takes to
     * send all of them; default zero.
     */
    public TestCa rounds(Duration quiet) {
        settings.quiet = quiet;
        return this;
    }

    /** Refuses this share (0 to 1) of good nonces with badNonce, in a sequence that the seed gives. */
    public TestCa badNonceRate(double rate, long seed) {
        nonces.refuse(rate, seed);
        return this;
    }

    /** Makes all nonces given so far bad, as a CA does that was restarted. */
    public TestCa forgetNonces() {
        nonces.forgetAll();
        return this;
    }

    /**
     * Changes the terms of service: an account that exists is refused everything with userActionRequired, until a human
     * follows the URL and agrees ({@link #agreeToTerms}).
     */
    public TestCa changeTerms(String url) {
        settings.termsOfService = url;
        return haveAllAgreed(false);
    }

    /** Agrees to the changed terms for all accounts, as their owners do by a browser. */
    public TestCa agreeToTerms() {
        return haveAllAgreed(true);
    }

    private TestCa haveAllAgreed(boolean agreed) {
        synchronized (registry) {
            registry.accounts().forEach(account -> account.agreed = agreed);
        }
        return this;
    }

    /** How much the CA's clock is ahead: in the Date header and in certificates. */
    public TestCa clockSkew(Duration ahead) {
        settings.clockSkew = ahead;
        return this;
    }

    /** The validity of certificates issued from now on; default 90 days. */
    public TestCa certificateLifetime(Duration lifetime) {
        settings.certificateLifetime = lifetime;
        return this;
    }

    /**
     * How long before its issuance the validity of a certificate begins; default one hour, or a tenth of the lifetime if that is
     * shorter.
     */
    public TestCa certificateAge(Duration age) {
        settings.certificateAge = age;
        return this;
    }

    /** What is wrong with certificates issued from now on; {@link Defect#NONE} ends that. */
    public TestCa defect(Defect defect) {
        settings.defect = defect;
        return this;
    }

    /** Makes the next request to an endpoint go wrong. Faults of one endpoint happen in the order of these calls. */
    public TestCa fault(Endpoint endpoint, Fault fault) {
        return fault(endpoint, fault, 1);
    }

    /** Makes so many requests to an endpoint go wrong. */
    public TestCa fault(Endpoint endpoint, Fault fault, int times) {
        faults.plan(endpoint, fault, times);
        return this;
    }

    /** Forgets the faults that have not happened yet. */
    public TestCa clearFaults() {
        faults.clear();
        return this;
    }

    /** The requests received, in the order of arrival, those whose connection was cut included. */
    public List<Request> log() {
        return log.requests();
    }

    /** The bodies of all POSTs, in the order of arrival. */
    public List<String> signedBodies() {
        return log.signedBodies();
    }

    public long count(Endpoint endpoint) {
        return log.requests().stream()
                .filter(request -> request.endpoint() == endpoint)
                .count();
    }

    public long count() {
        return log.requests().size();
    }

    public TestCa clearLog() {
        log.clear();
        return this;
    }

    /**
     * The length of the longest chain of requests each of which started after the one before it had ended. Let the CA
     * answer in {@link #rounds}, or requests sent side by side look like a chain when the machine is busy.
     */
    public int depth() {
        return RequestLog.depth(log.requests());
    }

    /** The most requests that were being handled at one moment. */
    public int maxInFlight() {
        return RequestLog.maxInFlight(log.requests());
    }

    /** The leaf certificates issued, oldest first. */
    public List<X509Certificate> certificates() {
        return registry.certificates().stream()
                .map(certificate -> certificate.leaf)
                .toList();
    }

    /** The identifier of a certificate, with which an order says that it replaces it (RFC 9773 section 4.1). */
    public static String renewalId(X509Certificate certificate) {
        return Predecessor.id(certificate);
    }

    /** The payloads of the POSTs to an endpoint, in the order of arrival. */
    public List<String> payloads(Endpoint endpoint) {
        return signedBodies().stream()
                .map(FlattenedJws::parse)
                .filter(jws -> route(jws.header().path("url").asText()).endpoint() == endpoint)
                .map(FlattenedJws::payload)
                .toList();
    }

    private Route route(String url) {
        return Route.of(url.substring(urls.base().length()));
    }

    public boolean isRevoked(X509Certificate leaf) {
        synchronized (registry) {
            return registry.certificates().stream()
                    .anyMatch(certificate -> certificate.revoked && certificate.leaf.equals(leaf));
        }
    }

    /**
     * Suggests this window for the renewal of a certificate (RFC 9773), as it is, be it nonsense. Otherwise the window is
     * the first half of the last third of the lifetime, or lies in the past if the certificate is revoked.
     *
     * @throws IllegalArgumentException if the CA did not issue the certificate
     */
    public TestCa renewalWindow(X509Certificate leaf, Instant start, Instant end) {
        synchronized (registry) {
            registry.certificates().stream()
                            .filter(certificate -> certificate.leaf.equals(leaf))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("Not issued by this CA"))
                            .renewalWindow =
                    new RenewalWindow(start, end);
        }
        return this;
    }

    /** The accounts, oldest first. */
    public List<AccountInfo> accounts() {
        synchronized (registry) {
            return registry.accounts().stream()
                    .map(account -> new AccountInfo(
                            urls.account(account.id),
                            account.status,
                            account.contact,
                            Registry.thumbprint(account.key)))
                    .toList();
        }
    }

    /** The URLs of the orders, oldest first. */
    public List<String> orders() {
        return registry.orders().stream().map(order -> urls.order(order.id)).toList();
    }

    /** The URLs of the authorizations, oldest first. */
    public List<String> authorizations() {
        return registry.authorizations().stream()
                .map(authorization -> urls.authorization(authorization.id))
                .toList();
    }

    /**
     * The status of an account, order, authorization or challenge. An order is shown as the client last saw it.
     *
     * @throws IllegalArgumentException if the CA has nothing at that URL
     */
    public String status(String url) {
        Route route = Route.of(url.substring(urls.base().length()));
        try {
            synchronized (registry) {
                return switch (route.endpoint()) {
                    case ACCOUNT -> registry.account(route.id()).status;
                    case ORDER -> registry.order(route.id()).status;
                    case AUTHORIZATION -> registry.authorization(route.id()).status;
                    case CHALLENGE -> registry.challenge(route.id()).status;
                    default -> throw Problem.notFound("Nothing with a status");
                };
            }
        } catch (Problem e) {
            throw new IllegalArgumentException(url + ": " + e.getMessage(), e);
        }
    }

    /** Loses an account, as a CA may that deletes old ones or was set up anew. */
    public TestCa loseAccount(String url) {
        registry.removeAccount(Route.of(url.substring(urls.base().length())).id());
        return this;
    }

    /** Makes an account, order, authorization or challenge have this status, as a CA may of its own will. */
    public TestCa makeStatus(String url, String status) {
        Route route = Route.of(url.substring(urls.base().length()));
        synchronized (registry) {
            switch (route.endpoint()) {
                case ACCOUNT -> registry.account(route.id()).status = status;
                case ORDER -> registry.order(route.id()).status = status;
                case AUTHORIZATION -> registry.authorization(route.id()).status = status;
                case CHALLENGE -> registry.challenge(route.id()).status = status;
                default -> throw new IllegalArgumentException("Nothing with a status: " + url);
            }
        }
        return this;
    }

    /** What is fixed when a CA starts. */
    public static final class Builder {
        final Map<String, String> profiles = new LinkedHashMap<>();
        final Map<String, byte[]> externalAccountKeys = new LinkedHashMap<>();

        @Nullable
        String termsOfService = "https://example.org/terms-1";

        @Nullable
        InstantSource clock;

        @Nullable
        RandomGenerator random;

        @Nullable
        Sleeper sleeper;

        final List<String> delegations = new ArrayList<>();
        boolean preAuthorization;
        boolean subdomainAuth;

        @Nullable
        AutoRenewal autoRenewal;

        private @Nullable TestCa model;
        private String host = "localhost";
        private int port;
        private int alternateChains;
        private boolean http1Only;

        private Builder() {}

        /** The port to listen at; default 0, any free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Calls itself {@link #FAR_HOST}, which no DNS knows: only a proxy that knows better leads there. */
        public Builder far() {
            host = FAR_HOST;
            return this;
        }

        /** Takes the keys and the chains of another CA, since it costs time to make them. */
        public Builder keysOf(TestCa other) {
            model = other;
            return this;
        }

        /** Offers HTTP/1.1 only, so that a reset cuts one request and no other. */
        public Builder http1Only() {
            http1Only = true;
            return this;
        }

        /** The URL of the terms to which newAccount must agree; null when there are none. */
        public Builder termsOfService(@Nullable String url) {
            termsOfService = url;
            return this;
        }

        /** Advertises a profile; an order that names another is refused with invalidProfile. */
        public Builder profile(String name, String description) {
            profiles.put(name, description);
            return this;
        }

        /** Offers authorizations ahead of orders (RFC 8555 section 7.4.1). */
        public Builder preAuthorization() {
            preAuthorization = true;
            return this;
        }

        /** Lets control of a name be proven at a domain above it (RFC 9444). */
        public Builder subdomainAuth() {
            subdomainAuth = true;
            return this;
        }

        /** Knows a delegation, whose orders need no proof (RFC 9115); any other is refused with unknownDelegation. */
        public Builder delegation(String url) {
            delegations.add(url);
            return this;
        }

        /** Renews certificates automatically (RFC 8739). */
        public Builder autoRenewal(AutoRenewal limits) {
            autoRenewal = limits;
            return this;
        }

        /**
         * Makes external account binding required, and makes this key known for it.
         *
         * @param macKey base64url, of any length
         */
        public Builder externalAccount(String keyId, String macKey) {
            externalAccountKeys.put(keyId, Base64.getUrlDecoder().decode(macKey));
            return this;
        }

        /** How many chains to other roots are offered beside the default one. */
        public Builder alternateChains(int count) {
            alternateChains = count;
            return this;
        }

        /** The CA's clock, to which {@link TestCa#clockSkew} is added; default the system's. */
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** How the CA waits before it answers, if it is to; default in real time. */
        public Builder sleeper(Sleeper how) {
            sleeper = how;
            return this;
        }

        /**
         * Where the names of resources, tokens, nonces and serial numbers come from; default {@link java.security.SecureRandom}. With
         * a seed, a CA that gets the same requests in the same order gives the same ones; keys and signatures differ.
         */
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /**
         * Starts a CA that listens at an ephemeral port of 127.0.0.1.
         *
         * @throws java.io.UncheckedIOException if it cannot listen
         */
        public TestCa start() {
            Listener listener = model == null || model.listener == null
                    ? new Listener(http1Only)
                    : new Listener(http1Only, model.listener);
            listener.start(port);
            TestCa ca = new TestCa(this, listener, "https://" + host + ":" + listener.port());
            listener.serve(new Frontend(ca.handler, ca.urls, listener.connections()));
            return ca;
        }

        /**
         * Makes a CA without sockets and threads, at {@code https://HOST}: {@link TestCa#handle} is the way to it, and challenges
         * are validated in the thread that answers them, best by {@link TestCa#validateBy} or {@link TestCa#alwaysValid}. With
         * {@link #keysOf} another CA it is made in less than a millisecond.
         */
        public TestCa inProcess(String hostName) {
            return new TestCa(this, null, "https://" + hostName);
        }
    }
}
