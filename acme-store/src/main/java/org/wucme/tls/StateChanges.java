package org.wucme.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what is wrong with what, so that only a change is logged, however often it is found. Thread-safe. */
final class StateChanges {

    private final Map<String, String> problems = new ConcurrentHashMap<>();

    /** Whether this was not known to be wrong, or not for this reason. */
    boolean becomesWrong(String subject, String problem) {
        return !problem.equals(problems.put(subject, problem));
    }

    /** Whether this was known to be wrong. */
    boolean becomesRight(String subject) {
        return problems.remove(subject) != null;
    }
}
