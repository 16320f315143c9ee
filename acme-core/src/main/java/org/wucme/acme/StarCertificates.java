package org.wucme.acme;

import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.http.HttpReply;

/** What an account does with an order that its CA renews by itself (STAR, RFC 8739). */
final class StarCertificates {

    private final Fetch<HttpReply> downloads;
    private final Fetch<Order> cancellations;
    private final Fetch<Order> orders;

    StarCertificates(Fetch<HttpReply> downloads, Fetch<Order> cancellations, Fetch<Order> orders) {
        this.downloads = downloads;
        this.cancellations = cancellations;
        this.orders = orders;
    }

    StarCertificate download(Order order) throws IOException {
        String url = order.requiredStarCertificateUrl();
        return read(url, downloads.fetch(url));
    }

    static StarCertificate read(String url, HttpReply reply) throws AcmeProtocolException {
        return new StarCertificate(
                Chains.read(url, reply), moment(reply, "Cert-Not-Before"), moment(reply, "Cert-Not-After"));
    }

    private static @Nullable Instant moment(HttpReply reply, String header) {
        Date date = reply.headers().getDate(header);
        return date == null ? null : date.toInstant();
    }

    Order cancel(Order order) throws IOException {
        try {
            return cancellations.fetch(order.url());
        } catch (AcmeProblemException e) {
            return canceledBefore(order, e);
        }
    }

    // A CA that took an earlier try, whose reply was lost, cannot cancel it again.
    private Order canceledBefore(Order order, AcmeProblemException refusal) throws IOException {
        if (refusal.problem().is(ProblemType.AUTO_RENEWAL_CANCELLATION_INVALID)) {
            Order seen = orders.fetch(order.url());
            if (seen.status() == OrderStatus.CANCELED) {
                return seen;
            }
        }
        throw refusal;
    }
}
