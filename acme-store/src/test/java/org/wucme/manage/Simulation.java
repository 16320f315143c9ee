package org.wucme.manage;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeChallengeException;
import org.wucme.acme.AcmeException;
import org.wucme.acme.Advice;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;
import org.wucme.acme.ProblemType;
import org.wucme.acme.RenewalAnswer;
import org.wucme.acme.RenewalInfo;
import org.wucme.acme.RenewalTime;
import org.wucme.store.AriChoice;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;

/**
 * What a manager would do, without threads, files and network: the real plan and the real changes of records, with a store in
 * memory, a CA of a few lines and a clock that somebody sets wrong now and then. Everything follows from the seed.
 *
 * <p>A CA suggests windows as Let's Encrypt does, and at times another one; it is down for a while each year, and each
 * hundredth attempt fails. Certificates of six days cannot outlive a week, so there is a second CA.
 */
final class Simulation {

    private static final Instant START = Instant.parse("2026-11-22T00:20:27Z");
    private static final Duration RETRY_AFTER = Duration.ofHours(6);
    private static final long YEAR = Duration.ofDays(365).toSeconds();
    private static final Duration BETWEEN_JUMPS = Duration.ofDays(61);
    private static final Duration LONGEST_JUMP = Duration.ofHours(6);
    private static final String SECOND_CA = "https://second.example/directory";
    private static final double FAILING = 0.01;
    private static final double MOVING = 0.0002;
    /** What a renewal of one name takes, from newNonce to the certificate. */
    private static final int REQUESTS_OF_A_RENEWAL = 8;

    /** Kinds of certificates, with how many there are of each. */
    enum Kind {
        NINETY_DAYS(Duration.ofDays(90), 500, true),
        NINETY_DAYS_WITHOUT_ARI(Duration.ofDays(90), 100, false),
        FORTY_FIVE_DAYS(Duration.ofDays(45), 300, true),
        SIX_DAYS(Duration.ofHours(160), 100, true);

        private final Duration lifetime;
        private final int count;
        private final boolean hasAri;

        Kind(Duration lifetime, int count, boolean hasAri) {
            this.lifetime = lifetime;
            this.count = count;
            this.hasAri = hasAri;
        }
    }

    /** How long a CA is down in the middle of each year, and which part of the certificates is issued by one that is. */
    enum Outage {
        NONE(0, 20),
        A_DAY(1, 20),
        A_WEEK(7, 1),
        FOUR_WEEKS(28, 20);

        private final long seconds;
        private final int part;

        Outage(int days, int part) {
            this.seconds = Duration.ofDays(days).toSeconds();
            this.part = part;
        }

        private String directory() {
            return "https://" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".example/directory";
        }
    }

    /** Certificates of one kind that are issued by one CA. */
    record Group(Kind kind, Outage outage) {

        static List<Group> all() {
            return Stream.of(Kind.values())
                    .flatMap(kind -> Stream.of(Outage.values()).map(outage -> new Group(kind, outage)))
                    .toList();
        }

        int size() {
            return kind.count / outage.part;
        }

        /** As many as there must be in ten years, if each were renewed as late as can be. */
        long fewestRenewals() {
            return size() * (3652L * 24 / kind.lifetime.toHours());
        }
    }

    /** What happened to the certificates of one group. */
    static final class Tally {
        long renewals;
        long renewalsInOutages;
        long failures;
        long questions;
        long expired;
        long outsideRule;
        double worstLeftPercent = 100;
        long busiestHour;
        private long hour;
        private long inHour;

        long requests() {
            return questions + (renewals + failures) * REQUESTS_OF_A_RENEWAL;
        }

        double meanPerHour(long hours) {
            return (double) renewals / hours;
        }

        private void renewed(Instant when) {
            renewals++;
            long now = when.getEpochSecond() / 3600;
            inHour = now == hour ? inHour + 1 : 1;
            hour = now;
            busiestHour = Math.max(busiestHour, inHour);
        }
    }

    private final Random random;
    private final CaChoice cas = new CaChoice(List.of(Ca.of(SECOND_CA)), CaChoice.USUAL_FAILURES);
    private final List<CertificateState> states = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<Group, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, Outage> outages =
            Stream.of(Outage.values()).collect(Collectors.toMap(Outage::directory, outage -> outage));
    private final Map<String, Deque<Instant>> failuresOfNames = new HashMap<>();
    private Instant time = START;
    private Duration clockError = Duration.ZERO;
    private Instant nextJump = START.plus(BETWEEN_JUMPS);
    private long wakes;
    private long moved;
    private long jumps;
    private int mostFailures;

