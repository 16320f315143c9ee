package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainAssembly;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/** A certificate that the user named: by what the store calls it, by its file, or by a name in it. */
final class CertificateArgument {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateArgument.class);

    private CertificateArgument() {}

    /**
     * Finds it in the store, else in a file that holds a certificate and its key.
     *
     * @throws IOException if it is neither here nor there
     */
    static StoredCertificate find(FileStore store, String argument) throws IOException {
        Path file = Path.of(argument);
        String name = isIn(store, file) ? FileStore.nameOf(file).orElse(argument) : argument;
        List<StoredCertificate> stored = store.list();
        Optional<StoredCertificate> found = first(stored, one -> one.name().equalsIgnoreCase(name))
                .or(() -> first(stored, one -> isFor(one, argument)));
        if (found.isPresent()) {
            return found.get();
        }
        if (!Files.exists(file)) {
            throw new IOException("there is no certificate \"" + OneLine.of(argument) + "\" in " + store.path()
                    + ", and no such file; \"wucme certificates\" lists what there is");
        }
        return read(store, file);
    }

    private static boolean isIn(FileStore store, Path file) throws IOException {
        Path parent = file.getParent();
        return parent == null || (Files.exists(parent) && Files.isSameFile(parent, store.path()));
    }

    private static Optional<StoredCertificate> first(
            List<StoredCertificate> stored, Predicate<StoredCertificate> wanted) {
        return stored.stream().filter(wanted).findFirst();
    }

    private static boolean isFor(StoredCertificate stored, String host) {
        return stored.identifiers().stream()
                .anyMatch(identifier -> identifier.value().equalsIgnoreCase(host));
    }

    private static StoredCertificate read(FileStore store, Path file) throws IOException {
        PemFile pem = PemFile.read(file);
        KeyPair key = pem.key();
        ChainAssembly assembly = pem.chain(key);
        assembly.remark().ifPresent(remark -> LOG.warn("correcting the chain in {}: {}", file, remark));
        CertificateChain chain = assembly.chain();
        String name = chain.identifiers().stream()
                .findFirst()
                .map(store::nameOf)
                .orElseThrow(() -> new IOException(file + " holds a certificate without a name"));
        return new StoredCertificate(name, file.toString(), chain, key, null, null);
    }
}
