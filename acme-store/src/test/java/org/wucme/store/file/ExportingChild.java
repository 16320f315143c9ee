package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.TestCertificates.Issued;

/**
 * A process of its own that exports one certificate after another, and says so on standard output before each. Arguments:
 * the folder to export to, a folder with certificates, how many.
 */
final class ExportingChild {

    private ExportingChild() {}

    public static void main(String[] arguments) throws IOException {
        List<Issued> pool = SavingChild.readPool(Path.of(arguments[1]));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            Issued issued = pool.get(i % pool.size());
            CertificateExport.of(new StoredCertificate(
                            TestCertificates.NAME, "/store", issued.chain(), issued.keyPair(), null, null))
                    .toPem(Path.of(arguments[0]));
            System.out.println(i);
        }
    }
}
