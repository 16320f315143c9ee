package org.wucme.cli.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.cli.SecretFile;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.CertificateExport;

/** Writes a certificate into files of another form, for servers that want these. */
final class ExportAction {

    private static final Logger LOG = LoggerFactory.getLogger(ExportAction.class);
    private static final String PEM = "pem:";
    private static final String PKCS12 = "pkcs12:";

    private ExportAction() {}

    /** Whether words that begin so are meant to be one. */
    static boolean isOne(String first) {
        return first.startsWith(PEM) || first.startsWith(PKCS12);
    }

    /**
     * Reads {@code pem:DIR} or {@code pkcs12:FILE PASSWORD-FILE}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Deployment of(List<String> words) {
        String first = words.get(0);
        if (first.startsWith(PEM) && words.size() == 1) {
            String folder = absolute(first.substring(PEM.length()));
            return certificate -> log(CertificateExport.of(certificate).toPem(place(folder, certificate)), first);
        }
        if (first.startsWith(PKCS12) && words.size() == 2) {
            String file = absolute(first.substring(PKCS12.length()));
            Path password = Path.of(absolute(words.get(1)));
            return certificate -> log(toPkcs12(certificate, place(file, certificate), password), first);
        }
        throw new IllegalArgumentException("it is neither pem:DIR nor pkcs12:FILE PASSWORD-FILE");
    }

    private static boolean toPkcs12(StoredCertificate certificate, Path file, Path passwordFile) throws IOException {
        return CertificateExport.of(certificate)
                .toPkcs12(file, SecretFile.read(passwordFile).toCharArray());
    }

    private static void log(boolean isWritten, String text) {
        LOG.info("{}: {}", text, isWritten ? "written" : "there already");
    }

    // Each process has a working folder of its own.
    private static String absolute(String path) {
        if (!Path.of(path).isAbsolute()) {
            throw new IllegalArgumentException("\"" + path + "\" is no absolute path");
        }
        return path;
    }

    private static Path place(String pattern, StoredCertificate certificate) throws IOException {
        return Path.of(new NamePattern(pattern).of(certificate));
    }
}
