package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.doctor.Finding;
import org.wucme.cli.doctor.Finding.Grade;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * By which challenge a certificate would be proven: the one that is asked for, else as its record says, else as {@code issue}
 * would choose now. Immutable.
 *
 * @param type the challenge; null if none can be answered
 * @param finding what there is to say of that
 * @param change what one would type to have the other one taken
 */
record ProofChoice(@Nullable String type, Finding finding, String change) {

    private static final String SUBJECT = "challenge";

    /** For the certificate that is stored, or for one that is not there yet. */
    static ProofChoice of(
            @Nullable StoredCertificate stored, ChallengeTypeOption proof, ChallengeOptions ways, Globals globals) {
        RenewalRecord record = stored == null || stored.chain() == null ? null : stored.renewal();
        String recorded = record == null ? null : record.spec().challengeType();
        String change = recorded == null ? "issue" : "issue --force";
        if (recorded != null && proof.challenge == null) {
            return of(recorded, "the certificate was proven by it, so that its renewals are", change);
        }
        try {
            String type = proof.type(ways, globals);
            boolean isOther = recorded != null && !recorded.equals(type);
            String but = isOther ? "; renewals of the present certificate are still proven by " + recorded : "";
            return of(type, (proof.challenge == null ? "issue would take it now" : "it is asked for") + but, change);
        } catch (IOException | IllegalArgumentException e) {
            return new ProofChoice(null, Finding.problem(SUBJECT, Errors.describe(e)), change);
        }
    }

    private static ProofChoice of(String type, String why, String change) {
        return new ProofChoice(type, Finding.ok(SUBJECT, type + ": " + why), change);
    }

    /** The types that matter. */
    Set<String> types() {
        return type == null ? Set.copyOf(ChallengeTypeOption.TYPES) : Set.of(type);
    }

    /** What was found of the challenges, graded by which of them is taken. */
    List<Finding> judge(List<Finding> found) {
        return found.stream().map(finding -> judge(finding, found)).toList();
    }

    private Finding judge(Finding finding, List<Finding> all) {
        if (type == null || finding.grade() != Grade.PROBLEM) {
            return finding;
        }
        if (!finding.subject().equals(type)) {
            return Finding.warning(finding.subject(), finding.text() + "; it is not needed");
        }
        String wayOut = all.stream()
                .filter(other -> other.grade() == Grade.OK)
                .map(other -> "; the other one works: wucme " + change + " --challenge " + other.subject())
                .findFirst()
                .orElse("");
        return Finding.problem(finding.subject(), finding.text() + wayOut);
    }
}
