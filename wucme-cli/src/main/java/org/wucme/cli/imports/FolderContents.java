package org.wucme.cli.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wucme.cli.Errors;

/** What was found in the folder of another client, and what must be said of it. Not thread-safe. */
final class FolderContents {

    private final List<ForeignAccount> accounts = new ArrayList<>();
    private final List<ForeignCertificate> certificates = new ArrayList<>();
    private final Report report;

    FolderContents(Report report) {
        this.report = report;
    }

    /** Something that may be found, or not be what it should be. */
    interface Search {
        void run() throws IOException;
    }

    /** Looks for something; that it cannot be read is said of it, and ends nothing else. */
    void lookAt(String where, Search search) {
        try {
            search.run();
        } catch (LeftOutException e) {
            report.leftOut(where, String.valueOf(e.getMessage()));
        } catch (IOException | IllegalArgumentException e) {
            report.failed(where, Errors.describe(e));
        }
    }

    void add(ForeignAccount account) {
        accounts.add(account);
    }

    void add(ForeignCertificate certificate) {
        certificates.add(certificate);
        String remark = certificate.remark();
        if (remark != null) {
            note(certificate.where(), "its chain is corrected: " + remark);
        }
    }

    /** Something that is not taken over, and does not keep anything else from being so. */
    void note(String where, String what) {
        report.note(where, what);
    }

    List<ForeignAccount> accounts() {
        return List.copyOf(accounts);
    }

    List<ForeignCertificate> certificates() {
        return List.copyOf(certificates);
    }
}
