package org.wucme.acme;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.TokenChallenge;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.http.Refusals;
import org.wucme.acme.internal.http.SignedRequest;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Resources;
import org.wucme.acme.internal.octets.Base64Url;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.Signer;

/**
 * What the holder of an account may ask a CA: everything here is signed with the account's key. Holds no state but the
 * account's URL and key. Thread-safe.
 *
 * <p>{@link #obtain} goes all the way from names to a certificate; every other method is one step of RFC 8555 section 7, to
 * be called alone, and resumable from a URL. {@code obtain} itself asks the CA for nothing but by these steps:
 *
 * <pre>{@code
 * Order order = account.createOrder(OrderRequest.of("www.example.org"));
 * for (String url : order.authorizations()) {
 *     Http01 challenge = account.fetchAuthorization(url).challenge(Http01.class).orElseThrow();
 *     // at challenge.path() on port 80, show account.keyAuthorization(challenge).value()
 *     account.respond(challenge);
 * }
 * Order ready = account.awaitReady(order, PollingPolicy.DEFAULT);
 * account.finalizeOrder(ready, CertificateSigningRequest.of(ready.identifiers(), key));
 * CertificateChain chain = account.downloadCertificate(account.awaitValid(ready, PollingPolicy.DEFAULT));
 * }</pre>
 */
public final class Account {

    private static final Logger LOG = LoggerFactory.getLogger(Account.class);
    private static final String PEM_CHAIN = "application/pem-certificate-chain";

    private final AcmeClient client;
    private final String url;
    private final JwsKey key;

    Account(AcmeClient client, String url, JwsKey key) {
        this.client = client;
        this.url = url;
        this.key = key;
    }

    /** The account's identity, exactly as the CA gave it. Keep it: not every CA finds it by the key again. */
    public String url() {
        return url;
    }

    /** The client through which this account talks. */
    public AcmeClient client() {
        return client;
    }

    /** Fetches what the CA knows about this account. */
    public AccountInfo fetch() throws IOException {
        return read("retrieving account at " + url, url, this::accountInfo);
    }

    /**
     * Replaces the contacts (RFC 8555 section 7.3.2).
     *
     * @param contacts URLs such as {@code mailto:hostmaster@example.org}; empty to remove them all
     */
    public AccountInfo updateContacts(List<String> contacts) throws IOException {
        contacts.forEach(Contacts::requireValid);
        HttpReply reply = change("updating account at " + url, url, Map.of("contact", contacts));
        return readOr(() -> accountInfo(reply), this::fetch);
    }

    /**
     * Gives the account another key (RFC 8555 section 7.3.5). Its URL, its orders and its authorizations stay; the answers to
     * challenges that are pending change with the key.
     *
     * <p>Returns once the account's URL accepts the new key, for which servers of the CA may take some seconds ({@link
     * AcmeClient.Builder#propagation}). A reply that is lost is no matter: which of the two keys is in force is looked up. After a crash or an
     * interruption in between, and after an exception that says that this is not known, keep both keys, and call it once more
     * with the same ones.
     *
     * @param newKey neither this account's key nor that of another one, nor a certificate's
     * @param keeper called before anything is sent; the old key must be kept until this method returns
     * @return the account with its new key; this object, with the old one, is of no more use
     * @throws IllegalArgumentException if the new key is the present one, or one that no CA takes
     * @throws AcmeException if the CA does not do this (some have no {@code keyChange}), or refuses; the old key is then still
     *     in force
     * @throws AcmeConnectionException if it is not known whether the CA has changed the key, or if it has, and does not accept
     *     the new one in time
     * @throws IOException if the keeper could not keep the key; nothing was sent then
     */
    public Account changeKey(KeyPair newKey, KeyKeeper<KeyPair> keeper) throws IOException {
        return changeKey(Signer.of(newKey), () -> keeper.keep(newKey));
    }

    /** Gives the account another key, which signs where it lives: as {@link #changeKey(KeyPair, KeyKeeper)}. */
    public Account changeKey(Signer newKey, KeyKeeper<Signer> keeper) throws IOException {
        return changeKey(newKey, () -> keeper.keep(newKey));
    }