    Simulation(long seed) {
        random = new Random(seed);
        for (Group group : Group.all()) {
            tallies.put(group, new Tally());
            for (int i = 0; i < group.size(); i++) {
                begin(group, i);
            }
        }
    }

    // Of all ages, as in a store that was filled over time.
    private void begin(Group group, int number) {
        Kind kind = group.kind();
        String name = kind + "-" + group.outage() + "-" + number;
        Duration age = Duration.ofSeconds((long) (kind.lifetime.toSeconds() * 0.45 * random.nextDouble()));
        Identifier identifier = Identifier.dns(name.toLowerCase(Locale.ROOT).replace('_', '-') + ".example");
        RenewalRecord renewal = RecordBuilder.of(
                        List.of(identifier), group.outage().directory())
                .build();
        places.put(name, states.size());
        groups.add(group);
        states.add(state(name, kind, START.minus(age), renewal));
    }

    private static CertificateState state(String name, Kind kind, Instant begin, RenewalRecord renewal) {
        return new CertificateState(
                name,
                renewal.spec().identifiers(),
                new Validity(begin, begin.plus(kind.lifetime)),
                renewal,
                null,
                false,
                kind.hasAri,
                null);
    }

    void run(Duration duration) {
        Instant end = START.plus(duration);
        Duration interval = CheckInterval.of(states);
        while (time.isBefore(end)) {
            jumpIfDue();
            wakes++;
            Instant now = time.plus(clockError);
            Plan plan = Plan.of(new Plan.State(states, Set.of(), interval, random), now);
            plan.decisions().forEach((name, decision) -> carryOut(name, decision, now, interval));
            // A manager looks again by a clock that does not jump.
            Duration sleep = Duration.between(now, plan.nextWake());
            time = time.plus(sleep);
        }
        countExpired();
    }

    private void jumpIfDue() {
        if (!time.isBefore(nextJump)) {
            jumps++;
            long most = LONGEST_JUMP.toSeconds();
            clockError = jumps % 2 == 0 ? Duration.ZERO : Duration.ofSeconds(random.nextLong(-most, most));
            nextJump = nextJump.plus(BETWEEN_JUMPS);
        }
    }

    private void carryOut(String name, RenewalDecision decision, Instant now, Duration interval) {
        int place = Objects.requireNonNull(places.get(name));
        RenewalDecision todo = decision;
        if (todo instanceof RenewalDecision.AskRenewalInfo) {
            ask(place, now);
            todo = RenewalRule.decide(states.get(place), now, now.plus(interval));
        }
        if (todo instanceof RenewalDecision.Renew) {
            renew(place, now);
        }
    }

    private void ask(int place, Instant now) {
        CertificateState state = states.get(place);
        RenewalRecord before = Objects.requireNonNull(state.renewal());
        Tally tally = tallyAt(place);
        tally.questions++;
        RenewalAnswer answer = isDown(before.issuer())
                ? new RenewalAnswer.Unavailable("the CA is down", now.plus(RenewalInfo.USUAL_WAIT))
                : new RenewalAnswer.Suggested(suggestion(state, before.renewalInfo(), now));
        set(place, before.withRenewalInfo(AriChoice.of(answer, before.renewalInfo(), now, random)));
    }

    private RenewalInfo suggestion(CertificateState state, @Nullable AriChoice earlier, Instant now) {
        Instant again = now.plus(RETRY_AFTER);
        RenewalTime before = earlier == null ? null : earlier.time();
        boolean moves = before != null && random.nextDouble() < MOVING;
        if (before != null && !moves) {
            return new RenewalInfo(before.windowStart(), before.windowEnd(), null, again);
        }
        moved += moves ? 1 : 0;
        Validity validity = Objects.requireNonNull(state.validity());
        Duration margin = validity.lifetime().dividedBy(100);
        Instant ideal = moves ? validity.dueAt().minus(margin.multipliedBy(10)) : validity.dueAt();
        return new RenewalInfo(ideal.minus(margin), ideal.plus(margin), null, again);
    }

    private void renew(int place, Instant now) {
        CertificateState state = states.get(place);
        RenewalRecord before = Objects.requireNonNull(state.renewal());
        Validity validity = Objects.requireNonNull(state.validity());
        String directory = cas.directoryFor(before);
        IOException failure = failure(directory, before);
        if (failure != null) {
            tallyAt(place).failures++;
            countFailedAuthorization(state, failure);
            set(place, Failure.recorded(before, failure, now, validity.lifetime(), cas));
            return;
        }
        countRenewal(place, state, before, now);
        boolean isEarly = RenewalRule.isEarly(state, now);
        RenewalRecord after = before.obtained(directory, directory + "/account/1", now, isEarly);
        states.set(place, state(state.name(), groups.get(place).kind(), time.minus(Duration.ofHours(1)), after));
    }

