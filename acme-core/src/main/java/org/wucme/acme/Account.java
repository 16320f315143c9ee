package org.wucme.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.wucme.acme.challenge.Challenge;
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
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.PemException;

/**
 * What the holder of an account may ask a CA: everything here is signed with the account's key. Holds no state but the
 * account's URL and key. Thread-safe.
 *
 * <p>{@link #obtain} goes all the way from names to a certificate; every other method is one step of RFC 8555 section 7, to
 * be called alone, and resumable from a URL.
 */
public final class Account {

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
        return accountInfo(read("retrieving account at " + url, url));
    }

    /**
     * Replaces the contacts (RFC 8555 section 7.3.2).
     *
     * @param contacts URLs such as {@code mailto:hostmaster@example.org}; empty to remove them all
     */
    public AccountInfo updateContacts(List<String> contacts) throws IOException {
        contacts.forEach(Contacts::requireValid);
        return accountInfo(change("updating account at " + url, url, Map.of("contact", contacts)));
    }

    /** Deactivates the account for good (RFC 8555 section 7.3.6); its certificates stay valid. */
    public AccountInfo deactivate() throws IOException {
        return accountInfo(change("deactivating account at " + url, url, Map.of("status", "deactivated")));
    }

    /**
     * Creates an order (RFC 8555 section 7.4). Should the reply be lost, a second order is made, which does no harm: a
     * pending order costs nothing and ends by itself.
     *
     * @throws AcmeException if the CA does not advertise the profile that is asked for
     */
    public Order createOrder(OrderRequest request) throws IOException {
        Directory directory = client.fetchDirectory();
        directory.requireProfile(request.profile());
        String newOrder = directory.newOrder();
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put(
                "identifiers",
                request.identifiers().stream()
                        .map(id -> Map.of("type", id.type(), "value", id.value()))
                        .toList());
        if (request.profile() != null) {
            payload.put("profile", request.profile());
        }
        // Each authorization will soon be fetched by a request of its own.
        client.transport().prefetchNonces(request.identifiers().size(), directory.newNonce());
        String names = request.identifiers().stream().map(Identifier::toString).collect(Collectors.joining(", "));
        HttpReply reply = client.post(SignedRequest.post(
                        "creating new order for " + names + " at " + newOrder, newOrder, key, url, Json.encode(payload))
                .asRepeatable());
        return order(reply.location(), reply);
    }

    /** Fetches an order by its URL, in whatever state it is. */
    public Order fetchOrder(String orderUrl) throws IOException {
        return order(orderUrl, read("polling order status at " + orderUrl, orderUrl));
    }

    /** Fetches an authorization by its URL (RFC 8555 section 7.5). */
    public Authorization fetchAuthorization(String authorizationUrl) throws IOException {
        HttpReply reply = read("retrieving authorization at " + authorizationUrl, authorizationUrl);
        return Resources.authorization(authorizationUrl, reply.json("the authorization"));
    }

    /** Gives up an authorization (RFC 8555 section 7.5.2). */
    public Authorization deactivateAuthorization(String authorizationUrl) throws IOException {
        HttpReply reply = change(
                "deactivating authorization at " + authorizationUrl, authorizationUrl, Map.of("status", "deactivated"));
        return Resources.authorization(authorizationUrl, reply.json("the authorization"));
    }

    /** The answer to a challenge (RFC 8555 section 8.1); asks nobody. */
    public KeyAuthorization keyAuthorization(TokenChallenge challenge) {
        return KeyAuthorization.of(challenge.token(), key.thumbprint());
    }

    /**
     * Tells the CA that the answer to a challenge can be seen (RFC 8555 section 7.5.1). Should the reply be lost, the
     * challenge is looked at before it is answered again.
     */
    public Challenge respond(Challenge challenge) throws IOException {
        return unlessDone(
                () -> challenge(client.post(SignedRequest.post(
                        "starting challenge at " + challenge.url(), challenge.url(), key, url, Json.encode(Map.of())))),
                () -> Optional.of(fetchChallenge(challenge.url()))
                        .filter(seen -> seen.status() != ChallengeStatus.PENDING));
    }

    Challenge fetchChallenge(String challengeUrl) throws IOException {
        return challenge(read("polling challenge status at " + challengeUrl, challengeUrl));
    }

    /**
     * Waits until the CA has validated every authorization of an order.
     *
     * @return the order: ready, or already further on
     * @throws AcmeChallengeException if it went invalid; says which names failed, and why
     * @throws AcmeTimeoutException if the CA was not done in time; says where and when to go on
     */
    public Order awaitReady(Order order, PollingPolicy policy) throws IOException {
        return new OrderWait(this, policy).untilReady(order, new Answers(this));
    }

    /**
     * Waits until the CA has issued the certificate of a finalized order.
     *
     * @return the order, valid
     * @throws AcmeProblemException if it went invalid, with the CA's reason
     * @throws AcmeTimeoutException if the CA was not done in time; says where and when to go on
     */
    public Order awaitValid(Order order, PollingPolicy policy) throws IOException {
        return new OrderWait(this, policy).untilValid(order);
    }

    /**
     * Finalizes an order that is ready (RFC 8555 section 7.4). Should the reply be lost, the order is looked at before the
     * request is sent again.
     *
     * @param request exactly the order's names, signed with the certificate's key
     * @return the order: processing, or already valid or invalid
     */
    public Order finalizeOrder(Order order, CertificateSigningRequest request) throws IOException {
        byte[] payload = Json.encode(Map.of("csr", AcmeClient.base64url(request.der())));
        String finalizeUrl = order.finalizeUrl();
        SignedRequest finalize =
                SignedRequest.post("finalizing order at " + finalizeUrl, finalizeUrl, key, url, payload);
        try {
            return unlessDone(
                    () -> order(order.url(), client.post(finalize)),
                    () -> Optional.of(fetchOrder(order.url())).filter(Account::isFinalized));
        } catch (AcmeProblemException e) {
            return finalizedBefore(order, e);
        }
    }

    // A CA that took an earlier try, whose reply was lost, calls the next one orderNotReady.
    private Order finalizedBefore(Order order, AcmeProblemException refusal) throws IOException {
        if (refusal.problem().is(ProblemType.ORDER_NOT_READY)) {
            Order seen = fetchOrder(order.url());
            if (isFinalized(seen)) {
                return seen;
            }
        }
        throw refusal;
    }

    /** Downloads the certificate of a valid order, with the chain that the CA recommends (RFC 8555 section 7.4.2). */
    public CertificateChain downloadCertificate(Order order) throws IOException {
        String certificateUrl = certificateUrl(order);
        return chain(certificateUrl, download(certificateUrl));
    }

    /** Downloads the certificate of a valid order with every chain that the CA offers, its own choice first. */
    public List<CertificateChain> downloadCertificates(Order order) throws IOException {
        String certificateUrl = certificateUrl(order);
        HttpReply reply = download(certificateUrl);
        List<CertificateChain> chains = new ArrayList<>();
        chains.add(chain(certificateUrl, reply));
        for (String alternate : reply.links("alternate")) {
            chains.add(chain(alternate, download(alternate)));
        }
        return List.copyOf(chains);
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
     * @param solvers tried in their order for each name
     * @throws AcmeChallengeException if the CA did not accept the proof for some names
     * @throws AcmeTimeoutException if the CA was not done in time; hand its URL to {@link CertificateRequest#resume}
     */
    public IssuedCertificate obtain(CertificateRequest request, List<? extends ChallengeSolver> solvers)
            throws IOException {
        return new Issuance(this, request, solvers).run();
    }

    /** {@link #obtain(CertificateRequest, List)} with one solver or a few. */
    public IssuedCertificate obtain(CertificateRequest request, ChallengeSolver... solvers) throws IOException {
        return obtain(request, List.of(solvers));
    }

    @Override
    public String toString() {
        return "Account[" + url + "]";
    }

    PublicKey publicKey() {
        return key.publicKey();
    }

    private static boolean isFinalized(Order order) {
        return order.status() != OrderStatus.PENDING && order.status() != OrderStatus.READY;
    }

    private static String certificateUrl(Order order) throws AcmeProtocolException {
        String certificateUrl = order.certificateUrl();
        if (certificateUrl == null) {
            throw new AcmeProtocolException("the order at " + order.url() + " has no certificate: it is "
                    + order.status().name().toLowerCase(Locale.ROOT));
        }
        return certificateUrl;
    }

    private HttpReply download(String certificateUrl) throws IOException {
        return client.post(
                SignedRequest.postAsGet("retrieving certificate at " + certificateUrl, certificateUrl, key, url)
                        .accepting(PEM_CHAIN));
    }

    private static CertificateChain chain(String certificateUrl, HttpReply reply) throws AcmeProtocolException {
        try {
            return CertificateChain.parse(reply.body().string(StandardCharsets.US_ASCII));
        } catch (PemException e) {
            throw new AcmeProtocolException("the certificate at " + certificateUrl + ": " + e.getMessage(), e);
        }
    }

    private HttpReply read(String doing, String resourceUrl) throws IOException {
        return client.post(SignedRequest.postAsGet(doing, resourceUrl, key, url));
    }

    // Repeatable: these changes have the same effect however often they are made.
    private HttpReply change(String doing, String resourceUrl, Map<String, Object> payload) throws IOException {
        return client.post(SignedRequest.post(doing, resourceUrl, key, url, Json.encode(payload))
                .asRepeatable());
    }

    private AccountInfo accountInfo(HttpReply reply) throws AcmeProtocolException {
        return Resources.account(url, reply.json("the account"));
    }

    private static Order order(String orderUrl, HttpReply reply) throws AcmeProtocolException {
        return Resources.order(orderUrl, reply.json("the order"), reply.retryAfter());
    }

    private static Challenge challenge(HttpReply reply) throws AcmeProtocolException {
        return Resources.challenge(reply.json("the challenge"));
    }

    // What may have taken effect is looked for before it is done again.
    private <T> T unlessDone(Step<T> step, Step<Optional<T>> look) throws IOException {
        Backoff backoff = client.transport().newBackoff();
        while (true) {
            try {
                return step.take();
            } catch (AcmeException e) {
                if (!Refusals.mayHaveTakenEffect(e) || !backoff.allowsRetry()) {
                    throw e;
                }
                backoff.sleep();
            }
            Optional<T> done = look.take();
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    private interface Step<T> {
        T take() throws IOException;
    }
}