    private Account changeKey(Signer newKey, KeyRollover.Preparation preparation) throws IOException {
        return new KeyRollover(client, url, key, JwsKey.of(newKey)).run(preparation);
    }

    /**
     * Fetches the URLs of this account's orders (RFC 8555 section 7.1.2.1), page by page; a CA may leave out those that are of
     * no more use. To see one, fetch it.
     *
     * @return empty if the CA keeps no list, as many do not (Let's Encrypt for one): that says nothing about orders
     */
    public Optional<List<String>> fetchOrderUrls() throws IOException {
        String orders = fetch().orders();
        return orders == null
                ? Optional.empty()
                : Optional.of(new OrderList(page -> read("retrieving list of orders at " + page, page, reply -> reply))
                        .fetch(orders));
    }

    /**
     * Deactivates the account for good (RFC 8555 section 7.3.6); its certificates stay valid. Should the reply be lost, the
     * account is looked at before it is deactivated again.
     */
    public AccountInfo deactivate() throws IOException {
        byte[] payload = Json.encode(Map.of("status", "deactivated"));
        SignedRequest request = SignedRequest.post("deactivating account at " + url, url, key, url, payload);
        return unlessDone(() -> accountInfo(client.post(request)), this::seenDeactivated);
    }

    // Nobody may look at an account that is deactivated, not even itself: to be refused says all.
    private Optional<AccountInfo> seenDeactivated() throws IOException {
        try {
            return Optional.of(fetch()).filter(seen -> seen.status() == AccountStatus.DEACTIVATED);
        } catch (AcmeProblemException e) {
            if (!e.problem().is(ProblemType.UNAUTHORIZED)) {
                throw e;
            }
            return Optional.of(new AccountInfo(url, AccountStatus.DEACTIVATED, List.of(), null));
        }
    }

    /**
     * Creates an order (RFC 8555 section 7.4). Should the reply be lost, a second order is made, which does no harm: a
     * pending order costs nothing and ends by itself.
     *
     * <p>An order that {@linkplain OrderRequest#replaces replaces} a certificate, which the CA does not accept as its
     * predecessor, is created without one.
     *
     * @throws AcmeException if the CA does not advertise the profile, the automatic renewal or the delegation that is asked for
     * @throws AcmeClockException if this machine's clock differs too much from the CA's; nothing is sent then
     */
    public Order createOrder(OrderRequest request) throws IOException {
        return createOrder(request, predecessor -> {});
    }

    /**
     * Creates an order as {@link #createOrder(OrderRequest)} does, where a check decides what happens if the CA says that
     * another order replaces the predecessor already.
     *
     * @throws IOException what the check throws
     */
    public Order createOrder(OrderRequest request, ReplacementCheck check) throws IOException {
        return client.using(
                directory -> directory,
                directory -> new NewOrder(
                                directory,
                                client.timing(),
                                () -> prepareOrder(request, directory),
                                this::createdOrder,
                                check)
                        .create(request));
    }

    private void prepareOrder(OrderRequest request, Directory directory) throws IOException {
        client.requireRightClock();
        // Each authorization will soon be fetched by a request of its own.
        client.transport().prefetchNonces(request.identifiers().size(), directory.newNonce());
    }

    /** Fetches an order by its URL, in whatever state it is. */
    public Order fetchOrder(String orderUrl) throws IOException {
        return read("polling order status at " + orderUrl, orderUrl, reply -> order(orderUrl, reply));
    }

    /** Fetches an authorization by its URL (RFC 8555 section 7.5). */
    public Authorization fetchAuthorization(String authorizationUrl) throws IOException {
        return read(
                "retrieving authorization at " + authorizationUrl,
                authorizationUrl,
                reply -> authorization(authorizationUrl, reply));
    }

    /**
     * Asks for an authorization ahead of any order (RFC 8555 section 7.4.1), which orders made later use once it is valid.
     *
     * @throws AcmeException if the CA does not offer that; few do
     * @throws IllegalArgumentException if the identifier is a wildcard
     */
    public Authorization preAuthorize(Identifier identifier) throws IOException {
        return preAuthorize(identifier, false);
    }

