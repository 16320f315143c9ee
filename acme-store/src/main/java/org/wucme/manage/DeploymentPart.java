package org.wucme.manage;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoredCertificate;

/** Writes what was done with stored certificates. */
final class DeploymentPart {

    private static final Logger LOG = LoggerFactory.getLogger(DeploymentPart.class);

    private DeploymentPart() {}

    /** Changes what is noted, if that makes a difference, and unless a deployment runs, which notes its own result. */
    static void change(CertificateStore store, StoredCertificate stored, UnaryOperator<Deployments> change)
            throws IOException {
        if (isSame(stored, change)) {
            return;
        }
        String name = LeaseNames.deployments(stored.name());
        try (Lease lease = store.lease(name, Duration.ZERO).orElse(null)) {
            StoredCertificate present =
                    lease == null ? null : store.load(stored.name()).orElse(null);
            RenewalRecord record = present == null ? null : present.renewal();
            if (lease != null && present != null && record != null) {
                save(store, lease, present, change.apply(record.deployments()));
            }
        }
    }

    private static boolean isSame(StoredCertificate stored, UnaryOperator<Deployments> change) {
        RenewalRecord record = stored.renewal();
        return record == null || change.apply(record.deployments()).equals(record.deployments());
    }

    /**
     * Notes what was done with a certificate. Of one that was replaced meanwhile, there is nothing to note: the newer one lacks
     * what it lacks.
     *
     * @param lease of the certificate's deployments
     * @param deployed as it was read since the lease is held
     */
    static void save(CertificateStore store, Lease lease, StoredCertificate deployed, Deployments deployments)
            throws IOException {
        CertificateChain chain = deployed.chain();
        if (chain == null) {
            return;
        }
        BigInteger serial = chain.leaf().getSerialNumber();
        try {
            store.saveDeployments(lease, deployed.name(), serial, deployments);
        } catch (StoreConflictException e) {
            LOG.debug("what was done with {} is not noted", deployed.name(), Trace.of(e));
        }
    }
}
