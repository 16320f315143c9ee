package org.wucme.manage;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.store.StoredCertificate;

/** What became of one certificate in one run of the manager. */
public sealed interface Outcome {

    /** The certificate as it was found in the store; as it is now, if it was obtained. */
    StoredCertificate certificate();

    /** A new certificate was obtained and stored. */
    record Obtained(StoredCertificate certificate) implements Outcome {}

    /** There was nothing to do, and there will not be before this moment. */
    record Current(StoredCertificate certificate, Instant until) implements Outcome {}

    /** It did not work; what was stored before is untouched. */
    record Failed(
            StoredCertificate certificate,
            IOException cause,
            @Nullable Instant nextAttempt) implements Outcome {}

    /** A human must look first. */
    record NeedsHelp(StoredCertificate certificate, String problem) implements Outcome {}
}