    /**
     * Asks for an authorization ahead of any order that holds for all names below a domain too (RFC 9444 section 4.3): orders
     * use it if they name the domain as {@linkplain OrderRequest#ancestorDomain ancestor}.
     *
     * @throws AcmeException if the CA does not offer that; few do
     * @throws IllegalArgumentException if the identifier is a wildcard
     */
    public Authorization preAuthorizeWithSubdomains(Identifier domain) throws IOException {
        return preAuthorize(domain, true);
    }

    private Authorization preAuthorize(Identifier identifier, boolean withSubdomains) throws IOException {
        return client.using(
                directory -> directory,
                directory ->
                        new PreAuthorization(directory, this::createdAuthorization).create(identifier, withSubdomains));
    }

    /** Gives up an authorization (RFC 8555 section 7.5.2). */
    public Authorization deactivateAuthorization(String authorizationUrl) throws IOException {
        HttpReply reply = change(
                "deactivating authorization at " + authorizationUrl, authorizationUrl, Map.of("status", "deactivated"));
        return readOr(() -> authorization(authorizationUrl, reply), () -> fetchAuthorization(authorizationUrl));
    }

    /** What of this account goes into answers to challenges; asks nobody. */
    public AccountIdentity identity() {
        return new AccountIdentity(url, key.thumbprint());
    }

    /** The answer to a challenge (RFC 8555 section 8.1); asks nobody. */
    public KeyAuthorization keyAuthorization(TokenChallenge challenge) {
        return challenge.keyAuthorization(identity());
    }

    /**
     * Tells the CA that the answer to a challenge can be seen (RFC 8555 section 7.5.1). Should the reply be lost, the
     * challenge is looked at before it is answered again.
     *
     * @return the challenge as the CA shows it now; as it was given, if the CA's replies cannot be read: the order tells what
     *     became of it
     */
    public SeenChallenge respond(Challenge challenge) throws IOException {
        return respond(challenge, Map.of());
    }

    /**
     * {@link #respond(Challenge)} for types that carry their answer in what the CA is sent.
     *
     * @param response the members of the JSON object, as {@link org.wucme.acme.challenge.DeviceAttest01#response} makes it
     */
    public SeenChallenge respond(Challenge challenge, Map<String, Object> response) throws IOException {
        byte[] payload = Json.encode(response);
        SignedRequest request =
                SignedRequest.post("starting challenge at " + challenge.url(), challenge.url(), key, url, payload);
        try {
            return unlessDone(
                    () -> challenge(client.post(request)),
                    () -> Optional.of(fetchChallenge(challenge.url()))
                            .filter(seen -> seen.challenge().status() != ChallengeStatus.PENDING));
        } catch (AcmeProtocolException e) {
            if (!e.isRetryable()) {
                throw e;
            }
            LOG.info("how the challenge stands is not known: {}", e.getMessage());
            return new SeenChallenge(challenge, null);
        }
    }

    /**
     * Fetches a challenge by its URL (RFC 8555 section 7.5.1). Not every CA answers that: how an authorization stands tells
     * the order, and {@link #fetchAuthorization}.
     */
    public SeenChallenge fetchChallenge(String challengeUrl) throws IOException {
        return read("polling challenge status at " + challengeUrl, challengeUrl, this::challenge);
    }

    /**
     * Waits until the CA has validated every authorization of an order.
     *
     * @return the order: ready, or already further on
     * @throws AcmeChallengeException if it went invalid; says which names failed, and why
     * @throws AcmeTimeoutException if the CA was not done in time; says where and when to go on
     */
    public Order awaitReady(Order order, PollingPolicy policy) throws IOException {
        return orderWait(policy).untilReady(order, Answers.none(client.timing(), policy));
    }

    /**
     * Waits until the CA has issued the certificate of a finalized order.
     *
     * @return the order, valid
     * @throws AcmeProblemException if it went invalid, with the CA's reason
     * @throws AcmeTimeoutException if the CA was not done in time; says where and when to go on
     */
    public Order awaitValid(Order order, PollingPolicy policy) throws IOException {
        return orderWait(policy).untilValid(order);
    }

    private OrderWait orderWait(PollingPolicy policy) {
        return new OrderWait(this::fetchOrder, this::fetchAuthorization, client.timing(), policy);
    }

