package org.wucme.store.file;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.AriChoice;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RenewalRecord;

/**
 * A renewal record as it is written to its file.
 *
 * @param record what it says
 * @param seal what it says of the certificate it was written with
 * @param members everything in the file, known or not
 */
record RenewalJson(RenewalRecord record, Seal seal, JsonMembers members) {

    static final int VERSION = 1;

    /**
     * Reads the text of a record.
     *
     * @throws IllegalArgumentException if it is not understood; the message says why
     */
    static RenewalJson parse(String text) {
        JsonMembers members = JsonMembers.parse(text);
        requireVersion(members);
        String keyType = members.text("keyType");
        String chain = members.text("preferredChain");
        RenewalRecord record = RenewalRecord.builder(identifiers(members), members.requiredText("directory"))
                .accountUrl(members.text("account"))
                .profile(members.text("profile"))
                .preferredChain(chain == null ? null : ChainPreference.of(chain))
                .challengeType(members.text("challenge"))
                .keyType(keyType == null ? null : KeyType.of(keyType))
                .keyReuse(members.flag("keyReuse"))
                .keyCompromised(members.flag("keyCompromised"))
                .unmanaged(members.flag("unmanaged"))
                .issuedBy(members.text("issuedBy"))
                .obtained(members.instant("obtained"))
                .renewedEarly(members.flag("renewedEarly"))
                .ari(ari(members.object("ari")))
                .failures(members.number("failures", 0))
                .lastProblem(members.text("lastProblem"))
                .failedAuthorizations(members.instants("failedAuthorizations"))
                .nextAttempt(members.instant("nextAttempt"))
                .unreachableCa(members.text("unreachableCa"))
                .refusedSettings(members.text("refusedSettings"))
                .pendingOrder(members.text("pendingOrder"))
                .deploymentsOwed(members.texts("deploymentsOwed"))
                .deployed(members.texts("deployed"))
                .deploymentFailure(deploymentFailure(members.object("deploymentFailure")))
                .build();
        return new RenewalJson(record, seal(members), members);
    }

    private static Seal seal(JsonMembers members) {
        return new Seal(
                members.text("certificate"),
                members.text("certificateFile"),
                members.instant("notBefore"),
                members.instant("notAfter"));
    }

    /**
     * The text of a record.
     *
     * @param before what it takes the place of, whose unknown members it keeps
     * @param seal of the certificate it belongs to
     */
    static String text(RenewalRecord record, @Nullable RenewalJson before, Seal seal) {
        JsonMembers members = before == null ? JsonMembers.empty() : before.members.copy();
        return members.set("version", VERSION)
                .set(
                        "identifiers",
                        record.identifiers().stream().map(RenewalJson::json).toList())
                .set("directory", record.directoryUrl())
                .set("account", record.accountUrl())
                .set("profile", record.profile())
                .set(
                        "preferredChain",
                        record.preferredChain() == null
                                ? null
                                : record.preferredChain().value())
                .set("challenge", record.challengeType())
                .set(
                        "keyType",
                        record.keyType() == null ? null : record.keyType().toString())
                .set("keyReuse", record.keyReuse() ? true : null)
                .set("keyCompromised", record.keyCompromised() ? true : null)
                .set("unmanaged", record.unmanaged() ? true : null)
                .set("issuedBy", record.issuedBy())
                .set("obtained", text(record.obtained()))
                .set("renewedEarly", record.renewedEarly() ? true : null)
                .set("ari", json(record.ari(), members.object("ari")))
                .set("failures", record.failures())
                .set("lastProblem", record.lastProblem())
                .set("failedAuthorizations", texts(record.failedAuthorizations()))
                .set("nextAttempt", text(record.nextAttempt()))
                .set("unreachableCa", record.unreachableCa())
                .set("refusedSettings", record.refusedSettings())
                .set("pendingOrder", record.pendingOrder())
                .set("deploymentsOwed", record.deploymentsOwed())
                .set("deployed", record.deployed())
                .set("deploymentFailure", json(record.deploymentFailure(), members.object("deploymentFailure")))
                .set("certificate", seal.certificate())
                .set("certificateFile", seal.digest())
                .set("notBefore", text(seal.notBefore()))
                .set("notAfter", text(seal.notAfter()))
                .toText();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** Fingerprint of the certificate it was written with; null if there was none. */
    @Nullable
    String certificate() {
        return seal.certificate();
    }

    static void requireVersion(JsonMembers members) {
        int version = members.number("version", VERSION);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "it is of version " + version + ", which only a later wucme understands");
        }
    }

    private static List<Identifier> identifiers(JsonMembers members) {
        return members.objects("identifiers").stream()
                .map(object -> new Identifier(object.requiredText("type"), object.requiredText("value")))
                .toList();
    }

    private static Map<String, String> json(Identifier identifier) {
        return Map.of("type", identifier.type(), "value", identifier.value());
    }

    private static @Nullable List<String> texts(List<Instant> instants) {
        return instants.isEmpty()
                ? null
                : instants.stream().map(Instant::toString).toList();
    }

    private static @Nullable AriChoice ari(@Nullable JsonMembers ari) {
        if (ari == null) {
            return null;
        }
        return new AriChoice(time(ari), ari.text("explanationUrl"), ari.requiredInstant("askAgainAt"));
    }

    private static @Nullable RenewalTime time(JsonMembers ari) {
        if (ari.instant("chosen") == null) {
            return null;
        }
        return new RenewalTime(
                ari.requiredInstant("windowStart"), ari.requiredInstant("windowEnd"), ari.requiredInstant("chosen"));
    }

    private static @Nullable DeploymentFailure deploymentFailure(@Nullable JsonMembers failure) {
        return failure == null
                ? null
                : new DeploymentFailure(
                        failure.number("failures", 1),
                        failure.requiredText("problem"),
                        failure.requiredInstant("nextAttempt"));
    }

    private static @Nullable JsonMembers json(@Nullable DeploymentFailure failure, @Nullable JsonMembers before) {
        return failure == null
                ? null
                : (before == null ? JsonMembers.empty() : before)
                        .set("failures", failure.failures())
                        .set("problem", failure.problem())
                        .set("nextAttempt", failure.nextAttempt().toString());
    }

    private static @Nullable JsonMembers json(@Nullable AriChoice ari, @Nullable JsonMembers before) {
        if (ari == null) {
            return null;
        }
        RenewalTime time = ari.time();
        return (before == null ? JsonMembers.empty() : before)
                .set("windowStart", time == null ? null : time.windowStart().toString())
                .set("windowEnd", time == null ? null : time.windowEnd().toString())
                .set("chosen", time == null ? null : time.chosen().toString())
                .set("explanationUrl", ari.explanationUrl())
                .set("askAgainAt", ari.askAgainAt().toString());
    }
}
