package org.wucme.cli.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;

/** Folders as other clients write them, by their documentation, with certificates of a CA of ours. */
public final class ForeignFolders {

    /** What the certificates of {@link #issue} say of where they are from: nothing. */
    public static final String DIRECTORY = "https://ca.example/acme/directory";

    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("test root")
            .certificateAuthority(0)
            .build();

    private final Path folder;

    /** Writes into a folder, which is made when it is needed. */
    public ForeignFolders(Path folder) {
        this.folder = folder;
    }

    /** A certificate and its key. */
    public record Issued(CertificateChain chain, KeyPair keyPair) {

        String pem() {
            return chain.toPem();
        }

        String keyPem() {
            return Pem.encode(keyPair.getPrivate());
        }
    }

    /** A certificate that is valid for 30 days. */
    public static Issued issue(String... names) {
        return issue(Duration.ofDays(30), names);
    }

    /** A certificate that is valid for so long from now, or ended so long ago. */
    public static Issued issue(Duration left, String... names) {
        Instant now = Instant.now();
        HeldCertificate.Builder leaf = new HeldCertificate.Builder()
                .validityInterval(
                        now.minus(Duration.ofDays(60)).toEpochMilli(),
                        now.plus(left).toEpochMilli())
                .signedBy(ROOT);
        Stream.of(names).forEach(leaf::addSubjectAlternativeName);
        HeldCertificate held = leaf.build();
        return new Issued(new CertificateChain(List.of(held.certificate(), ROOT.certificate())), held.keyPair());
    }

    /** Where a file is. */
    public Path file(String path) {
        return folder.resolve(path);
    }

    /** Writes a file, and the folders it lies in. */
    public ForeignFolders with(String path, String content) {
        try {
            Files.createDirectories(file(path).getParent());
            Files.writeString(file(path), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** acme.sh's account at a CA. */
    public ForeignFolders acmeShAccount(String caPath, KeyPair key, String url) {
        return with("account.conf", "LOG_FILE=\"/root/.acme.sh/acme.sh.log\"\nUSER_PATH='/usr/bin:/bin'\n")
                .with("ca/" + caPath + "/account.key", Pem.encode(key.getPrivate()))
                .with(
                        "ca/" + caPath + "/account.json",
                        "{\"status\": \"valid\", \"contact\": [\"mailto:a@example.org\"]}")
                .with("ca/" + caPath + "/ca.conf", "ACCOUNT_URL='" + url + "'\nCA_KEY_HASH='abc='\n");
    }

    /** A certificate of acme.sh's, with more settings than the usual. */
    public ForeignFolders acmeShCertificate(String where, String name, Issued issued, String... settings) {
        String conf = Stream.concat(
                        Stream.of("Le_Domain='" + name + "'", "Le_Alt='no'", "Le_NextRenewTime='1800000000'"),
                        Stream.of(settings))
                .collect(Collectors.joining("\n", "", "\n"));
        return with(where + "/" + name + ".conf", conf)
                .with(where + "/" + name + ".key", issued.keyPem())
                .with(
                        where + "/" + name + ".cer",
                        Pem.encode(List.of(issued.chain().leaf())))
                .with(where + "/ca.cer", Pem.encode(List.of(ROOT.certificate())))
                .with(where + "/fullchain.cer", issued.pem());
    }

    /** A certificate of certbot's, with more settings than the usual. */
    public ForeignFolders certbotCertificate(String name, Issued issued, String... settings) {
        String conf = Stream.concat(
                        Stream.of(
                                "version = 2.1.0",
                                "cert = /etc/letsencrypt/live/" + name + "/cert.pem",
                                "[renewalparams]"),
                        Stream.of(settings))
                .collect(Collectors.joining("\n", "# renew_before_expiry = 30 days\n", "\n"));
        with("renewal/" + name + ".conf", conf)
                .with("archive/" + name + "/fullchain1.pem", issued.pem())
                .with("archive/" + name + "/privkey1.pem", issued.keyPem());
        return link("live/" + name + "/fullchain.pem", "../../archive/" + name + "/fullchain1.pem")
                .link("live/" + name + "/privkey.pem", "../../archive/" + name + "/privkey1.pem");
    }

    /** Writes a symbolic link. */
    public ForeignFolders link(String path, String target) {
        try {
            Files.createDirectories(file(path).getParent());
            Files.createSymbolicLink(file(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate of uacme's. */
    public ForeignFolders uacmeCertificate(String name, Issued issued) {
        return with(name + "/cert.pem", issued.pem()).with("private/" + name + "/key.pem", issued.keyPem());
    }

    /** A key for an account. */
    public static KeyPair accountKey() {
        return KeyType.EC_P256.generate();
    }

    /** All that is in the folder, with when it was written, to see that nothing changes. */
    public List<String> state() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(path -> path + " " + path.toFile().lastModified() + " "
                            + path.toFile().length())
                    .sorted()
                    .toList();
        }
    }
}