    /**
     * Finalizes an order that is ready (RFC 8555 section 7.4). Should the reply be lost or unreadable, the order is looked at
     * before the request is sent again.
     *
     * @param request exactly the order's names, signed with the certificate's key
     * @return the order: processing, or already valid or invalid
     * @throws IllegalArgumentException if the certificate's key is the account's (RFC 8555 section 11.1)
     * @throws AcmeClockException if this machine's clock differs too much from the CA's; nothing is sent then
     */
    public Order finalizeOrder(Order order, CertificateSigningRequest request) throws IOException {
        try {
            return finalizeOnce(order, request);
        } catch (AcmeProblemException e) {
            return finalizedBefore(order, e);
        }
    }

    /**
     * Finalizes an order as {@link #finalizeOrder} does, and leaves it to the caller to find out why a CA that says {@code
     * orderNotReady} does so: another process may have finalized the same order, or the server that was asked does not know
     * yet what another one does.
     *
     * @return the order: processing, or already valid or invalid
     * @throws AcmeProblemException if the CA refuses
     */
    public Order finalizeOnce(Order order, CertificateSigningRequest request) throws IOException {
        requireNotItsKey(request.publicKey());
        client.requireRightClock();
        byte[] payload = Json.encode(Map.of("csr", Base64Url.encode(request.der())));
        String finalizeUrl = order.requiredFinalizeUrl();
        SignedRequest finalize =
                SignedRequest.post("finalizing order at " + finalizeUrl, finalizeUrl, key, url, payload);
        return unlessDone(
                () -> stated(order(order.url(), client.post(finalize))),
                () -> Optional.of(fetchOrder(order.url())).filter(Order::isFinalized));
    }

    private static Order stated(Order finalized) throws AcmeProtocolException {
        if (finalized.status() == OrderStatus.UNKNOWN) {
            throw new AcmeProtocolException("the CA does not say how the order at " + finalized.url() + " stands")
                    .ofReply();
        }
        return finalized;
    }

    // A CA that took an earlier try, whose reply was lost, calls the next one orderNotReady.
    private Order finalizedBefore(Order order, AcmeProblemException refusal) throws IOException {
        if (refusal.problem().is(ProblemType.ORDER_NOT_READY)) {
            Order seen = fetchOrder(order.url());
            if (seen.isFinalized()) {
                return seen;
            }
        }
        throw refusal;
    }

    /**
     * Ends the automatic renewal of an order (STAR, RFC 8739 section 3.1.2); its certificates stay valid until they end by
     * themselves, and cannot be revoked. That it had been ended before is no error.
     *
     * @return the order, canceled
     * @throws AcmeProblemException if the CA does not renew it: {@code autoRenewalCancellationInvalid}
     */
    public Order cancelAutoRenewal(Order order) throws IOException {
        return starCertificates().cancel(order);
    }

    /**
     * Downloads the current certificate of a valid order that the CA renews by itself (STAR, RFC 8739 section 3.3).
     *
     * @throws AcmeProblemException if there is none any more: {@code autoRenewalCanceled} or {@code autoRenewalExpired}
     */
    public StarCertificate downloadStarCertificate(Order order) throws IOException {
        return starCertificates().download(order);
    }

    private StarCertificates starCertificates() {
        return new StarCertificates(this::download, this::canceledOrder, this::fetchOrder);
    }

    /** Downloads the certificate of a valid order, with the chain that the CA recommends (RFC 8555 section 7.4.2). */
    public CertificateChain downloadCertificate(Order order) throws IOException {
        String certificateUrl = order.requiredCertificateUrl();
        return downloadReadable(certificateUrl).chain();
    }

    /** Downloads the certificate of a valid order with the chains that the CA offers, its own choice first; 11 at most. */
    public List<CertificateChain> downloadCertificates(Order order) throws IOException {
        String certificateUrl = order.requiredCertificateUrl();
        Download recommended = downloadReadable(certificateUrl);
        List<CertificateChain> chains = new ArrayList<>();
        chains.add(recommended.chain());
        for (String alternate : recommended.alternates()) {
            chains.add(Chains.read(alternate, download(alternate)));
        }
        return List.copyOf(chains);
    }

