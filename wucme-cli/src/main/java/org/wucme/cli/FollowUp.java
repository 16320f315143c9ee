package org.wucme.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wucme.cli.doctor.Finding;
import org.wucme.cli.load.LoadActions;
import org.wucme.cli.notify.Target;

/** What is to happen once a certificate is stored, by the variables: whether it could. */
final class FollowUp {

    private static final String LOAD = "load";
    private static final String NOTICES = "notices";

    private FollowUp() {}

    /** What is found; nothing if nothing is to happen. */
    static List<Finding> examine(Globals globals) {
        List<Finding> findings = new ArrayList<>(loads(globals));
        findings.addAll(notices(globals));
        return findings;
    }

    private static List<Finding> loads(Globals globals) {
        try {
            List<String> actions = EnvironmentDefaults.fill(new LoadOptions(), globals.environment()).load;
            List<String> problems = LoadActions.problems(actions, globals::http);
            if (problems.isEmpty() && !actions.isEmpty()) {
                return List.of(Finding.ok(LOAD, "the load actions can be begun"));
            }
            return problems.stream()
                    .map(problem -> Finding.warning(LOAD, problem))
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of(Finding.problem(LOAD, Errors.describe(e)));
        }
    }

    private static List<Finding> notices(Globals globals) {
        try {
            return NotifyOptions.ofVariables(globals).settings(globals).targets(globals::http).stream()
                    .map(FollowUp::examine)
                    .toList();
        } catch (IOException | IllegalArgumentException e) {
            return List.of(Finding.warning(NOTICES, Errors.describe(e)));
        }
    }

    private static Finding examine(Target target) {
        return target.problem()
                .map(problem -> Finding.warning(NOTICES, target + " may not work: " + problem))
                .orElse(Finding.ok(NOTICES, "they go to " + target));
    }
}
