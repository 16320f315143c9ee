package org.wucme.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;

/**
 * Obtains a certificate from Let's Encrypt's staging service and writes it, with its key, into a folder. Run it on the host
 * that the names lead to, where port 80 is free: {@code IssueToFiles FOLDER NAME...}
 */
public final class IssueToFiles {

    private IssueToFiles() {}

    /** Issues for the names on the command line. */
    public static void main(String[] args) throws IOException {
        String[] names = List.of(args).subList(1, args.length).toArray(String[]::new);
        try (AcmeClient client = AcmeClient.of(Ca.LETS_ENCRYPT_STAGING);
                Http01Server http01 = Http01Server.whileNeeded(new InetSocketAddress(80))) {
            System.out.println("Certificate and key: " + issue(client, http01, Path.of(args[0]), names));
        }
    }

    /**
     * Registers, obtains, stores.
     *
     * @return the file with certificate, chain and key
     */
    static Path issue(AcmeClient client, ChallengeSolver solver, Path folder, String... names) throws IOException {
        // A server keeps the account's key, and asks for one account only.
        var account =
                client.register(Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
        CertificateRequest request = CertificateRequest.of(names);
        IssuedCertificate issued = account.obtain(request, solver);

        CertificateStore store = FileStore.open(folder);
        List<Identifier> identifiers = request.identifiers();
        String name = store.nameOf(identifiers.get(0));
        try (Lease lease = store.lease(LeaseNames.certificate(name), Duration.ofSeconds(10))
                .orElseThrow()) {
            store.save(
                    lease,
                    name,
                    issued.chain(),
                    Objects.requireNonNull(issued.key()),
                    RenewalRecord.of(
                            CertificateSpec.builder(identifiers).ca(client.ca()).build()),
                    null);
        }
        return Path.of(store.load(name).orElseThrow().location());
    }
}
