package org.wucme.acme;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The CA did not accept the proof of control for some names; says which, and why (RFC 8555 section 7.1.6). */
public final class AcmeChallengeException extends AcmeException {

    private final transient Map<Identifier, Problem> failures;

    /** With the names that failed and the CA's reason for each. */
    public AcmeChallengeException(Map<Identifier, Problem> failures) {
        super("validation failed: "
                + failures.entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue().describe())
                        .collect(Collectors.joining("; ")));
        this.failures = Map.copyOf(new LinkedHashMap<>(failures));
    }

    /** The names that failed, and the CA's reason for each. */
    public Map<Identifier, Problem> failures() {
        return failures;
    }
}