    /**
     * Downloads the certificate of a valid order with the chain that is preferred. Others than the CA's own choice are only
     * asked for when that is not the preferred one; if none is, or the preferred one cannot be had, the CA's choice stands.
     */
    public CertificateChain downloadCertificate(Order order, ChainPreference preference) throws IOException {
        String certificateUrl = order.requiredCertificateUrl();
        Download recommended = downloadReadable(certificateUrl);
        ChainChoice choice = new ChainChoice(
                preference,
                client.transport().trustedRoots(),
                alternate -> Chains.read(alternate, download(alternate)));
        return choice.among(recommended.chain(), recommended.alternates());
    }

    /**
     * Revokes a certificate that this account got, or for all of whose names it holds authorizations (RFC 8555 section 7.6).
     *
     * @return false if it had been revoked already
     */
    public boolean revoke(X509Certificate certificate, RevocationReason reason) throws IOException {
        return client.revoke(certificate, key, url, reason);
    }

    /**
     * Obtains a certificate: orders it, lets the solvers prove control of every name in parallel, finalizes, downloads, and
     * checks that the certificate is the one that was asked for.
     *
     * <p>Before a new order, the solvers are {@linkplain ChallengeSolver#check checked}, and a name that none of them could
     * validate, such as a wildcard without a solver for dns-01, is refused (RFC 8555 section 7.1.3, RFC 8738). Then nothing was
     * ordered.
     *
     * @param solvers tried in their order for each name; none if all names are validated already
     * @throws IOException if no solver can answer challenges now, as that solver says
     * @throws AcmeChallengeException if the CA did not accept the proof for some names
     * @throws AcmeTimeoutException if the CA was not done in time; hand its URL to {@link CertificateRequest.Builder#resume}
     */
    public IssuedCertificate obtain(CertificateRequest request, List<? extends ChallengeSolver> solvers)
            throws IOException {
        PollingPolicy asked = request.polling();
        PollingPolicy polling = asked == null ? client.polling() : asked;
        ChallengeContext given = request.challengeContext();
        Timing timing = client.timing();
        Validation.Terms terms = new Validation.Terms(
                given == null ? client.challengeContext() : given,
                List.copyOf(solvers),
                polling,
                timing.after(polling.timeout()),
                request.listener());
        return new Issuance(this, timing, request, terms).run();
    }

    /** {@link #obtain(CertificateRequest, List)} with one solver or a few. */
    public IssuedCertificate obtain(CertificateRequest request, ChallengeSolver... solvers) throws IOException {
        return obtain(request, List.of(solvers));
    }

    @Override
    public String toString() {
        return "Account[" + url + "]";
    }

    /**
     * Refuses the account's key as that of a certificate (RFC 8555 section 11.1), which must not be able to act for the
     * account; so does {@link #finalizeOrder}. Makes no request.
     *
     * @throws IllegalArgumentException if it is the account's key
     */
    public void requireNotItsKey(PublicKey certificateKey) {
        if (key.isOf(certificateKey)) {
            throw new IllegalArgumentException("the account's key cannot be the certificate's key as well");
        }
    }

    // What was issued is not lost for a reply that cannot be read.
    private Download downloadReadable(String certificateUrl) throws IOException {
        return persistently(() -> {
            HttpReply reply = download(certificateUrl);
            return new Download(Chains.read(certificateUrl, reply), ChainChoice.alternates(reply));
        });
    }

    private record Download(CertificateChain chain, List<String> alternates) {}

    private HttpReply download(String certificateUrl) throws IOException {
        return client.post(
                SignedRequest.postAsGet("retrieving certificate at " + certificateUrl, certificateUrl, key, url)
                        .accepting(PEM_CHAIN));
    }

    private <T> T read(String doing, String resourceUrl, Reader<T> reader) throws IOException {
        return persistently(() -> reader.read(client.post(SignedRequest.postAsGet(doing, resourceUrl, key, url))));
    }

