package org.wucme.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.internal.JsonMembers;

/**
 * A renewal record as a JSON object, for stores that keep text. Members that this version does not know are kept, and a store may
 * add members of its own. Immutable.
 */
public final class RecordJson {

    private final RenewalRecord record;
    private final JsonMembers members;

    private RecordJson(RenewalRecord record, JsonMembers members) {
        this.record = record;
        this.members = members;
    }

    /** A new record. */
    public static RecordJson of(RenewalRecord record) {
        return new RecordJson(record, write(record, JsonMembers.empty()));
    }

    /**
     * Reads what {@link #toText} wrote, in this version or another.
     *
     * @throws IllegalArgumentException if it is not understood; the message says why
     */
    public static RecordJson parse(String text) {
        return parse(text, Ca::of);
    }

    /**
     * As {@link #parse(String)}, for a store that reads thousands: {@link Ca#of} looks for CA providers at each call.
     *
     * @param cas the CA of a directory URL; throws an IllegalArgumentException if it is no URL of a directory
     */
    public static RecordJson parse(String text, Function<String, Ca> cas) {
        JsonMembers members = JsonMembers.parse(text);
        members.requireVersion();
        RenewalRecord record = new RenewalRecord(
                spec(members, cas),
                members.flag("unmanaged"),
                origin(members),
                ari(members.object("ari")),
                attempts(members),
                deployments(members));
        return new RecordJson(record, members);
    }

    /** The record. */
    public RenewalRecord record() {
        return record;
    }

    /** With another record; members that are not its own stay. */
    public RecordJson with(RenewalRecord replacement) {
        return new RecordJson(replacement, write(replacement, members.copy()));
    }

    /**
     * A member that the store has added; null if there is none.
     *
     * @throws IllegalArgumentException if it is no text
     */
    public @Nullable String text(String member) {
        return members.text(member);
    }

    /**
     * An instant that the store has added as text; null if there is none.
     *
     * @throws IllegalArgumentException if it is no instant
     */
    public @Nullable Instant instant(String member) {
        return members.instant(member);
    }

    /** With a member of the store's own; without it if the value is null. */
    public RecordJson with(String member, @Nullable String value) {
        return new RecordJson(record, members.copy().set(member, value));
    }

    /** As text. */
    public String toText() {
        return members.toText();
    }

    private static CertificateSpec spec(JsonMembers members, Function<String, Ca> cas) {
        String keyType = members.text("keyType");
        String chain = members.text("preferredChain");
        String window = members.text("maintenanceWindow");
        return CertificateSpec.builder(identifiers(members))
                .name(members.text("name"))
                .ca(cas.apply(members.requiredText("directory")))
                .profile(members.text("profile"))
                .preferredChain(chain == null ? null : ChainPreference.of(chain))
                .challengeType(members.text("challenge"))
                .dnsProvider(members.text("dnsProvider"))
                .keyType(keyType == null ? null : KeyType.of(keyType))
                .keyReuse(members.flag("keyReuse"))
                .maintenanceWindow(window == null ? null : MaintenanceWindow.of(window, ZoneOffset.UTC))
                .build();
    }

