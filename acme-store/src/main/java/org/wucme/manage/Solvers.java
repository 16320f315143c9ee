package org.wucme.manage;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.DnsAccount01;
import org.wucme.acme.challenge.DnsPersist01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.OnionCsr01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.RenewalRecord;

/**
 * What validates names, in the order in which it is tried.
 *
 * @param inOrder may be empty: then nothing can be ordered
 */
record Solvers(List<ChallengeSolver> inOrder) {

    private static final Logger LOG = LoggerFactory.getLogger(Solvers.class);

    private static final String URL = "https://ca.example/challenge";
    private static final String TOKEN = "Ag1xH5u7aYJ2m0bq3n4cTg";
    private static final List<Challenge> BY_CONNECTION = List.of(
            new Http01(URL, TOKEN, ChallengeStatus.PENDING, null),
            new TlsAlpn01(URL, TOKEN, ChallengeStatus.PENDING, null));
    private static final List<Challenge> BY_RECORD = List.of(
            new Dns01(URL, TOKEN, ChallengeStatus.PENDING, null),
            new DnsAccount01(URL, TOKEN, ChallengeStatus.PENDING, null),
            new DnsPersist01(URL, List.of("ca.example"), false, null, null, ChallengeStatus.PENDING, null),
            new OnionCsr01(URL, TOKEN, null, ChallengeStatus.PENDING, null));
    private static final List<Challenge> ALL =
            Stream.concat(BY_CONNECTION.stream(), BY_RECORD.stream()).toList();
    private static final Identifier ANY_NAME = Identifier.dns("www.example.org");

    Solvers {
        inOrder = List.copyOf(inOrder);
    }

    /** Those for one certificate, whose record may hold it to one type of challenge. */
    List<ChallengeSolver> forRecord(RenewalRecord record) {
        String type = record.challengeType();
        return type == null
                ? inOrder
                : inOrder.stream()
                        .<ChallengeSolver>map(solver -> new OnlyType(type, solver))
                        .toList();
    }

    /**
     * Why a certificate cannot be ordered with these solvers, whatever the CA offers; empty if it may be. What is not known
     * here, such as challenges of an own type, is taken for possible.
     */
    Optional<String> problemOf(RenewalRecord record) {
        if (inOrder.isEmpty()) {
            return Optional.of("there is no solver to validate "
                    + record.identifiers().get(0) + ": give the manager one with solvers(...)");
        }
        return record.identifiers().stream()
                .filter(identifier -> !canValidate(identifier, record.challengeType()))
                .findFirst()
                .map(identifier -> "none of the solvers can validate " + identifier + ": " + why(record, identifier));
    }

    private String why(RenewalRecord record, Identifier identifier) {
        String only = record.challengeType();
        return "that takes one of " + String.join(", ", types(applicable(identifier)))
                + (only == null ? "" : "; " + only + " alone is to be used")
                + "; they do " + String.join(", ", typesFor(ANY_NAME));
    }

    private boolean canValidate(Identifier identifier, @Nullable String onlyType) {
        List<Challenge> applicable = applicable(identifier);
        boolean isUnknown =
                applicable.isEmpty() || (onlyType != null && !types(ALL).contains(onlyType));
        if (isUnknown) {
            return true;
        }
        List<Challenge> allowed = applicable.stream()
                .filter(challenge -> onlyType == null || challenge.type().equals(onlyType))
                .toList();
        return inOrder.stream()
                .anyMatch(solver -> canSolveAny(solver, allowed, identifier) || isUnknown(solver, identifier));
    }

    // One for challenges of its own, or for names of its own.
    private static boolean isUnknown(ChallengeSolver solver, Identifier identifier) {
        return !canSolveAny(solver, ALL, identifier.withoutWildcard()) && !canSolveAny(solver, ALL, ANY_NAME);
    }

    // A wildcard has no host to connect to, an address no record (RFC 8555 section 7.1.3, RFC 8738 section 7).
    private static List<Challenge> applicable(Identifier identifier) {
        if (identifier.isWildcard()) {
            return BY_RECORD;
        }
        return switch (identifier.type()) {
            case Identifier.DNS -> ALL;
            case Identifier.IP -> BY_CONNECTION;
            default -> List.of();
        };
    }

    private static boolean canSolveAny(ChallengeSolver solver, List<Challenge> challenges, Identifier identifier) {
        return challenges.stream().anyMatch(challenge -> canSolve(solver, challenge, identifier));
    }

    private static boolean canSolve(ChallengeSolver solver, Challenge challenge, Identifier identifier) {
        try {
            return solver.canSolve(challenge, identifier);
        } catch (RuntimeException e) {
            LOG.warn("unexpected error: a solver cannot tell whether it solves {}", challenge.type(), Trace.of(e));
            return false;
        }
    }

    /** The types of challenge that can be solved for an identifier, as far as known here; in the order of their letters. */
    Set<String> typesFor(Identifier identifier) {
        return types(ALL.stream()
                .filter(challenge -> inOrder.stream().anyMatch(solver -> canSolve(solver, challenge, identifier)))
                .toList());
    }

    private static Set<String> types(Collection<Challenge> challenges) {
        return challenges.stream().map(Challenge::type).collect(Collectors.toCollection(TreeSet::new));
    }
}
