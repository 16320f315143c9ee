package org.wucme.acme;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.pki.CertificateId;

/** One question for renewal information (RFC 9773 section 4.1): a plain GET, neither signed nor with a nonce. */
final class RenewalInfoRequest {

    private final AcmeClient client;
    private final X509Certificate certificate;
    private final Instant now;

    RenewalInfoRequest(AcmeClient client, X509Certificate certificate) {
        this.client = client;
        this.certificate = certificate;
        this.now = client.timing().now();
    }

    RenewalInfo send() throws IOException {
        requireUnexpired();
        String id = CertificateId.of(certificate)
                .map(CertificateId::value)
                .orElseThrow(() -> unavailable(
                        "the certificate has no authority key identifier, so that it cannot be asked for", null));
        try {
            return client.using(
                    directory -> urlFor(directory, id),
                    url -> read(client.transport().get("retrieving renewal information at " + url, url)));
        } catch (AcmeRenewalInfoException e) {
            throw e;
        } catch (AcmeException e) {
            throw unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    // RFC 9773 section 4.3: an expired certificate must not be asked for.
    private void requireUnexpired() throws AcmeRenewalInfoException {
        Instant end = certificate.getNotAfter().toInstant();
        if (!now.isBefore(end)) {
            throw unavailable("the certificate expired at " + end, null);
        }
    }

    private String urlFor(Directory directory, String id) throws AcmeRenewalInfoException {
        String base = directory.renewalInfo();
        if (base == null) {
            throw unavailable("the CA does not offer it", null);
        }
        return base.replaceAll("/+$", "") + "/" + id;
    }

    private RenewalInfo read(HttpReply reply) throws AcmeProtocolException {
        Json json = client.json(reply, "the renewal information");
        Json window = json.optionalObject("suggestedWindow");
        Instant start = window == null ? null : window.optionalInstant("start");
        Instant end = window == null ? null : window.optionalInstant("end");
        if (start == null || end == null || !start.isBefore(end)) {
            throw new AcmeProtocolException(
                    "the renewal information at " + reply.url() + " has no window that starts and then ends");
        }
        String explanation = json.optionalString("explanationURL");
        String explanationUrl = explanation != null && HttpReply.isUrl(explanation) ? explanation : null;
        return new RenewalInfo(start, end, explanationUrl, RenewalInfo.nextQuestion(reply.retryAfter(), now));
    }

    private AcmeRenewalInfoException unavailable(String why, @Nullable AcmeException cause) {
        Instant wished = cause == null ? null : cause.retryAt().orElse(null);
        return new AcmeRenewalInfoException(why, cause, RenewalInfo.nextQuestion(wished, now));
    }
}
