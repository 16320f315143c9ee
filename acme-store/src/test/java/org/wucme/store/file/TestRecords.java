package org.wucme.store.file;

import java.util.List;
import org.wucme.acme.Identifier;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;

/** Renewal records to store. Apart from the certificates, whose keys take time that a child process does not have. */
final class TestRecords {

    private TestRecords() {}

    /** A record that its count of failures tells from others. */
    static RenewalRecord renewal(int failures) {
        return RecordBuilder.of(List.of(Identifier.dns("www.example.org")), TestCertificates.DIRECTORY)
                .failures(failures)
                .build();
    }
}
