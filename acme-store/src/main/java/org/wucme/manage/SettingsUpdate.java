package org.wucme.manage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Part;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Notices settings that differ from those of a stored certificate, and records them. They take effect at its next renewal. */
final class SettingsUpdate {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsUpdate.class);

    private final CertificateStore store;

    SettingsUpdate(CertificateStore store) {
        this.store = store;
    }

    /** Whether a request has settings that the record of a stored certificate has not. */
    static boolean isNeeded(StoredCertificate present, CertificateSpec requested) {
        RenewalRecord before = present.renewal();
        return before != null
                && (before.unmanaged()
                        || !before.spec().withSettingsOf(requested).equals(before.spec()));
    }

    /** Records the settings of a request, if they differ. The caller holds the certificate's lock. */
    StoredCertificate record(StoredCertificate present, CertificateSpec requested) throws IOException {
        RenewalRecord before = present.renewal();
        if (before == null || !isNeeded(present, requested)) {
            return present;
        }
        CertificateSpec after = before.spec().withSettingsOf(requested);
        store.saveSpec(present.name(), after, false, present.versionOf(Part.SPEC));
        List<String> changes = new ArrayList<>(after.differencesFrom(before.spec()));
        if (before.unmanaged()) {
            changes.add("managed again");
        }
        LOG.info(
                "{}: {}; stored, and in effect from the next renewal on",
                present.name(),
                OneLine.of(String.join(", ", changes)));
        return store.load(present.name()).orElseThrow();
    }
}
