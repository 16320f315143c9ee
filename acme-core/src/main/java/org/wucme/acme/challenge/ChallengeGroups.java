package org.wucme.acme.challenge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How a solver presents the challenges that it was given of one order: in rounds, one after the other. The groups of a round
 * are presented at the same time, each by one call of {@link ChallengeSolver#presentTogether}. A round begins when all
 * challenges of the one before are validated, and its answers closed. Immutable.
 *
 * @param rounds every challenge in exactly one group of one round
 */
public record ChallengeGroups(List<Round> rounds) {

    /**
     * What is presented at the same time.
     *
     * @param groups each presented by one call
     */
    public record Round(List<List<ChallengeTask>> groups) {

        /** Leaves out empty groups. */
        public Round {
            groups = groups.stream()
                    .filter(group -> !group.isEmpty())
                    .map(List::copyOf)
                    .toList();
        }
    }

    /** Leaves out empty rounds. */
    public ChallengeGroups {
        rounds = rounds.stream().filter(round -> !round.groups().isEmpty()).toList();
    }

    /** Each challenge by a call of its own, all at the same time: none waits for another. */
    public static ChallengeGroups each(List<ChallengeTask> tasks) {
        return new ChallengeGroups(
                List.of(new Round(tasks.stream().map(List::of).toList())));
    }

    /** All challenges by one call, such as one change of a DNS zone. */
    public static ChallengeGroups together(List<ChallengeTask> tasks) {
        return new ChallengeGroups(List.of(new Round(List.of(tasks))));
    }

    /** One group after the other. */
    public static ChallengeGroups inTurn(List<List<ChallengeTask>> groups) {
        return new ChallengeGroups(
                groups.stream().map(group -> new Round(List.of(group))).toList());
    }

    /**
     * As few groups as possible, one after the other, with no two challenges of one place in a group: for services that
     * hold one value at a place.
     *
     * @param place where the answer to a challenge is published, such as the name of its DNS record: the same for {@code
     *     example.org} and {@code *.example.org}
     */
    public static ChallengeGroups onePerPlace(List<ChallengeTask> tasks, Function<ChallengeTask, String> place) {
        List<List<ChallengeTask>> groups = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        for (ChallengeTask task : tasks) {
            int round = taken.merge(place.apply(task), 1, Integer::sum) - 1;
            if (round == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(round).add(task);
        }
        return inTurn(groups);
    }

    /** All challenges, in the order in which they are presented. */
    public List<ChallengeTask> tasks() {
        return rounds.stream()
                .flatMap(round -> round.groups().stream())
                .flatMap(List::stream)
                .toList();
    }
}
