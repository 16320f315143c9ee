package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.TestCertificates.Issued;

/**
 * A process of its own that exports one certificate after another, to one folder or to several at once, and writes the number
 * of the folder and that of the export on standard output after each. Arguments: a folder with certificates, how many
 * exports, and the folders to export to.
 */
final class ExportingChild {

    private ExportingChild() {}

    public static void main(String[] arguments) {
        List<Issued> pool = SavingChild.readPool(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            int number = i - 2;
            Path folder = Path.of(arguments[i]);
            new Thread(() -> exportAll(number, folder, count, pool)).start();
        }
    }

    private static void exportAll(int number, Path folder, int count, List<Issued> pool) {
        try {
            for (int i = 0; i < count; i++) {
                Issued issued = pool.get(i % pool.size());
                CertificateExport.of(new StoredCertificate(
                                TestCertificates.NAME, "/store", issued.chain(), issued.keyPair(), null, null))
                        .toPem(folder);
                System.out.println(number + " " + i);
            }
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }
}