    private static List<Identifier> identifiers(JsonMembers members) {
        List<Identifier> identifiers = members.objects("identifiers").stream()
                .map(object -> new Identifier(object.requiredText("type"), object.requiredText("value")))
                .toList();
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("a certificate has at least one name");
        }
        return identifiers;
    }

    private static Origin origin(JsonMembers members) {
        return new Origin(
                members.text("account"),
                members.text("issuedBy"),
                members.instant("obtained"),
                members.flag("renewedEarly"),
                members.flag("keyCompromised"));
    }

    private static Attempts attempts(JsonMembers members) {
        return new Attempts(
                members.number("failures", 0),
                members.text("lastProblem"),
                members.instants("failedAuthorizations"),
                members.instant("nextAttempt"),
                members.text("unreachableCa"),
                members.text("refusedSettings"),
                members.text("pendingOrder"));
    }

    private static Deployments deployments(JsonMembers members) {
        return new Deployments(
                members.texts("deploymentsOwed"),
                members.texts("deployed"),
                deploymentFailure(members.object("deploymentFailure")));
    }

    private static @Nullable DeploymentFailure deploymentFailure(@Nullable JsonMembers failure) {
        return failure == null
                ? null
                : new DeploymentFailure(
                        failure.number("failures", 1),
                        failure.requiredText("problem"),
                        failure.requiredInstant("nextAttempt"));
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

    // The order of members is part of what a version before writes.
    private static JsonMembers write(RenewalRecord record, JsonMembers members) {
        CertificateSpec spec = record.spec();
        Origin origin = record.origin();
        Attempts attempts = record.attempts();
        Deployments deployments = record.deployments();
        return members.setVersion()
                .set("name", spec.name())
                .set(
                        "identifiers",
                        spec.identifiers().stream().map(RecordJson::json).toList())
                .set("directory", spec.directoryUrl())
                .set("account", origin.accountUrl())
                .set("profile", spec.profile())
                .set("preferredChain", textOf(spec.preferredChain()))
                .set("challenge", spec.challengeType())
                .set("dnsProvider", spec.dnsProvider())
                .set("keyType", spec.keyType() == null ? null : spec.keyType().toString())
                .set("keyReuse", ifTrue(spec.keyReuse()))
                .set("maintenanceWindow", Objects.toString(spec.maintenanceWindow(), null))
                .set("keyCompromised", ifTrue(origin.keyCompromised()))
                .set("unmanaged", ifTrue(record.unmanaged()))
                .set("issuedBy", origin.issuedBy())
                .set("obtained", textOf(origin.obtained()))
                .set("renewedEarly", ifTrue(origin.renewedEarly()))
                .set("ari", json(record.renewalInfo(), members.object("ari")))
                .set("failures", attempts.failures())
                .set("lastProblem", attempts.lastProblem())
                .set("failedAuthorizations", textsOf(attempts.failedAuthorizations()))
                .set("nextAttempt", textOf(attempts.nextAttempt()))
                .set("unreachableCa", attempts.unreachableCa())
                .set("refusedSettings", attempts.refusedSettings())
                .set("pendingOrder", attempts.pendingOrder())
                .set("deploymentsOwed", deployments.pending())
                .set("deployed", deployments.done())
                .set("deploymentFailure", json(deployments.failure(), members.object("deploymentFailure")));
    }

    private static JsonMembers json(Identifier identifier) {
        return JsonMembers.empty().set("type", identifier.type()).set("value", identifier.value());
    }

    private static @Nullable Boolean ifTrue(boolean value) {
        return value ? true : null;
    }

    private static @Nullable String textOf(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable String textOf(@Nullable ChainPreference chain) {
        return chain == null ? null : chain.value();
    }

    private static @Nullable List<String> textsOf(List<Instant> instants) {
        return instants.isEmpty()
                ? null
                : instants.stream().map(Instant::toString).toList();
    }

    private static @Nullable JsonMembers json(@Nullable DeploymentFailure failure, @Nullable JsonMembers before) {
        return failure == null
                ? null
                : membersOf(before)
                        .set("failures", failure.failures())
                        .set("problem", failure.problem())
                        .set("nextAttempt", failure.nextAttempt().toString());
    }

    private static @Nullable JsonMembers json(@Nullable AriChoice ari, @Nullable JsonMembers before) {
        if (ari == null) {
            return null;
        }
        RenewalTime time = ari.time();
        return membersOf(before)
                .set("windowStart", time == null ? null : time.windowStart().toString())
                .set("windowEnd", time == null ? null : time.windowEnd().toString())
                .set("chosen", time == null ? null : time.chosen().toString())
                .set("explanationUrl", ari.explanationUrl())
                .set("askAgainAt", ari.askAgainAt().toString());
    }

    private static JsonMembers membersOf(@Nullable JsonMembers before) {
        return before == null ? JsonMembers.empty() : before;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordJson that && record.equals(that.record) && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return Objects.hash(record, members);
    }

    @Override
    public String toString() {
        return "RecordJson[" + record + "]";
    }
}
