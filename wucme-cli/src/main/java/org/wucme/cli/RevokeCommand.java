package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Ca;
import org.wucme.acme.RevocationReason;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.manage.CertificateManager;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description =
                "Revokes a certificate. One of the store is kept afterwards under a name that says so, and renewed no more.")
final class RevokeCommand extends WucmeCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(RevokeCommand.class);
    private static final String PRIVATE_KEY = "PRIVATE KEY-----";

    @Parameters(paramLabel = "FILE", description = "The certificate (PEM); a name alone is looked for in the store.")
    @Nullable
    Path file;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "unspecified",
            description =
                    "Name or number: unspecified (0), key-compromise (1), superseded (4), cessation-of-operation (5),"
                            + " or another of RFC 5280 (default: ${DEFAULT-VALUE}).")
    String reason = "unspecified";

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        RevocationReason why = RevocationReason.of(reason);
        FileStore store = globals.openStore();
        Path path = find(Objects.requireNonNull(file), store.path());
        PemFile pem = PemFile.read(path);
        KeyPair key = keyIn(pem);
        X509Certificate certificate = pem.chain(key).chain().leaf();
        StoredCertificate stored = stored(store, certificate).orElse(null);
        try (CertificateManager manager =
                CertificateManager.builder(store).connect(globals::connect).build()) {
            boolean revoked = manager.revoke(certificate, key, ca(globals, store, stored), why);
            return report(path, revoked, stored == null ? null : archive(store, stored.name()));
        }
    }

    private static String archive(FileStore store, String name) throws IOException {
        try (Lease lease = store.lease(LeaseNames.certificate(name), PATIENCE)
                .orElseThrow(() -> new StoreException("it is revoked, but another process works on " + name
                        + ", so it is still in place; revoke it once more when that is done"))) {
            return store.archive(lease, name);
        }
    }

    private int report(Path path, boolean revoked, @Nullable String keptAs) {
        PrintWriter out = out();
        out.println(path + (revoked ? ": revoked" : ": was revoked already"));
        if (keptAs != null) {
            out.println("kept as " + keptAs);
        }
        return revoked ? ExitCode.DONE : ExitCode.NOTHING_TO_DO;
    }

    private static Path find(Path file, Path folder) throws IOException {
        Path inStore = folder.resolve(file);
        for (Path candidate : List.of(file, inStore)) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return retired(inStore)
                .orElseThrow(() -> new IOException(file + ": there is no such file, neither here nor in " + folder));
    }

    // Whoever revokes a second time names the file as it was called before.
    private static Optional<Path> retired(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String before = file.getFileName() + "_REVOKED_";
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().startsWith(before))
                    .max(Comparator.naturalOrder());
        }
    }

    // wµCME's files hold the key behind the certificate; without it, only the account can revoke.
    private static @Nullable KeyPair keyIn(PemFile pem) {
        try {
            return pem.key();
        } catch (IOException e) {
            if (pem.text().contains(PRIVATE_KEY)) {
                LOG.warn("the account is to revoke it, since its own key is of no use: {}", e.getMessage());
            }
            LOG.debug("the account is to revoke it", Trace.of(e));
            return null;
        }
    }

    private static Optional<StoredCertificate> stored(FileStore store, X509Certificate certificate) throws IOException {
        return store.list().stream()
                .filter(stored ->
                        stored.chain() != null && stored.chain().leaf().equals(certificate))
                .findFirst();
    }

    private static Ca ca(Globals globals, FileStore store, @Nullable StoredCertificate stored) throws IOException {
        RenewalRecord renewal = stored == null ? null : stored.renewal();
        return renewal == null || globals.ca != null
                ? globals.ca(store)
                : Ca.of(renewal.spec().directoryUrl());
    }
}
