package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
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
        List<StoredCertificate> stored = store.list();
        Optional<StoredCertificate> found = named(stored, store, argument)
                .or(() -> stored.stream().filter(one -> isFor(one, argument)).findFirst());
        if (found.isPresent()) {
            return found.get();
        }
        if (!Files.exists(file)) {
            throw new IOException(missing(stored, store, argument, ", and no such file"));
        }
        return read(store, file);
    }

    /**
     * Finds it in the store alone, for what must not be done with another one.
     *
     * @throws IOException if there is none, or if a host is in several
     */
    static StoredCertificate findStored(FileStore store, String argument) throws IOException {
        List<StoredCertificate> stored = store.list();
        Optional<StoredCertificate> named = named(stored, store, argument);
        if (named.isPresent()) {
            return named.get();
        }
        List<StoredCertificate> found =
                stored.stream().filter(one -> isFor(one, argument)).toList();
        if (found.size() > 1) {
            throw new IOException("\"" + OneLine.of(argument) + "\" is in several certificates: give one of "
                    + found.stream().map(StoredCertificate::name).collect(Collectors.joining(", ")));
        }
        return found.stream().findFirst().orElseThrow(() -> new IOException(missing(stored, store, argument, "")));
    }

    private static Optional<StoredCertificate> named(List<StoredCertificate> stored, FileStore store, String argument)
            throws IOException {
        Path file = Path.of(argument);
        String name = isIn(store, file) ? FileStore.nameOf(file).orElse(argument) : argument;
        return stored.stream().filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
    }

    private static String missing(List<StoredCertificate> stored, FileStore store, String argument, String more) {
        List<String> names = stored.stream()
                .flatMap(one -> Stream.concat(
                        Stream.of(one.name()), one.identifiers().stream().map(Identifier::value)))
                .toList();
        List<String> near = NearNames.of(argument, names);
        return "there is no certificate \"" + OneLine.of(argument) + "\" in " + store.path() + more
                + (near.isEmpty() ? "" : "; did you mean " + OneLine.of(String.join(" or ", near)) + "?")
                + "; \"wucme certificates\" lists what there is";
    }

    private static boolean isIn(FileStore store, Path file) throws IOException {
        Path parent = file.getParent();
        return parent == null || (Files.exists(parent) && Files.isSameFile(parent, store.path()));
    }

    private static boolean isFor(StoredCertificate stored, String host) {
        String spelled = asInCertificates(host);
        return stored.identifiers().stream()
                .anyMatch(identifier -> identifier.value().equalsIgnoreCase(spelled));
    }

    // "issue" takes more spellings: Unicode, a dot at the end, an IPv6 address in full.
    private static String asInCertificates(String host) {
        try {
            return Identifier.of(host).value();
        } catch (IllegalArgumentException e) {
            return host;
        }
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