    private @Nullable IOException failure(String directory, RenewalRecord renewal) {
        if (isDown(directory)) {
            return new AcmeException("the CA is down", null, Advice.RETRY);
        }
        if (random.nextDouble() >= FAILING) {
            return null;
        }
        Problem problem = new Problem(ProblemType.CONNECTION.uri(), null, "timeout", 400, null, null, List.of());
        return new AcmeChallengeException(Map.of(renewal.spec().identifiers().get(0), problem));
    }

    private boolean isDown(String directory) {
        Outage outage = outages.get(directory);
        long sinceHalf = (time.getEpochSecond() - START.getEpochSecond()) % YEAR - YEAR / 2;
        return outage != null && sinceHalf >= 0 && sinceHalf < outage.seconds;
    }

    private void countRenewal(int place, CertificateState state, RenewalRecord renewal, Instant now) {
        Tally tally = tallyAt(place);
        Validity validity = Objects.requireNonNull(state.validity());
        tally.renewed(time);
        tally.renewalsInOutages += isDown(renewal.spec().directoryUrl()) ? 1 : 0;
        double left = 100.0
                * Duration.between(time, validity.end()).toSeconds()
                / validity.lifetime().toSeconds();
        tally.expired += left <= 0 ? 1 : 0;
        tally.worstLeftPercent = Math.min(tally.worstLeftPercent, left);
        AriChoice choice = renewal.renewalInfo();
        RenewalTime suggested = choice == null ? null : choice.time();
        Instant earliest = suggested == null ? validity.dueAt() : suggested.windowStart();
        tally.outsideRule += now.isBefore(earliest) ? 1 : 0;
    }

    private void countFailedAuthorization(CertificateState state, IOException failure) {
        if (!(failure instanceof AcmeChallengeException)) {
            return;
        }
        Deque<Instant> recent = failuresOfNames.computeIfAbsent(state.name(), unused -> new ArrayDeque<>());
        recent.addLast(time);
        while (!recent.getFirst().isAfter(time.minus(Duration.ofHours(1)))) {
            recent.removeFirst();
        }
        mostFailures = Math.max(mostFailures, recent.size());
    }

    private void countExpired() {
        for (int place = 0; place < states.size(); place++) {
            Validity validity = Objects.requireNonNull(states.get(place).validity());
            tallyAt(place).expired += time.isBefore(validity.end()) ? 0 : 1;
        }
    }

    private void set(int place, RenewalRecord renewal) {
        CertificateState state = states.get(place);
        states.set(
                place,
                new CertificateState(
                        state.name(),
                        state.identifiers(),
                        state.validity(),
                        renewal,
                        null,
                        false,
                        state.isAskedFor(),
                        null));
    }

    private Tally tallyAt(int place) {
        return tally(groups.get(place));
    }

    Tally tally(Group group) {
        return Objects.requireNonNull(tallies.get(group));
    }

    long hours() {
        return Duration.between(START, time).toHours();
    }

    int mostFailuresOfANameInAnHour() {
        return mostFailures;
    }

    long movedWindows() {
        return moved;
    }

    String report() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d certificates, %d hours, %d wakes, %d clock jumps, %d windows moved%n"
                        + "%-24s %-11s %6s %9s %10s %9s %9s %9s %8s %8s %8s %10s%n",
                states.size(),
                hours(),
                wakes,
                jumps,
                moved,
                "lifetime",
                "outage/year",
                "number",
                "renewals",
                "in outage",
                "failures",
                "questions",
                "requests",
                "expired",
                "worst %",
                "busiest",
                "mean/hour"));
        tallies.forEach((group, tally) -> text.append(String.format(
                Locale.ROOT,
                "%-24s %-11s %6d %9d %10d %9d %9d %9d %8d %8.1f %8d %10.3f%n",
                group.kind(),
                group.outage(),
                group.size(),
                tally.renewals,
                tally.renewalsInOutages,
                tally.failures,
                tally.questions,
                tally.requests(),
                tally.expired,
                tally.worstLeftPercent,
                tally.busiestHour,
                tally.meanPerHour(hours()))));
        return text.toString();
    }
}
