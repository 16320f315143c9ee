package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;
import org.wucme.store.StoreException;

/**
 * The PEM files of one certificate:
 *
 * <pre>
 * cert.pem      a link to .wucme/cert.pem; the same for the other three
 * .wucme        a link to the present version, replaced in one step
 * .wucme-123    a version: a folder with the four files
 * </pre>
 *
 * <p>The version before is kept, for a reader that has just followed the link to it. The caller holds the lock.
 */
final class PemFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);
    private static final String CERTIFICATE = "cert.pem";
    private static final String PRESENT = ".wucme";
    private static final String VERSION = PRESENT + "-";

    private final Folder folder;
    private final Path present;
    private final Path presentName;

    PemFiles(Folder folder) {
        this.folder = folder;
        this.present = folder.path().resolve(PRESENT);
        this.presentName = folder.path().getFileSystem().getPath(PRESENT);
    }

    /** Writes an export, unless it is there. */
    boolean write(CertificateExport export) throws IOException {
        Map<String, String> texts = texts(export);
        requireOurs(texts.keySet());
        if (isThere(texts)) {
            return false;
        }
        requireReplaced(export);
        Path before = Files.isSymbolicLink(present) ? Files.readSymbolicLink(present) : presentName;
        Path version = writeVersion(texts);
        try {
            folder.lead(present, version.getFileName());
        } catch (IOException | RuntimeException e) {
            removeUnused(version, texts.keySet());
            throw e;
        }
        for (String file : texts.keySet()) {
            if (!isOurs(folder.path().resolve(file))) {
                folder.lead(folder.path().resolve(file), presentName.resolve(file));
            }
        }
        removeBut(Set.of(version.getFileName(), before), texts.keySet());
        return true;
    }

    private static Map<String, String> texts(CertificateExport export) {
        List<X509Certificate> certificates = export.chain().certificates();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(CERTIFICATE, Pem.encode(certificates.subList(0, 1)));
        texts.put("chain.pem", Pem.encode(certificates.subList(1, certificates.size())));
        texts.put("fullchain.pem", Pem.encode(certificates));
        texts.put("privkey.pem", Pem.encode(export.keyPair().getPrivate()));
        return texts;
    }

    private void requireOurs(Set<String> files) throws IOException {
        for (String file : files) {
            Path path = folder.path().resolve(file);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isOurs(path)) {
                throw new StoreException(path
                        + " is not from an earlier export, and left alone: move it away, or export to another folder");
            }
        }
        if (Files.exists(present, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(present)) {
            throw new StoreException(present + " is in the way of a link: move it away, or export to another folder");
        }
    }

    private boolean isOurs(Path file) throws IOException {
        return Files.isSymbolicLink(file)
                && Files.readSymbolicLink(file).equals(presentName.resolve(file.getFileName()));
    }

    private boolean isThere(Map<String, String> texts) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path file = folder.path().resolve(text.getKey());
            if (!Files.exists(file) || !folder.read(file).orElse("").equals(text.getValue())) {
                return false;
            }
        }
        return true;
    }

    private void requireReplaced(CertificateExport export) throws IOException {
        Path file = present.resolve(CERTIFICATE);
        if (!Files.exists(file)) {
            return;
        }
        try {
            List<X509Certificate> certificates =
                    Pem.certificates(folder.read(file).orElse(""));
            if (!certificates.isEmpty()) {
                export.requireReplaces(new CertificateChain(certificates), folder.path());
            }
        } catch (PemException e) {
            throw new StoreException(Contents.notUnderstood(file, e), e);
        }
    }

    private Path writeVersion(Map<String, String> texts) throws IOException {
        // For the owner only, by its definition.
        Folder version = new Folder(Files.createTempDirectory(folder.path(), VERSION));
        try {
            for (Map.Entry<String, String> text : texts.entrySet()) {
                version.write(version.path().resolve(text.getKey()), text.getValue());
            }
            version.sync();
        } catch (IOException | RuntimeException e) {
            remove(version.path(), texts.keySet());
            throw e;
        }
        return version.path();
    }

    private void removeUnused(Path version, Set<String> files) throws IOException {
        if (!Files.isSymbolicLink(present) || !version.endsWith(Files.readSymbolicLink(present))) {
            remove(version, files);
        }
    }

    private void removeBut(Set<Path> kept, Set<String> files) throws IOException {
        try (Stream<Path> all = Files.list(folder.path())) {
            all.filter(path -> String.valueOf(path.getFileName()).startsWith(VERSION))
                    .filter(path -> !kept.contains(path.getFileName()))
                    .forEach(path -> remove(path, files));
        }
    }

    private static void remove(Path version, Set<String> files) {
        try {
            for (String file : files) {
                Files.deleteIfExists(version.resolve(file));
            }
            Files.deleteIfExists(version);
        } catch (IOException e) {
            LOG.debug("left {} behind", version, Trace.of(e));
        }
    }
}
