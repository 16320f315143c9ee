package org.wucme.acme;

import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.http.HttpReply;

/** What an account does with an order that its CA renews by itself (STAR, RFC 8739). */
final class StarCertificates {

    private final Account account;

    StarCertificates(Account account) {
        this.account = account;
    }

    StarCertificate download(Order order) throws IOException {
        String url = order.requiredStarCertificateUrl();
        return read(url, account.download(url));
    }

    static StarCertificate read(String url, HttpReply reply) throws AcmeProtocolException {
        return new StarCertificate(
                Account.chain(url, reply), moment(reply, "Cert-Not-Before"), moment(reply, "Cert-Not-After"));
    }

    private static @Nullable Instant moment(HttpReply reply, String header) {
        Date date = reply.headers().getDate(header);
        return date == null ? null : date.toInstant();
    }

    Order cancel(Order order) throws IOException {
        try {
            return account.canceledOrder(order.url());
        } catch (AcmeProblemException e) {
            return canceledBefore(order, e);
        }
    }

    // A CA that took an earlier try, whose reply was lost, cannot cancel it again.
    private Order canceledBefore(Order order, AcmeProblemException refusal) throws IOException {
        if (refusal.problem().is(ProblemType.AUTO_RENEWAL_CANCELLATION_INVALID)) {
            Order seen = account.fetchOrder(order.url());
            if (seen.status() == OrderStatus.CANCELED) {
                return seen;
            }
        }
        throw refusal;
    }
}