    // What comes in the place of a reply, such as a proxy's page, passes as a broken connection does.
    private <T> T persistently(Step<T> step) throws IOException {
        Backoff backoff = client.transport().newBackoff();
        while (true) {
            try {
                return step.take();
            } catch (AcmeProtocolException e) {
                if (!e.isRetryable() || !client.transport().pause(e, backoff)) {
                    throw e;
                }
            }
        }
    }

    // The reply to what was done shows what came of it; if it cannot be read, that is looked up.
    private static <T> T readOr(Step<T> reply, Step<T> look) throws IOException {
        try {
            return reply.take();
        } catch (AcmeProtocolException e) {
            if (!e.isRetryable()) {
                throw e;
            }
            LOG.info("{}; looking it up", e.getMessage());
            return look.take();
        }
    }

    // Repeatable: these changes have the same effect however often they are made.
    private HttpReply change(String doing, String resourceUrl, Map<String, Object> payload) throws IOException {
        return client.post(SignedRequest.post(doing, resourceUrl, key, url, Json.encode(payload))
                .asRepeatable());
    }

    // Repeatable: what is created twice does no harm, since it costs nothing and ends by itself.
    private HttpReply create(String doing, String newUrl, byte[] payload) throws IOException {
        return client.post(SignedRequest.post(doing, newUrl, key, url, payload).asRepeatable());
    }

    private Order createdOrder(String doing, String newOrder, byte[] payload) throws IOException {
        HttpReply reply = create(doing, newOrder, payload);
        String orderUrl = reply.location();
        return readOr(() -> order(orderUrl, reply), () -> fetchOrder(orderUrl));
    }

    private Authorization createdAuthorization(String doing, String newAuthz, byte[] payload) throws IOException {
        HttpReply reply = create(doing, newAuthz, payload);
        String authorizationUrl = reply.location();
        return readOr(() -> authorization(authorizationUrl, reply), () -> fetchAuthorization(authorizationUrl));
    }

    private Order canceledOrder(String orderUrl) throws IOException {
        HttpReply reply = change("canceling order at " + orderUrl, orderUrl, Map.of("status", "canceled"));
        return readOr(() -> order(orderUrl, reply), () -> fetchOrder(orderUrl));
    }

    private AccountInfo accountInfo(HttpReply reply) throws AcmeProtocolException {
        return Resources.account(url, document(reply, "the account"));
    }

    private Order order(String orderUrl, HttpReply reply) throws AcmeProtocolException {
        return Resources.order(orderUrl, document(reply, "the order"), reply.retryAfter());
    }

    private Authorization authorization(String authorizationUrl, HttpReply reply) throws IOException {
        Directory directory = client.fetchDirectory();
        Json json = document(reply, "the authorization");
        try {
            return Resources.authorization(authorizationUrl, json, directory, reply.retryAfter());
        } catch (AcmeProtocolException e) {
            throw e.ofReply();
        }
    }

    private SeenChallenge challenge(HttpReply reply) throws IOException {
        Directory directory = client.fetchDirectory();
        Json json = document(reply, "the challenge");
        try {
            return new SeenChallenge(Resources.challenge(json, directory), reply.retryAfter());
        } catch (AcmeProtocolException e) {
            throw e.ofReply();
        }
    }

    private Json document(HttpReply reply, String what) throws AcmeProtocolException {
        try {
            return client.json(reply, what);
        } catch (AcmeProtocolException e) {
            throw e.ofReply();
        }
    }

    // What may have taken effect is looked for before it is done again, and once more when it is then refused: an
    // earlier try may have been slow to take effect.
    private <T> T unlessDone(Step<T> step, Step<Optional<T>> look) throws IOException {
        Backoff backoff = client.transport().newBackoff();
        boolean triedBefore = false;
        while (true) {
            AcmeException failure;
            try {
                return step.take();
            } catch (AcmeException e) {
                failure = e;
            }
            boolean refused = !Refusals.mayHaveTakenEffect(failure);
            boolean mayLook = refused ? triedBefore : client.transport().pause(failure, backoff);
            Optional<T> done = mayLook ? look.take() : Optional.empty();
            if (done.isPresent()) {
                return done.get();
            }
            if (refused || !mayLook) {
                throw failure;
            }
            triedBefore = true;
        }
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    private interface Reader<T> {
        T read(HttpReply reply) throws IOException;
    }
}
