package org.wucme.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps with a certificate: what is requested, and what has happened. Immutable.
 *
 * @param spec what is requested
 * @param unmanaged whether it is neither renewed nor deployed, while servers go on using it
 * @param origin where the present certificate came from
 * @param renewalInfo when to renew, chosen from the CA's suggestion; null if it was not asked yet
 * @param attempts what came of the attempts since the last success
 * @param deployments what was done with the present certificate
 */
public record RenewalRecord(
        CertificateSpec spec,
        boolean unmanaged,
        Origin origin,
        @Nullable AriChoice renewalInfo,
        Attempts attempts,
        Deployments deployments) {

    public RenewalRecord {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(attempts, "attempts");
        Objects.requireNonNull(deployments, "deployments");
    }

    /** A request of which nothing has come yet. */
    public static RenewalRecord of(CertificateSpec spec) {
        return new RenewalRecord(spec, false, Origin.UNKNOWN, null, Attempts.NONE, Deployments.NONE);
    }

    /** The directory of the CA that the present certificate came from. */
    public String issuer() {
        String issuedBy = origin.issuedBy();
        return issuedBy == null ? spec.directoryUrl() : issuedBy;
    }

    /** The version of a part, made from its content; null if there is nothing of it, or it is not of the record. */
    public @Nullable String versionOf(Part part) {
        return PartVersions.of(this, part);
    }

    /**
     * After a certificate was obtained.
     *
     * @param issuer directory of the CA that issued it
     * @param isEarly whether it replaces another one sooner than that would be due by its age, because the CA suggested so
     */
    public RenewalRecord obtained(String issuer, String accountUrl, Instant now, boolean isEarly) {
        String issuedBy = issuer.equals(spec.directoryUrl()) ? null : issuer;
        Origin obtained = new Origin(accountUrl, issuedBy, now, isEarly, false);
        return new RenewalRecord(spec, unmanaged, obtained, null, attempts.succeeded(), deployments.undone());
    }

    /** With another spec. */
    public RenewalRecord withSpec(CertificateSpec value) {
        return new RenewalRecord(value, unmanaged, origin, renewalInfo, attempts, deployments);
    }

    /** Managed or not. */
    public RenewalRecord withUnmanaged(boolean value) {
        return new RenewalRecord(spec, value, origin, renewalInfo, attempts, deployments);
    }

    /** With another origin. */
    public RenewalRecord withOrigin(Origin value) {
        return new RenewalRecord(spec, unmanaged, value, renewalInfo, attempts, deployments);
    }

    /** With other renewal information, or none. */
    public RenewalRecord withRenewalInfo(@Nullable AriChoice value) {
        return new RenewalRecord(spec, unmanaged, origin, value, attempts, deployments);
    }

    /** With other attempts. */
    public RenewalRecord withAttempts(Attempts value) {
        return new RenewalRecord(spec, unmanaged, origin, renewalInfo, value, deployments);
    }

    /** With other deployments. */
    public RenewalRecord withDeployments(Deployments value) {
        return new RenewalRecord(spec, unmanaged, origin, renewalInfo, attempts, value);
    }
}
