package org.wucme.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Authorization;
import org.wucme.acme.AuthorizationStatus;
import org.wucme.acme.Ca;
import org.wucme.acme.Order;
import org.wucme.acme.OrderRequest;
import org.wucme.acme.PollingPolicy;
import org.wucme.acme.Registration;
import org.wucme.acme.SeenChallenge;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;

/**
 * Obtains a certificate from Let's Encrypt's staging service step by step, where {@link Account#obtain} would do all of it at
 * once: order, authorizations, challenges, finalize, download. Run it on the host that the names lead to, where port 80 is
 * free: {@code StepByStep NAME...}
 */
public final class StepByStep {

    private StepByStep() {}

    /** Issues for the names on the command line, and prints the certificate. */
    public static void main(String[] names) throws IOException {
        try (AcmeClient client = AcmeClient.of(Ca.LETS_ENCRYPT_STAGING);
                Http01Server http01 = Http01Server.open(new InetSocketAddress(80))) {
            Account account = client.register(
                    Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
            CertificateChain chain = issue(account, http01, KeyType.EC_P256.generate(), names);
            System.out.println(chain.toPem());
        }
    }

    /**
     * One request after the other, each of which can be resumed from a URL.
     *
     * @param key the certificate's
     */
    static CertificateChain issue(Account account, Http01Server http01, KeyPair key, String... names)
            throws IOException {
        // Keep order.url(): after a crash, account.fetchOrder goes on from there.
        Order order = account.createOrder(OrderRequest.of(names));
        Order ready = validate(account, http01, order);

        CertificateSigningRequest request = CertificateSigningRequest.of(ready.identifiers(), key);
        Order finalized = account.finalizeOrder(ready, request);
        Order valid = account.awaitValid(finalized, PollingPolicy.DEFAULT);
        return account.downloadCertificate(valid);
    }

    private static Order validate(Account account, Http01Server http01, Order order) throws IOException {
        List<Presented> answers = new ArrayList<>();
        try {
            for (String url : order.authorizations()) {
                Authorization authorization = account.fetchAuthorization(url);
                if (authorization.status() == AuthorizationStatus.PENDING) {
                    answers.add(answer(account, http01, authorization));
                }
            }
            return account.awaitReady(order, PollingPolicy.DEFAULT);
        } finally {
            for (Presented answer : answers) {
                answer.close();
            }
        }
    }

    // The CA validates some time after respond; until then, fetchChallenge shows how the challenge stands.
    private static Presented answer(Account account, Http01Server http01, Authorization authorization)
            throws IOException {
        Http01 challenge = authorization.challenge(Http01.class).orElseThrow();
        Presented answer = http01.present(challenge, authorization.identifier(), account.identity());
        account.respond(challenge);
        SeenChallenge seen = account.fetchChallenge(challenge.url());
        System.out.println(authorization.identifier() + ": the challenge is "
                + seen.challenge().status());
        return answer;
    }
}
