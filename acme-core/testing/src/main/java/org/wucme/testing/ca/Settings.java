package org.wucme.testing.ca;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What may be turned while the CA runs, and what was fixed when it started. {@link TestCa} says what each means. */
final class Settings {
    private static final Duration USUAL_AGE = Duration.ofHours(1);

    final Map<String, String> profiles;
    final Map<String, byte[]> externalAccountKeys;
    final Set<String> delegations;
    final TestCa.@Nullable AutoRenewal autoRenewal;
    final boolean preAuthorization;
    final boolean subdomainAuth;
    final Set<String> blocked = ConcurrentHashMap.newKeySet();
    final Map<Endpoint, String> retryAfter = new ConcurrentHashMap<>();
    private final InstantSource clock;
    final Randomness random;

    volatile @Nullable String termsOfService;
    volatile boolean alwaysValid;
    volatile boolean reuseAuthorizations;
    volatile boolean ordersReadyAtOnce;
    volatile boolean finalizeAtOnce;
    volatile int pollsUntilReady;
    volatile int pollsUntilValid;
    volatile Duration latency = Duration.ZERO;
    volatile Duration quiet = Duration.ZERO;
    volatile Duration clockSkew = Duration.ZERO;
    volatile @Nullable Duration certificateAge;
    volatile Duration certificateLifetime = Duration.ofDays(90);
    volatile Defect defect = Defect.NONE;
    volatile DnsPersistDraft dnsPersistDraft = DnsPersistDraft.DRAFT_01;
    volatile @Nullable Problem issuanceProblem;
    volatile String undecidedStatus = "pending";
    volatile String undecidedProblem = "connection";
    volatile boolean repliesAfterValidation;
    final AtomicInteger undecidedTimes = new AtomicInteger();

    Settings(TestCa.Builder builder) {
        this.termsOfService = builder.termsOfService;
        this.profiles = Map.copyOf(builder.profiles);
        this.externalAccountKeys = Map.copyOf(builder.externalAccountKeys);
        this.delegations = Set.copyOf(builder.delegations);
        this.autoRenewal = builder.autoRenewal;
        this.preAuthorization = builder.preAuthorization;
        this.subdomainAuth = builder.subdomainAuth;
        this.random = new Randomness(builder.random == null ? new SecureRandom() : builder.random);
        this.clock = builder.clock == null ? Clock.systemUTC() : builder.clock;
    }

    Instant now() {
        return clock.instant().plus(clockSkew);
    }

    /** How long before its issuance a certificate's validity begins. */
    Duration certificateAge() {
        Duration set = certificateAge;
        Duration tenth = certificateLifetime.dividedBy(10);
        return set != null ? set : tenth.compareTo(USUAL_AGE) < 0 ? tenth : USUAL_AGE;
    }

    /** Whether the next challenge is to be left undecided; counts it. */
    boolean leavesUndecided() {
        return undecidedTimes.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
    }

    boolean isBlocked(Identifier identifier) {
        String name = identifier.base().value();
        return List.copyOf(blocked).stream()
                .anyMatch(entry -> name.equals(entry) || (identifier.isDns() && name.endsWith("." + entry)));
    }

    /** Adds the Retry-After of the endpoint to a reply that shows undecided work. */
    Reply paced(Endpoint endpoint, String status, Reply reply) {
        String value = retryAfter.get(endpoint);
        boolean undecided = status.equals("pending") || status.equals("processing");
        return undecided && value != null ? reply.with("Retry-After", value) : reply;
    }
}
