package org.wucme.acme;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateId;

/**
 * Creates one order (RFC 8555 section 7.4). What is required must be offered by the CA; what is only preferred is left out
 * where it is not offered, and left out in a second try where it is refused.
 */
final class NewOrder {

    private static final Logger LOG = LoggerFactory.getLogger(NewOrder.class);

    // What has another cause than the predecessor, and stays refused without it.
    private static final Set<ProblemType> OTHER_REFUSALS = EnumSet.of(
            ProblemType.ACCOUNT_DOES_NOT_EXIST,
            ProblemType.BAD_NONCE,
            ProblemType.BAD_PUBLIC_KEY,
            ProblemType.BAD_SIGNATURE_ALGORITHM,
            ProblemType.EXTERNAL_ACCOUNT_REQUIRED,
            ProblemType.INVALID_PROFILE,
            ProblemType.RATE_LIMITED,
            ProblemType.REJECTED_IDENTIFIER,
            ProblemType.UNSUPPORTED_IDENTIFIER,
            ProblemType.USER_ACTION_REQUIRED);

    private static final int CONFLICT = 409;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final Directory directory;
    private final String url;
    private final Timing timing;
    private final Preparation preparation;
    private final Creation<Order> creation;
    private final ReplacementCheck replacementCheck;

    /** What is done just before the first request is sent. */
    interface Preparation {
        void run() throws IOException;
    }

    NewOrder(
            Directory directory,
            Timing timing,
            Preparation preparation,
            Creation<Order> creation,
            ReplacementCheck replacementCheck)
            throws AcmeProtocolException {
        this.directory = directory;
        this.url = directory.requiredNewOrder();
        this.timing = timing;
        this.preparation = preparation;
        this.creation = creation;
        this.replacementCheck = replacementCheck;
    }

    Order create(OrderRequest asked) throws IOException {
        requireOffered(asked);
        preparation.run();
        OrderRequest request = offered(asked);
        while (true) {
            try {
                return send(request, text(asked.replaces()));
            } catch (AcmeProblemException e) {
                request = withoutWhatWasRefused(request, e).orElseThrow(() -> e);
                LOG.info(
                        "asking again for less, since the CA says: {}",
                        e.problem().describe());
            }
        }
    }

    private void requireOffered(OrderRequest request) throws AcmeException {
        directory.requireProfile(request.profile());
        AutoRenewal renewal = request.autoRenewal();
        if (renewal != null) {
            requireOffered(directory.autoRenewal(), renewal);
        }
        if (request.delegation() != null && !directory.delegationEnabled()) {
            throw new NotOfferedException("the CA does not offer orders under a delegation (RFC 9115)");
        }
    }

    private void requireOffered(@Nullable AutoRenewalLimits limits, AutoRenewal renewal) throws AcmeException {
        if (limits == null) {
            throw new NotOfferedException("the CA does not renew certificates by itself (RFC 8739)");
        }
        limits.require(renewal, timing.now());
    }

    private OrderRequest offered(OrderRequest asked) {
        OrderRequest request = asked;
        if (directory.renewalInfo() == null) {
            request = request.replaces(null);
        }
        if (request.preferredProfile() != null && !directory.profiles().containsKey(request.preferredProfile())) {
            request = request.preferredProfile(null);
        }
        return directory.subdomainAuthAllowed() ? request : request.withoutAncestorDomains();
    }

    private Optional<OrderRequest> withoutWhatWasRefused(OrderRequest request, AcmeProblemException e)
            throws IOException {
        Problem refusal = e.problem();
        if (request.preferredProfile() != null && refusal.is(ProblemType.INVALID_PROFILE)) {
            return Optional.of(request.preferredProfile(null));
        }
        CertificateId predecessor = request.replaces();
        if (predecessor == null || !mayBeOfReplaces(e)) {
            return Optional.empty();
        }
        if (refusal.is(ProblemType.ALREADY_REPLACED) || refusal.status() == CONFLICT) {
            replacementCheck.alreadyReplaced(predecessor);
        }
        return Optional.of(request.replaces(null));
    }

    // A CA that is only busy wants to be left alone, not to be asked for less; but some stumble over the predecessor.
    private static boolean mayBeOfReplaces(AcmeProblemException e) {
        Problem refusal = e.problem();
        boolean isStumble = refusal.status() >= 500 && refusal.is(ProblemType.SERVER_INTERNAL);
        boolean isBusy = e.advice() == Advice.WAIT || refusal.status() == SERVICE_UNAVAILABLE;
        return !isBusy && (refusal.status() < 500 || isStumble) && !OTHER_REFUSALS.contains(refusal.kind());
    }

    private Order send(OrderRequest request, @Nullable String predecessor) throws IOException {
        String names = request.identifiers().stream().map(Identifier::toString).collect(Collectors.joining(", "));
        Order order =
                creation.create("creating new order for " + names + " at " + url, url, Json.encode(payload(request)));
        requireSame(predecessor, order);
        return order;
    }

    // A CA may pass over what it does not know, but must not replace another certificate (RFC 9773 section 5). It may
    // give an order again that it had already: with the predecessor that was named at first, or in an order that was
    // forgotten.
    private static void requireSame(@Nullable String predecessor, Order order) throws AcmeProtocolException {
        String echoed = order.replaces();
        if (echoed == null || echoed.equals(predecessor)) {
            return;
        }
        String found = "the order at " + order.url() + " replaces the certificate " + OneLine.of(echoed);
        if (predecessor != null) {
            throw new AcmeProtocolException(found + ", where " + predecessor + " was asked for");
        }
        LOG.info("{}, though none was named", found);
    }

    private static Map<String, @Nullable Object> payload(OrderRequest request) {
        String profile = request.profile();
        AutoRenewal renewal = request.autoRenewal();
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("identifiers", identifiers(request));
        payload.put("notBefore", text(request.notBefore()));
        payload.put("notAfter", text(request.notAfter()));
        payload.put("profile", profile == null ? request.preferredProfile() : profile);
        payload.put("replaces", text(request.replaces()));
        payload.put("auto-renewal", renewal == null ? null : autoRenewal(renewal));
        payload.put("delegation", request.delegation());
        return payload;
    }

    private static List<Map<String, String>> identifiers(OrderRequest request) {
        return request.identifiers().stream()
                .map(identifier ->
                        identifier(identifier, request.ancestorDomains().get(identifier)))
                .toList();
    }

    private static Map<String, String> identifier(Identifier identifier, @Nullable Identifier ancestor) {
        Map<String, String> members = new LinkedHashMap<>(identifier.members());
        if (ancestor != null) {
            members.put("ancestorDomain", ancestor.value());
        }
        return members;
    }

    private static Map<String, Object> autoRenewal(AutoRenewal renewal) {
        Map<String, Object> members = new LinkedHashMap<>();
        String start = text(renewal.startDate());
        if (start != null) {
            members.put("start-date", start);
        }
        members.put(
                "end-date", renewal.endDate().truncatedTo(ChronoUnit.SECONDS).toString());
        members.put("lifetime", renewal.lifetime().toSeconds());
        if (!renewal.lifetimeAdjust().isZero()) {
            members.put("lifetime-adjust", renewal.lifetimeAdjust().toSeconds());
        }
        if (renewal.allowCertificateGet()) {
            members.put("allow-certificate-get", true);
        }
        return members;
    }

    private static @Nullable String text(@Nullable CertificateId certificate) {
        return certificate == null ? null : certificate.value();
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
