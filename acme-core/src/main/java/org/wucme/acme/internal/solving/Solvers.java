package org.wucme.acme.internal.solving;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
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
import org.wucme.acme.AcmeException;
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
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;

/**
 * What validates names, in the order in which it is tried.
 *
 * @param inOrder may be empty: then only what is valid already can be ordered
 * @param onlyType the one type of challenge to be solved; null for any
 */
public record Solvers(
        List<ChallengeSolver> inOrder, @Nullable String onlyType) {

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

    public Solvers {
        inOrder = List.copyOf(inOrder);
    }

    /** Of any type of challenge. */
    public static Solvers of(List<? extends ChallengeSolver> inOrder) {
        return new Solvers(List.copyOf(inOrder), null);
    }

    /** These, held to one type of challenge; as they are if that is null. */
    public Solvers heldTo(@Nullable String type) {
        return new Solvers(inOrder, type);
    }

    /** To be given challenges. */
    public List<ChallengeSolver> toList() {
        String type = onlyType;
        return type == null
                ? inOrder
                : inOrder.stream()
                        .<ChallengeSolver>map(solver -> new OnlyType(type, solver))
                        .toList();
    }

    /**
     * Why no certificate for identifiers can be ordered with these solvers, whatever the CA offers; empty if it may be. What
     * is not known here, such as challenges of an own type, is taken for possible.
     */
    public Optional<String> problemOf(Collection<Identifier> identifiers) {
        return identifiers.stream()
                .filter(identifier -> !canValidate(identifier))
                .findFirst()
                .map(identifier -> "none of the solvers can validate " + identifier + ": " + why(identifier));
    }

    private String why(Identifier identifier) {
        return "that takes one of " + String.join(", ", types(applicable(identifier)))
                + (onlyType == null ? "" : "; " + onlyType + " alone is to be used")
                + "; they do " + String.join(", ", typesFor(ANY_NAME));
    }

    private boolean canValidate(Identifier identifier) {
        List<Challenge> applicable = applicable(identifier);
        boolean isUnknown =
                applicable.isEmpty() || (onlyType != null && !types(ALL).contains(onlyType));
        return isUnknown
                || inOrder.stream()
                        .anyMatch(solver ->
                                canSolveAny(solver, allowed(identifier), identifier) || isUnknown(solver, identifier));
    }

    private List<Challenge> allowed(Identifier identifier) {
        return applicable(identifier).stream()
                .filter(challenge -> onlyType == null || challenge.type().equals(onlyType))
                .toList();
    }

    /**
     * These, without those that are not able to present anything now.
     *
     * @throws IOException if none is left that could validate an identifier, with what the administrator can do
     */
    public Solvers ready(Collection<Identifier> identifiers) throws IOException {
        List<Identifier> missing = List.copyOf(identifiers);
        List<Failure> failures = new ArrayList<>();
        for (ChallengeSolver solver : inOrder) {
            List<Identifier> solvable = missing.stream()
                    .filter(identifier -> canSolveAny(solver, allowed(identifier), identifier))
                    .toList();
            if (!solvable.isEmpty() && isReady(solver, solvable, failures)) {
                missing = missing.stream()
                        .filter(identifier -> !solvable.contains(identifier))
                        .toList();
            }
        }
        for (Identifier identifier : missing) {
            requireOther(identifier, failures);
        }
        failures.forEach(failure ->
                LOG.warn("another solver is used: {}", OneLine.of(String.valueOf(failure.reason.getMessage()))));
        return without(failures);
    }

    /** A solver that can present nothing now, and why. */
    private record Failure(ChallengeSolver solver, IOException reason) {}

    private static boolean isReady(ChallengeSolver solver, List<Identifier> identifiers, List<Failure> failures)
            throws IOException {
        try {
            solver.check(identifiers);
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failures.add(new Failure(solver, e));
        } catch (RuntimeException e) {
            LOG.error("unexpected error while a solver was checked", Trace.of(e));
            failures.add(
                    new Failure(solver, new AcmeException("unexpected error while a solver was checked: " + e, e)));
        }
        return false;
    }

    private void requireOther(Identifier identifier, List<Failure> failures) throws IOException {
        List<IOException> all = failures.stream()
                .filter(failure -> canSolveAny(failure.solver, allowed(identifier), identifier))
                .map(Failure::reason)
                .toList();
        if (all.size() == 1) {
            throw all.get(0);
        }
        if (!all.isEmpty()) {
            throw new AcmeException(
                    all.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")), all.get(0));
        }
    }

    // By identity: two solvers with the same settings may well be equal.
    private Solvers without(List<Failure> failures) {
        List<ChallengeSolver> able = inOrder.stream()
                .filter(solver -> failures.stream().noneMatch(failure -> failure.solver == solver))
                .toList();
        return new Solvers(able, onlyType);
    }

    /** What they are configured with, without secrets. */
    public List<String> settings() {
        return inOrder.stream().map(ChallengeSolver::settings).toList();
    }

    // One for challenges of its own, or for names of its own.
    private static boolean isUnknown(ChallengeSolver solver, Identifier identifier) {
        ChallengeSolver own = solver instanceof OnlyType only ? only.solver() : solver;
        return !canSolveAny(own, ALL, identifier.withoutWildcard()) && !canSolveAny(own, ALL, ANY_NAME);
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
    public Set<String> typesFor(Identifier identifier) {
        return types(ALL.stream()
                .filter(challenge -> inOrder.stream().anyMatch(solver -> canSolve(solver, challenge, identifier)))
                .toList());
    }

    private static Set<String> types(Collection<Challenge> challenges) {
        return challenges.stream().map(Challenge::type).collect(Collectors.toCollection(TreeSet::new));
    }
}
