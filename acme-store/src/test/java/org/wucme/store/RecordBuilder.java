package org.wucme.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;

/** Puts renewal records together that a test needs in some state. */
public final class RecordBuilder {

    private final CertificateSpec.Builder spec;
    private RenewalRecord record;

    private RecordBuilder(RenewalRecord record) {
        this.spec = record.spec().toBuilder();
        this.record = record;
    }

    public static RecordBuilder of(Collection<Identifier> identifiers, String directoryUrl) {
        return of(CertificateSpec.builder(identifiers).ca(Ca.of(directoryUrl)).build());
    }

    public static RecordBuilder of(CertificateSpec spec) {
        return of(RenewalRecord.of(spec));
    }

    public static RecordBuilder of(RenewalRecord record) {
        return new RecordBuilder(record);
    }

    public RecordBuilder identifiers(Collection<Identifier> value) {
        spec.identifiers(value);
        return this;
    }

    public RecordBuilder ca(Ca value) {
        spec.ca(value);
        return this;
    }

    public RecordBuilder name(@Nullable String value) {
        spec.name(value);
        return this;
    }

    public RecordBuilder profile(@Nullable String value) {
        spec.profile(value);
        return this;
    }

    public RecordBuilder preferredChain(@Nullable ChainPreference value) {
        spec.preferredChain(value);
        return this;
    }

    public RecordBuilder challengeType(@Nullable String value) {
        spec.challengeType(value);
        return this;
    }

    public RecordBuilder dnsProvider(@Nullable String value) {
        spec.dnsProvider(value);
        return this;
    }

    public RecordBuilder keyType(@Nullable KeyType value) {
        spec.keyType(value);
        return this;
    }

    public RecordBuilder keyReuse(boolean value) {
        spec.keyReuse(value);
        return this;
    }

    public RecordBuilder unmanaged(boolean value) {
        record = record.withUnmanaged(value);
        return this;
    }

    public RecordBuilder ari(@Nullable AriChoice value) {
        record = record.withRenewalInfo(value);
        return this;
    }

    public RecordBuilder accountUrl(@Nullable String value) {
        Origin it = record.origin();
        return origin(new Origin(value, it.issuedBy(), it.obtained(), it.renewedEarly(), it.keyCompromised()));
    }

    public RecordBuilder issuedBy(@Nullable String value) {
        Origin it = record.origin();
        return origin(new Origin(it.accountUrl(), value, it.obtained(), it.renewedEarly(), it.keyCompromised()));
    }

    public RecordBuilder obtained(@Nullable Instant value) {
        Origin it = record.origin();
        return origin(new Origin(it.accountUrl(), it.issuedBy(), value, it.renewedEarly(), it.keyCompromised()));
    }

    public RecordBuilder renewedEarly(boolean value) {
        Origin it = record.origin();
        return origin(new Origin(it.accountUrl(), it.issuedBy(), it.obtained(), value, it.keyCompromised()));
    }

    public RecordBuilder keyCompromised(boolean value) {
        Origin it = record.origin();
        return origin(new Origin(it.accountUrl(), it.issuedBy(), it.obtained(), it.renewedEarly(), value));
    }

    private RecordBuilder origin(Origin value) {
        record = record.withOrigin(value);
        return this;
    }

    public RecordBuilder failures(int value) {
        Attempts it = record.attempts();
        return attempts(new Attempts(
                value,
                it.lastProblem(),
                it.failedAuthorizations(),
                it.nextAttempt(),
                it.unreachableCa(),
                it.refusedSettings(),
                it.pendingOrder()));
    }

    public RecordBuilder lastProblem(@Nullable String value) {
        Attempts it = record.attempts();
        return attempts(new Attempts(
                it.failures(),
                value,
                it.failedAuthorizations(),
                it.nextAttempt(),
                it.unreachableCa(),
                it.refusedSettings(),
                it.pendingOrder()));
    }

    public RecordBuilder failedAuthorizations(Collection<Instant> value) {
        Attempts it = record.attempts();
        return attempts(new Attempts(
                it.failures(),
                it.lastProblem(),
                List.copyOf(value),
                it.nextAttempt(),
                it.unreachableCa(),
                it.refusedSettings(),
                it.pendingOrder()));
    }

    public RecordBuilder nextAttempt(@Nullable Instant value) {
        Attempts it = record.attempts();
        return attempts(new Attempts(
                it.failures(),
                it.lastProblem(),
                it.failedAuthorizations(),
                value,
                it.unreachableCa(),
                it.refusedSettings(),
                it.pendingOrder()));
    }

    public RecordBuilder unreachableCa(@Nullable String value) {
        return attempts(record.attempts().withUnreachableCa(value));
    }

    public RecordBuilder refusedSettings(@Nullable String value) {
        return attempts(record.attempts().withRefusedSettings(value));
    }

    public RecordBuilder pendingOrder(@Nullable String value) {
        return attempts(record.attempts().withPendingOrder(value));
    }

    private RecordBuilder attempts(Attempts value) {
        record = record.withAttempts(value);
        return this;
    }

    public RecordBuilder deploymentsOwed(Collection<String> value) {
        Deployments it = record.deployments();
        return deployments(new Deployments(List.copyOf(value), it.done(), it.failure()));
    }

    public RecordBuilder deployed(Collection<String> value) {
        Deployments it = record.deployments();
        return deployments(new Deployments(it.pending(), List.copyOf(value), it.failure()));
    }

    public RecordBuilder deploymentFailure(@Nullable DeploymentFailure value) {
        Deployments it = record.deployments();
        return deployments(new Deployments(it.pending(), it.done(), value));
    }

    private RecordBuilder deployments(Deployments value) {
        record = record.withDeployments(value);
        return this;
    }

    public RenewalRecord build() {
        return record.withSpec(spec.build());
    }
}
