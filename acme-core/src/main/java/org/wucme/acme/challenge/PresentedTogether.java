package org.wucme.acme.challenge;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Deadline;

/** Several answers that were presented by one call, each as it would be alone. */
final class PresentedTogether implements Presented {

    private final Map<Challenge, Presented> byChallenge;

    private PresentedTogether(Map<Challenge, Presented> byChallenge) {
        this.byChallenge = byChallenge;
    }

    /** Presents one after the other. If one fails, those before are closed. */
    static Presented of(List<ChallengeTask> tasks, ChallengeSolver solver, ChallengeContext context)
            throws IOException {
        Map<Challenge, Presented> presented = new LinkedHashMap<>();
        try {
            for (ChallengeTask task : tasks) {
                presented.put(task.challenge(), solver.present(task, context));
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(e, presented);
            throw e;
        }
        return new PresentedTogether(presented);
    }

    private static void closeAfter(Exception failure, Map<Challenge, Presented> presented) {
        try {
            new PresentedTogether(presented).close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void awaitVisible(Deadline deadline) throws IOException {
        for (Presented one : byChallenge.values()) {
            one.awaitVisible(deadline);
        }
    }

    @Override
    public Map<String, Object> response(Challenge challenge) {
        return Objects.requireNonNull(byChallenge.get(challenge), "not presented")
                .response(challenge);
    }

    // One that cannot be closed must not keep the others.
    @Override
    public void close() throws IOException {
        Exception failure = null;
        for (Presented one : byChallenge.values()) {
            failure = first(failure, closed(one));
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
    }

    private static @Nullable Exception closed(Presented one) {
        try {
            one.close();
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        }
    }

    private static @Nullable Exception first(@Nullable Exception before, @Nullable Exception next) {
        if (before != null && next != null) {
            before.addSuppressed(next);
        }
        return before == null ? next : before;
    }
}
